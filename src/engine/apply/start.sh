# Receives the steps on standard input and starts them detached, then follows their journal. The directory is
# made here and nowhere else: steps that are sent again cannot start a second time.
umask 077
mkdir -p -- "${FCOPS_RUN%/*}" || exit 74
if ! mkdir -- "$FCOPS_RUN"; then
  [[ -d $FCOPS_RUN ]] || exit 74
  exit 77
fi
if ! cat >"$FCOPS_RUN/steps.sh" || [[ $(sha256sum <"$FCOPS_RUN/steps.sh") != "$FCOPS_SUM "* ]]; then
  # A full disk, or a connection that was lost on the way.
  rm -f -- "$FCOPS_RUN/steps.sh"
  rmdir -- "$FCOPS_RUN"
  exit 75
fi
if ! : >"$FCOPS_RUN/journal"; then
  rm -rf -- "$FCOPS_RUN"
  exit 74
fi
# By a shell that ends at once, so that they are nobody's child here: tail would take a killed one for a live one.
pid=$(
  setsid /bin/bash --noprofile --norc "$FCOPS_RUN/steps.sh" </dev/null >>"$FCOPS_RUN/journal" 2>&1 &
  echo $!
)
exec tail -s 0.1 --pid="$pid" -c +1 -f -- "$FCOPS_RUN/journal"
