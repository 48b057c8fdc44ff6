# doctor_miner PROFILE SECONDS LONGER: all that lotus-miner and lotus say, at the same time, each within its seconds.
doctor_miner() {
  if [[ ! -r $1 ]]; then
    printf 'noprofile\n'
  else
    exec 5< <(told workers "$1" "$2" lotus-miner sealing workers) 6< <(told jobs "$1" "$2" lotus-miner sealing jobs) \
      7< <(told info "$1" "$3" lotus-miner info) 8< <(told storage "$1" "$3" lotus-miner storage list) \
      9< <(told queue "$1" "$2" lotus-miner sealing sched-diag) 10< <(told node "$1" "$2" lotus status)
    cat <&5
    cat <&6
    cat <&7
    cat <&8
    cat <&9
    cat <&10
  fi
  printf 'over\n'
}
