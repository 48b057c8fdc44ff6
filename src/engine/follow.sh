# Follows the journal of a run that was started over an earlier connection, from byte $FCOPS_FROM (from 1).
[[ -e $FCOPS_RUN/journal ]] || exit 76
read -r pid <"$FCOPS_RUN/pid" || exit 76
exec tail -s 0.1 --pid="$pid" -c "+$FCOPS_FROM" -f -- "$FCOPS_RUN/journal"
