# Receives the steps on standard input and starts them detached, then follows their journal. The directory is
# made here and nowhere else: steps that are sent again cannot start a second time.
umask 077

# fcops_why STATUS: why something could not be written, as the status of this script, in $why: 78 where the file system
# is read-only, 79 where it is full. Asked before anything is removed. Full is what root has no more of either.
fcops_why() {
  local at=$FCOPS_RUN block free inodes of
  why=$1
  until [[ -d $at || -z $at ]]; do at=${at%/*}; done
  at=${at:-/}
  read -r block free inodes of < <(stat -f -c '%S %f %d %c' -- "$at")
  if [[ ! -w $at ]]; then
    why=78
  elif [[ $((free * block)) -lt ${2:-65536} || ($of -gt 0 && $inodes -eq 0) ]]; then
    why=79
  fi
}

if ! mkdir -p -- "${FCOPS_RUN%/*}"; then
  fcops_why 74
  exit "$why"
fi
if ! mkdir -- "$FCOPS_RUN"; then
  [[ ! -d $FCOPS_RUN ]] || exit 77
  fcops_why 74
  exit "$why"
fi
if ! cat >"$FCOPS_RUN/steps.sh"; then
  fcops_why 75
elif [[ $(sha256sum <"$FCOPS_RUN/steps.sh") != "$FCOPS_SUM "* ]]; then
  # A connection that was lost on the way.
  why=75
elif ! : >"$FCOPS_RUN/journal"; then
  fcops_why 74
fi
if [[ -n ${why-} ]]; then
  rm -rf -- "$FCOPS_RUN"
  exit "$why"
fi
# By a shell that ends at once, so that they are nobody's child here: tail would take a killed one for a live one.
pid=$(
  setsid /bin/bash --noprofile --norc "$FCOPS_RUN/steps.sh" </dev/null >>"$FCOPS_RUN/journal" 2>&1 &
  echo $!
)
exec tail -s 0.1 --pid="$pid" -c +1 -f -- "$FCOPS_RUN/journal"
