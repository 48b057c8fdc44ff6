# Steps for mounts.

# mount_target TARGET FSTYPE SIZE…, as /etc/fstab says. What is mounted there with other sizes is unmounted before.
mount_target() {
  local target=$1 wanted=$2 options fstype super users
  shift 2
  while read -r _ _ options fstype _ super < <(fcops_mount_table "$target") && [[ -n $fstype ]]; do
    [[ $fstype == "$wanted" ]] || fail "a $fstype is mounted at $target by now"
    ! fcops_mount_has "$options,$super" "$@" || return 0
    users=$(fcops_mount_users "$target" | tr '\n' ',')
    [[ -z $users ]] || fail "$target has other sizes, and is in use by now (${users%,}); it is as it was. Run again when they have ended"
    umount -- "$target" || fail "$target has other sizes, and could not be unmounted; it is as it was"
  done
  mkdir -p -- "$target" || fail "$target could not be made"
  mount "$target" || fail "$target could not be mounted; its line in /etc/fstab says how"
  read -r _ _ options fstype _ super < <(fcops_mount_table "$target")
  fcops_mount_has "$options,$super" "$@" || fail "$target is mounted with $options,$super, wanted is $*: its line in /etc/fstab says something else"
}

# mount_storage TARGET SECONDS TYPE…: mounts what is not mounted, as /etc/fstab says. What does not come about in that
# time is left: one that waits for its server in the kernel cannot be ended. That mount says it went well means nothing
# (mount.fuse.ceph says so whatever ceph-fuse says), so the kernel is asked.
mount_storage() {
  local target=$1 fstype said=$FCOPS_RUN/mount.$BASHPID pid until line last=''
  read -r _ _ _ fstype _ < <(fcops_mount_table "$target")
  if [[ -z $fstype ]]; then
    mkdir -p -- "$target" || fail "$target could not be made"
    [[ -z $(ls -A -- "$target") ]] || because "$target is not empty" 'what is in it is on the disk of this host, and would be hidden' --again "look what it is (ls -la $target) and move it away, then run again"
    # Its own session: what goes on serving the mount is no part of this run.
    setsid timeout -k 5 "$2" mount "$target" </dev/null >"$said" 2>&1 &
    pid=$!
    until=$((SECONDS + $2 + 8))
    while [[ $SECONDS -lt $until ]] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    while IFS= read -r line; do
      printf '%s\n' "$line"
      last=$line
    done <"$said"
    rm -f -- "$said"
    read -r _ _ _ fstype _ < <(fcops_mount_table "$target")
    if [[ -z $fstype ]]; then
      [[ -n $last ]] || last="nothing came of it within $2 s: its server does not answer"
      because "$target could not be mounted" "$last" --again "see that its server is up and that this host reaches it, then run again"
    fi
  fi
  [[ " ${*:3} " == *" $fstype "* ]] || fail "a $fstype is mounted at $target, wanted is $3"
}
