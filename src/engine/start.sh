# Receives the steps on standard input and starts them detached, then follows their journal. The directory is
# made here and nowhere else: steps that are sent again cannot start a second time.
umask 077
mkdir -p -- "${FCOPS_RUN%/*}" || exit 74
mkdir -- "$FCOPS_RUN" 2>/dev/null || exit 77
cat >"$FCOPS_RUN/steps.sh"
if [[ $(sha256sum <"$FCOPS_RUN/steps.sh") != "$FCOPS_SUM "* ]]; then
  # A full disk, or a connection that was lost on the way.
  rm -f -- "$FCOPS_RUN/steps.sh"
  rmdir -- "$FCOPS_RUN"
  exit 75
fi
: >"$FCOPS_RUN/journal" || exit 74
# By a shell that ends at once, so that they are nobody's child here: tail would take a killed one for a live one.
pid=$(
  setsid /bin/bash --noprofile --norc "$FCOPS_RUN/steps.sh" </dev/null >>"$FCOPS_RUN/journal" 2>&1 &
  echo $!
)
exec tail -s 0.1 --pid="$pid" -c +1 -f -- "$FCOPS_RUN/journal"
