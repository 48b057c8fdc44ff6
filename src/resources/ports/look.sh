# fcops_ports PATTERN: TCP ports that somebody listens on, of those in hexadecimal digits, with | between, each with the
# address as the kernel writes it. One process, however many connections a machine has.
fcops_ports() {
  local line
  [[ -r /proc/net/tcp ]] || return 0
  while IFS= read -r line; do
    line=${line% * *}
    line=${line##* }
    printf 'listens\t%s\t%s\n' "$((16#${line#*:}))" "${line%:*}"
  done < <(grep -hosE "^ *[0-9]+: [0-9A-F]+:($1) [0-9A-F]+:0000 0A" /proc/net/tcp /proc/net/tcp6)
  printf 'ports\tseen\n'
}
