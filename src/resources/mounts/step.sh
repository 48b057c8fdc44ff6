# Steps for mounts.

# mount_target TARGET FSTYPE, as /etc/fstab says.
mount_target() {
  local fstype
  read -r _ _ _ fstype _ < <(fcops_mounts "$1")
  [[ $fstype != "$2" ]] || return 0
  [[ -z $fstype ]] || fail "a $fstype is mounted at $1 by now"
  mkdir -p -- "$1" || fail "$1 could not be made"
  mount "$1" || fail "$1 could not be mounted; its line in /etc/fstab says how"
}
