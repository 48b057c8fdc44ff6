# fcops_guard NAME < SCRIPT: runs a read-only script in a subshell, nothing on its standard input; the first 4 KiB
# of what it prints come back.
fcops_guard() {
  local script output status escaped
  IFS= read -r -d '' script
  output=$(set +eu; eval "$script" 2>&1 </dev/null)
  status=$?
  fcops_escape "${output:0:4096}"
  printf 'guard\t%s\t%s\t%s\n' "$1" "$status" "$escaped"
}
