# fcops_mounts DIRECTORY…: what is mounted there, and its room; why not where it is one that may hang.
fcops_mounts() {
  local target why=''
  local -A mounts=()
  fcops_mount_rows "$@"
  for target in "${!mounts[@]}"; do
    [[ -n ${fcops_net[$target]+x} ]] || continue
    # shellcheck disable=SC2154 # of network.sh, as fcops_net_answers is
    if fcops_net_answers "$target"; then
      printf 'room\t%s\t%s\n' "$target" "${fcops_room[$target]}"
    else
      printf 'nomount\t%s\t%s\n' "$target" "$why"
    fi
    unset "mounts[$target]"
  done
  [[ ${#mounts[@]} -eq 0 ]] || stat -f --printf 'room\t%n\t%S\t%b\t%a\n' -- "${!mounts[@]}"
}
