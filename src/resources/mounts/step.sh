# Steps for mounts.

# mount_target TARGET FSTYPE SIZE…, as /etc/fstab says. What is mounted there with other sizes is unmounted before.
mount_target() {
  local target=$1 wanted=$2 options fstype super users
  shift 2
  while read -r _ _ options fstype _ super < <(fcops_mounts "$target") && [[ -n $fstype ]]; do
    [[ $fstype == "$wanted" ]] || fail "a $fstype is mounted at $target by now"
    ! fcops_mount_has "$options,$super" "$@" || return 0
    users=$(fcops_mount_users "$target" | tr '\n' ',')
    [[ -z $users ]] || fail "$target has other sizes, and is in use by now (${users%,}); it is as it was. Run again when they have ended"
    umount -- "$target" || fail "$target has other sizes, and could not be unmounted; it is as it was"
  done
  mkdir -p -- "$target" || fail "$target could not be made"
  mount "$target" || fail "$target could not be mounted; its line in /etc/fstab says how"
  read -r _ _ options fstype _ super < <(fcops_mounts "$target")
  fcops_mount_has "$options,$super" "$@" || fail "$target is mounted with $options,$super, wanted is $*: its line in /etc/fstab says something else"
}
