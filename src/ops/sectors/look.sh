# What a miner host tells of its sectors: changes nothing. Needs miner-says.sh.

# sectors_holder: who changes the host.
sectors_holder() {
  local holder
  fcops_find_holder ''
  [[ -z $holder ]] || printf 'lock\t%s\n' "$holder"
}
# sectors_over: by which clock ages are told, after all that has happened by then.
sectors_over() { printf 'now\t%s\nover\n' "$(date +%s)"; }

# sectors_look PROFILE SECONDS LONGER STATES: the three commands at the same time, each within its seconds.
sectors_look() {
  sectors_holder
  if [[ ! -r $1 ]]; then
    printf 'noprofile\n'
  else
    exec 5< <(told jobs "$1" "$2" lotus-miner sealing jobs) 6< <(told info "$1" "$3" lotus-miner info) \
      7< <(told list "$1" "$3" lotus-miner sectors list --fast --states "$4")
    cat <&5
    cat <&6
    cat <&7
  fi
  sectors_over
}

# newest_events: of a log of events on standard input the last one, and before it the last that says what went wrong.
newest_events() {
  awk '
    !inside { print; if ($0 == "Event Log:") inside = 1; next }
    /^[0-9]+\.[ \t]/ { if (lines > 1) kept = block; block = substr($0, 1, 2000); lines = 1; next }
    lines < 60 { block = block "\n" substr($0, 1, 1000); lines++ }
    END { if (lines == 1 && kept != "") print kept; if (lines > 0) print block }'
}

# sector_statuses PROFILE SECONDS AT-ONCE NUMBER…: so many commands at the same time.
sector_statuses() {
  local profile=$1 seconds=$2 width=$3 number fd
  local -a open
  shift 3
  sectors_holder
  if [[ ! -r $profile ]]; then
    printf 'noprofile\n'
  else
    while [[ $# -gt 0 ]]; do
      open=()
      for number in "${@:1:width}"; do
        exec {fd}< <(TOLD_THROUGH=newest_events told "$number" "$profile" "$seconds" lotus-miner sectors status --log "$number")
        open+=("$fd")
      done
      for fd in "${open[@]}"; do
        cat <&"$fd"
        exec {fd}<&-
      done
      shift "$((${#open[@]}))"
    done
  fi
  sectors_over
}
