# What may hang: mounts that another machine or a process serves. Whoever touches a dead one waits in the kernel for ever,
# and no signal ends that. So nothing here touches one but beside the look, with an end of its own; what hangs is left
# behind. A host without such a mount pays one read of the table of mounts, and no process.

# Those mounts by directory: what came of asking each. Empty: nobody has asked; a number: where the answer will come;
# yes; or why not.
declare -A fcops_net=() fcops_room=()
# Seconds for what may touch one by itself; fewer where one is known that does not answer.
fcops_patience=20

# fcops_net_start TOP…: finds them, and begins to ask those below these directories of /.
fcops_net_start() {
  local table='' target rest top=" $* "
  # systemd has an autofs below /proc on every host.
  local kinds=' - (nfs|ceph |fuse[. ]|cifs|smb|lustre|gpfs|gluster|beegfs|afs|9p)| /([^ps]|p[^r]|s[^y])[^ ]* [^ ]+ [^-]*- autofs '
  fcops_net_end=$((SECONDS + 5))
  IFS= read -r -d '' table 2>/dev/null </proc/self/mountinfo
  [[ $table =~ $kinds ]] || return 0
  while read -r _ _ _ _ target _ rest; do
    [[ $target != *\\* ]] || printf -v target %b "${target//\\/\\0}"
    rest=" $rest"
    rest=${rest#* - }
    case ${rest%% *} in
      nfs | nfs4 | ceph | fuse | fuse.* | cifs | smb3 | lustre | gpfs | glusterfs | beegfs | afs | 9p | autofs)
        [[ $target == / || $target == /proc/* || $target == /sys/* ]] || fcops_net[$target]=''
        ;;
      *) unset "fcops_net[$target]" ;;
    esac
  done <<<"$table"
  for target in "${!fcops_net[@]}"; do
    rest=${target#/}
    [[ $top != *" /${rest%%/*} "* ]] || fcops_net_ask "$target"
  done
}

# The room of a mount, which the kernel knows from nobody but the server, then a name that no cache knows.
fcops_net_ask() {
  local fd
  exec {fd}< <(
    # By exec: a redirection that ends again keeps what was there before, and who reads it waits for its end.
    exec </dev/null 2>&1
    timeout 5 stat -f --printf '%S\t%b\t%a\n' -- "$1" && [[ ! -e $1/.fcops.$BASHPID ]] && echo yes
  )
  fcops_net[$1]=$fd
}

# fcops_net_answers DIRECTORY: whether the mount there does; else $why says what is wrong with it.
fcops_net_answers() {
  local fd line='' end='' left
  if [[ -z ${fcops_net[$1]} ]]; then
    [[ $fcops_net_end -gt $((SECONDS + 1)) ]] || fcops_net_end=$((SECONDS + 2))
    fcops_net_ask "$1"
  fi
  fd=${fcops_net[$1]}
  if [[ $fd =~ ^[0-9]+$ ]]; then
    left=$((fcops_net_end - SECONDS))
    [[ $left -gt 0 ]] || left=0.3
    why='did not answer within 5 s'
    if IFS= read -r -t "$left" line <&"$fd"; then
      if [[ $line =~ ^[0-9]+$'\t' ]]; then
        # shellcheck disable=SC2034 # for room.sh
        fcops_room[$1]=$line
        ! IFS= read -r -t "$left" end <&"$fd" || why=$end
      else
        why="does not answer: ${line##*: }"
      fi
    fi
    exec {fd}<&-
    fcops_net[$1]=$why
  fi
  why=${fcops_net[$1]}
  [[ $why == yes ]] || {
    fcops_patience=5
    return 1
  }
}

# fcops_through PATH: the mount that a look at a path touches, in $through; empty where it touches none. A link at its
# end is not followed; one on the way is, by what it says.
fcops_through() {
  local rest=$1 at='' part hops=0
  through=''
  while [[ -n $rest ]]; do
    rest=${rest#"${rest%%[!/]*}"}
    part=${rest%%/*}
    rest=${rest#"$part"}
    case $part in
      '' | .) continue ;;
      ..) at=${at%/*} && continue ;;
    esac
    at+=/$part
    if [[ -n ${fcops_net[$at]+x} ]]; then
      # shellcheck disable=SC2034 # for the caller
      through=$at
      return 0
    fi
    if [[ -n $rest && -L $at && $hops -lt 40 ]]; then
      hops=$((hops + 1))
      part=$(readlink -- "$at")
      at=${at%/*}
      [[ $part != /* ]] || at=''
      rest=$part$rest
    fi
  done
}

# fcops_within COMMAND…: prints what it prints, where it ends within $fcops_patience seconds; else nothing, and fails.
fcops_within() {
  local fd text='' late=''
  exec {fd}< <(
    exec </dev/null 2>/dev/null
    "$@"
    printf '\0'
  )
  IFS= read -r -d '' -t "$fcops_patience" text <&"$fd" || late=yes
  exec {fd}<&-
  [[ -z $late ]] || return 1
  printf '%s' "$text"
}
