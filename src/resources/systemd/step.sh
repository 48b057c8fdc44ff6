# Steps for units and for systemd itself.

# put_unit NAME enabled|disabled|- started|stopped|-
put_unit() {
  case $2 in
    enabled) systemctl enable "$1" || fail "$1 could not be enabled" ;;
    disabled) systemctl disable "$1" || fail "$1 could not be disabled" ;;
  esac
  case $3 in
    started)
      systemctl start "$1" && return 0
      systemctl status --no-pager --lines=15 "$1" || true
      fail "$1 did not start; journalctl -u $1 has more"
      ;;
    stopped) systemctl stop "$1" || fail "$1 could not be stopped" ;;
  esac
}

# reexec_manager PROPERTY VALUE…: systemd reads its configuration again.
reexec_manager() {
  local now
  systemctl daemon-reexec || fail 'systemd could not be executed again'
  while [[ $# -gt 0 ]]; do
    now=$(systemctl show -p "$1") || fail 'systemd does not answer'
    [[ ${now#*=} == "$2" ]] ||
      fail "systemd has $1 = ${now#*=}, not $2, after it read its configuration: see /etc/systemd/system.conf and /etc/systemd/system.conf.d"
    shift 2
  done
}
