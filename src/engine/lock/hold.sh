# Holds the host for a session that changes it more than once, as long as somebody reads what is printed here: the
# lock goes with the connection. Prints "held", or "locked" and who has it.
umask 077
mkdir -p -- /var/lib/fcops || exit 74
exec 8>>/var/lib/fcops/session
mine=yes
fcops_find_holder "$FCOPS_RUN_NAME"
if [[ -z $holder ]] && ! flock -n 8; then
  IFS= read -r holder </var/lib/fcops/session || true
  # An earlier connection of this run, which is lost and has not ended: its lock is taken over when it does.
  [[ $holder != *$'\t'"$FCOPS_RUN_NAME"$'\t'* ]] || { mine=no holder=''; }
fi
if [[ -n $holder ]]; then
  printf 'locked\t%s\n' "$holder"
  exit 0
fi
sign() { printf '%s\n' "$FCOPS_HOLDER" >/var/lib/fcops/session; }
[[ $mine == no ]] || sign
trap '[[ $mine == no ]] || : >/var/lib/fcops/session' EXIT
trap 'exit 0' PIPE HUP TERM
printf 'held\n'
# Whoever holds it has gone when nobody takes this any more.
while sleep 0.1 8>&-; do
  [[ $mine == yes ]] || ! flock -n 8 || { mine=yes; sign; }
  printf '.\n' || exit 0
done
