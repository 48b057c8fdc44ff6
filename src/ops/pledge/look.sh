# What is known on a miner host before sectors are pledged: changes nothing.

# last_pledge: the newest run that has begun to pledge: who began it, its name, since when, how many sectors it has made,
# and of how many more nobody knows.
last_pledge() {
  local directory last='' line numbers
  for directory in /var/lib/fcops/runs/r-*-?????p[0-9]*/; do
    [[ -r ${directory}journal ]] || continue
    numbers=$(awk -F '\t' '
      $1 == "begin" { begun++ } $1 == "end" { ended++ } $1 == "end" && $4 == "0" { made++ }
      $1 == "out" && $3 == "pledge not known" { unknown++ }
      END { printf "%d\t%d\t%d", begun, made, unknown + begun - ended }' "${directory}journal") || continue
    [[ $numbers != 0$'\t'* ]] || continue
    { IFS= read -r line <"${directory}holder"; } 2>/dev/null || continue
    last="$line"$'\t'"$numbers"
  done
  [[ -z $last ]] || printf 'last\t%s\n' "$last"
}

# pledge_look PROFILE SECONDS LONGER: the four commands at the same time, each within its seconds.
pledge_look() {
  local holder
  fcops_find_holder ''
  [[ -z $holder ]] || printf 'lock\t%s\n' "$holder"
  last_pledge
  if [[ ! -r $1 ]]; then
    printf 'noprofile\n'
  else
    exec 5< <(told workers "$1" "$2" lotus-miner sealing workers) 6< <(told jobs "$1" "$2" lotus-miner sealing jobs) \
      7< <(told info "$1" "$3" lotus-miner info) 8< <(told storage "$1" "$3" lotus-miner storage list)
    cat <&5
    cat <&6
    cat <&7
    cat <&8
  fi
  printf 'over\n'
}
