# fcops_working: the workers of this host, of whatever repository, and the lotus-miner processes at work there, a row each
# with tabs between; `over` as the last one (after workers.sh).
fcops_working() {
  local file next
  local -a workers words
  fcops_find_workers
  set -- ${workers[@]+"${workers[@]}"}
  while [[ $# -gt 0 ]]; do
    printf 'worker\t%s\t%s\n' "$1" "$2"
    shift 2
  done
  while IFS= read -r file; do
    words=()
    { while IFS= read -r -d '' next; do words+=("$next"); done <"$file"; } 2>/dev/null || continue
    # A script has its shell before it.
    [[ ${words[0]-} == ?(*/)lotus-miner || ${words[1]-} == ?(*/)lotus-miner ]] || continue
    file=${file%/cmdline}
    for ((next = 1; next < ${#words[@]}; next++)); do
      # With a word behind it, it is a short command.
      [[ ${words[next]} == run && (-z ${words[next + 1]-} || ${words[next + 1]} == -*) ]] || continue
      printf 'miner\t%s\tlotus-miner\n' "${file#/proc/}"
      break
    done
  done < <(grep -lzsxE -e '(.*/)?lotus-miner' /proc/[0-9]*/cmdline)
  printf 'over\n'
}
