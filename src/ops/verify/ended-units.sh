# fcops_ended_units UNIT…: when units were left without a process, a block each with a blank line after it. Of one that has ended it
# forgets all but its journal, and when that was last written is a block of its own: "Id=UNIT", "LastSaid=MICROSECONDS".
fcops_ended_units() {
  local shown line id='' sub='' stamp='' end=$((SECONDS + 5))
  # In UTC: zones have names that mean several, CST is that of Shanghai and that of Chicago.
  shown=$(TZ=UTC0 LC_ALL=C timeout -k 1 5 systemctl show -p Id -p SubState -p InactiveEnterTimestamp -- "$@" 2>/dev/null)
  printf '%s\n\n' "$shown"
  while IFS= read -r line; do
    case $line in
      Id=*) id=${line#*=} ;;
      SubState=*) sub=${line#*=} ;;
      InactiveEnterTimestamp=*) stamp=${line#*=} ;;
      '')
        if [[ -n $id && $sub == dead && -z $stamp && $SECONDS -lt $end ]]; then
          line=$(LC_ALL=C timeout -k 1 2 journalctl -q --no-pager -n 1 -o export -u "$id" 2>/dev/null |
            grep -a -m 1 '^__REALTIME_TIMESTAMP=[0-9]*$')
          [[ -z $line ]] || printf 'Id=%s\nLastSaid=%s\n\n' "$id" "${line#*=}"
        fi
        id='' sub='' stamp=''
        ;;
    esac
  done <<<"$shown"$'\n'
}
