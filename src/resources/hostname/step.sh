# Steps for names.

# set_hostname NAME: the running system's; /etc/hostname is a file like others.
set_hostname() {
  remember_value hostname: "$(</proc/sys/kernel/hostname)" "$1"
  if type -P hostname >/dev/null; then
    hostname "$1" || fail "the host name $1 could not be set"
  else
    { printf '%s\n' "$1" >/proc/sys/kernel/hostname; } || fail "the host name $1 could not be set"
  fi
}
