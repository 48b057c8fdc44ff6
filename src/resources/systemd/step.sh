# Steps for units and for systemd itself.

# put_unit NAME enabled|disabled|- started|stopped|-
put_unit() {
  local now
  if [[ $2 != - ]]; then
    now=$(systemctl is-enabled "$1" 2>/dev/null) || true
    [[ $now == enabled* ]] || now=disabled
    remember_value "unit:$1" "${now%%-*}" "$2"
  fi
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
  remember_properties "$@"
  systemctl daemon-reexec || fail 'systemd could not be executed again'
  while [[ $# -gt 0 ]]; do
    now=$(systemctl show -p "$1") || fail 'systemd does not answer'
    [[ ${now#*=} == "$2" ]] ||
      fail "systemd has $1 = ${now#*=}, not $2, after it read its configuration: see /etc/systemd/system.conf and /etc/systemd/system.conf.d"
    shift 2
  done
}

# remember_properties PROPERTY VALUE…
remember_properties() {
  local now
  while [[ $# -gt 0 ]]; do
    now=$(systemctl show -p "$1") || fail 'systemd does not answer'
    remember_value "manager:$1" "${now#*=}" "$2"
    shift 2
  done
}

# remove_units PATH UNIT…: the unit file of these, where nothing runs by any of them.
remove_units() {
  local path=$1 file=${1##*/} unit now
  shift
  [[ $path =~ ^/etc/systemd/system/fcops-[a-z0-9-]+@?\.service$ ]] || fail "$path is no unit file of fcops"
  # Of a template there may be more than the host is to have by now.
  while read -r unit _; do
    [[ " $* " == *" $unit "* ]] || set -- "$@" "$unit"
  done < <(systemctl list-units --all --plain --no-legend -- "${file/@/@*}")
  for unit; do
    now=$(systemctl show -p MainPID -- "$unit") || fail "systemd does not say whether $unit runs something"
    [[ ${now#*=} == 0 ]] || fail "$unit runs process ${now#*=} by now; $path stays"
  done
  # One that has failed may be about to be started again.
  systemctl stop -- "$@" || fail "$* could not be stopped"
  keep "$path"
  rm -f -- "$path" || fail "$path could not be removed"
  systemctl daemon-reload || fail 'systemd could not read its units again'
  for unit; do systemctl reset-failed -- "$unit" 2>/dev/null || true; done
}
