# What the chain says of the proofs of a miner (after miner-says.sh): rows with tabs between, `over` as the last one.
# lotus-miner is asked with --actor, for which it has to answer nothing itself: its node does.

# runs_miner: the processes that are a lotus-miner at work, of whatever repository.
runs_miner() {
  local file word
  local -a words
  while IFS= read -r file; do
    words=()
    { while IFS= read -r -d '' word; do words+=("$word"); done <"$file"; } 2>/dev/null || continue
    # A script has its shell before it.
    [[ ${words[0]-} == ?(*/)lotus-miner || ${words[1]-} == ?(*/)lotus-miner ]] || continue
    for word in ${words[@]+"${words[@]}"}; do
      [[ $word == run ]] || continue
      file=${file%/cmdline}
      printf 'runs\t%s\n' "${file#/proc/}"
      break
    done
  done < <(grep -lzsxE -e '(.*/)?lotus-miner' /proc/[0-9]*/cmdline)
}

# partitions_of DEADLINES PROFILE SECONDS MINER: those of the current deadline, where not all of them are proven. DEADLINES
# is a row of `told`.
partitions_of() {
  local out line
  IFS=$'\t' read -r _ _ out _ <<<"$1"
  while IFS= read -r line; do
    [[ $line =~ ^([0-9]+)[[:blank:]]+([0-9]+)[[:blank:]].*\)[[:blank:]]+([0-9]+)[[:blank:]]+\(current\) ]] || continue
    [[ ${BASH_REMATCH[2]} == "${BASH_REMATCH[3]}" ]] ||
      told partitions "$2" "$3" lotus-miner --actor "$4" proving deadline "${BASH_REMATCH[1]}"
    return
  done < <(base64 -d <<<"$out" 2>/dev/null | tr -d '\r')
}

# window_says PROFILE SECONDS MINER
window_says() {
  local deadlines
  printf 'now\t%s\n' "$(date +%s)"
  if [[ ! -r $1 ]]; then
    printf 'noprofile\n'
  else
    runs_miner
    exec 5< <(told status "$1" "$2" lotus status) 6< <(told info "$1" "$2" lotus-miner --actor "$3" proving info)
    deadlines=$(told deadlines "$1" "$2" lotus-miner --actor "$3" proving deadlines)
    printf '%s\n' "$deadlines"
    partitions_of "$deadlines" "$1" "$2" "$3"
    cat <&5
    cat <&6
  fi
  printf 'over\n'
}
