# Receives the steps on standard input and starts them detached, then follows their journal.
umask 077
mkdir -p -- "$FCOPS_RUN" && cat >"$FCOPS_RUN/steps.sh" || exit 74
if [[ $(sha256sum <"$FCOPS_RUN/steps.sh") != "$FCOPS_SUM "* ]]; then
  rm -f -- "$FCOPS_RUN/steps.sh"
  rmdir -- "$FCOPS_RUN"
  echo 'the steps did not arrive whole' >&2
  exit 75
fi
: >"$FCOPS_RUN/journal"
# By a shell that ends at once, so that they are nobody's child here: tail would take a killed one for a live one.
pid=$(
  setsid /bin/bash --noprofile --norc "$FCOPS_RUN/steps.sh" </dev/null >>"$FCOPS_RUN/journal" 2>&1 &
  echo $!
)
echo "$pid" >"$FCOPS_RUN/pid"
exec tail -s 0.1 --pid="$pid" -c +1 -f -- "$FCOPS_RUN/journal"
