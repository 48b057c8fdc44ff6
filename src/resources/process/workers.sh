# The workers of this host in the array "workers": number and repository of each, in turn. Known by what they work on,
# never by their name; where none runs this is one process.
# shellcheck disable=SC2034 # for the caller
fcops_find_workers() {
  local file word next pid
  local -a words
  workers=()
  while IFS= read -r file; do
    words=()
    { while IFS= read -r -d '' word; do words+=("$word"); done <"$file"; } 2>/dev/null || continue
    for ((next = 0; next + 2 < ${#words[@]}; next++)); do
      [[ ${words[next]} == --worker-repo && ${words[next + 2]} == run ]] || continue
      pid=${file#/proc/}
      workers+=("${pid%/cmdline}" "${words[next + 1]}")
      break
    done
  done < <(grep -lzsxF -e --worker-repo /proc/[0-9]*/cmdline)
}
