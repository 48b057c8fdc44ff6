# Follows the journal of a run that was started over an earlier connection, from byte $FCOPS_FROM (from 1).
[[ -d $FCOPS_RUN ]] || exit 76
# It may be about to start: the last bytes have arrived, and the runner has not said its number yet.
for _ in {1..20}; do
  if read -r pid 2>/dev/null <"$FCOPS_RUN/pid"; then
    exec tail -s 0.1 --pid="$pid" -c "+$FCOPS_FROM" -f -- "$FCOPS_RUN/journal"
  fi
  [[ -d $FCOPS_RUN ]] || exit 76
  sleep 0.1
done
exit 77
