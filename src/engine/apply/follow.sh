# Follows the journal of a run that was started over an earlier connection, from byte $FCOPS_FROM (from 1).
[[ -d $FCOPS_RUN ]] || exit 76
read -r now </proc/sys/kernel/random/boot_id
# It may be about to start: the last bytes have arrived, and the runner has not said its number yet.
for _ in {1..20}; do
  if read -r pid start boot 2>/dev/null <"$FCOPS_RUN/pid"; then
    fcops_started "$pid"
    # The number alone may be another process's by now.
    if [[ $boot == "$now" && -n $started && $started == "$start" ]]; then
      exec tail -s 0.1 --pid="$pid" -c "+$FCOPS_FROM" -f -- "$FCOPS_RUN/journal"
    fi
    exec tail -c "+$FCOPS_FROM" -- "$FCOPS_RUN/journal"
  fi
  [[ -d $FCOPS_RUN ]] || exit 76
  sleep 0.1
done
exit 77
