# fcops_guard NAME SCRIPT: runs a read-only script in a subshell, nothing on its standard input; the first 4 KiB of
# what it prints come back. The script is an argument: a here-document is read a byte at a time.
fcops_guard() {
  local output status escaped
  # shellcheck disable=SC2154 # of mounts/network.sh
  if [[ ${#fcops_net[@]} -eq 0 ]]; then
    output=$(set +eu; eval "$2" 2>&1 </dev/null)
    status=$?
  elif output=$(fcops_within fcops_eval "$2"); then
    status=${output##*$'\n'}
    output=${output%$'\n'*}
    while [[ $output == *$'\n' ]]; do output=${output%?}; done
  else
    printf 'noguard\t%s\tit did not end within %s s; this host has mounts that may hang\n' "$1" "$fcops_patience"
    return 0
  fi
  fcops_escape "${output:0:4096}"
  printf 'guard\t%s\t%s\t%s\n' "$1" "$status" "$escaped"
}

# What a script prints, and its status on a line of its own.
fcops_eval() {
  (set +eu; eval "$1") 2>&1
  printf '\n%s' "$?"
}
