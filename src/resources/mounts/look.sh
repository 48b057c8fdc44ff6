# fcops_mounts DIRECTORY…: what is mounted there, the last mount of a directory being the one that is seen.
fcops_mounts() {
  local target options rest
  local -A asked=() mounts=()
  for target; do asked[$target]=1; done
  while read -r _ _ _ _ target options rest; do
    [[ -n ${asked[$target]-} ]] || continue
    rest=" $rest"
    mounts[$target]="$options ${rest#* - }"
  done </proc/self/mountinfo
  for target; do
    if [[ -n ${mounts[$target]-} ]]; then
      printf 'mount\t%s\t%s\n' "$target" "${mounts[$target]}"
    else
      printf 'mount\t%s\n' "$target"
    fi
  done
  [[ ${#mounts[@]} -eq 0 ]] || stat -f --printf 'room\t%n\t%S\t%b\t%a\n' -- "${!mounts[@]}"
}
