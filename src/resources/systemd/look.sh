# Why systemd cannot be asked, in $reason; empty where it can.
fcops_no_systemd() {
  reason=''
  if [[ ! -d /run/systemd/system ]]; then
    reason='systemd does not run on this host'
  elif ! type -P systemctl >/dev/null; then
    reason='systemctl is not on this host'
  fi
}

# fcops_units NAME…: one systemctl for all; it answers in the order of the names, a blank line between two.
fcops_units() {
  local lines line reason
  fcops_no_systemd
  if [[ -n $reason ]]; then
    for line; do printf 'nounit\t%s\t%s\n' "$line" "$reason"; done
    return 0
  fi
  lines=$(exec systemctl show -p LoadState -p ActiveState -p UnitFileState -p NeedDaemonReload -- "$@" 2>&1)$'\n'
  while [[ -n $lines ]]; do
    line=${lines%%$'\n'*}
    lines=${lines#*$'\n'}
    case $line in
      '') shift ;;
      *=*) printf 'unit\t%s\t%s\t%s\n' "${1-}" "${line%%=*}" "${line#*=}" ;;
      *) printf 'nounit\t%s\t%s\n' "${1-}" "$line" ;;
    esac
  done
}

# fcops_manager PROPERTY…: properties of the systemd manager itself.
fcops_manager() {
  local line reason name IFS=$'\n'
  local -a options=()
  fcops_no_systemd
  if [[ -n $reason ]]; then
    for name; do printf 'nomanager\t%s\t%s\n' "$name" "$reason"; done
    return 0
  fi
  for name; do options+=(-p "$name"); done
  set -f
  for line in $(exec systemctl show "${options[@]}" 2>/dev/null); do
    [[ $line != *=* ]] || printf 'manager\t%s\t%s\n' "${line%%=*}" "${line#*=}"
  done
  set +f
}
