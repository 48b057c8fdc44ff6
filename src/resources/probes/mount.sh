# fcops_mounts DIRECTORY…: what is mounted there, the last mount of a directory being the one that is seen.
fcops_mounts() {
  local target options rest
  local -A wanted=() found=()
  for target; do wanted[$target]=1; done
  while read -r _ _ _ _ target options rest; do
    [[ -n ${wanted[$target]-} ]] || continue
    rest=" $rest"
    found[$target]="$options ${rest#* - }"
  done </proc/self/mountinfo
  for target; do
    if [[ -n ${found[$target]-} ]]; then
      printf 'mount\t%s\t%s\n' "$target" "${found[$target]}"
    else
      printf 'mount\t%s\n' "$target"
    fi
  done
  [[ ${#found[@]} -eq 0 ]] || stat -f --printf 'room\t%n\t%S\t%b\t%a\n' -- "${!found[@]}"
}
