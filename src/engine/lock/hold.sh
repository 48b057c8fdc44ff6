# Holds the host for a session that changes it more than once, as long as somebody reads what is printed here: the
# lock goes with the connection. Prints "held", or "locked" and who has it.
umask 077
mkdir -p -- /var/lib/fcops || exit 74
exec 8>>/var/lib/fcops/session
mine='' waiter=''
fcops_find_holder "$FCOPS_RUN_NAME"
for _ in {1..50}; do
  [[ -z $holder ]] || break
  if flock -n 8; then
    mine=yes
    break
  fi
  IFS= read -r holder </var/lib/fcops/session || true
  # An earlier connection of this run, which is lost and has not ended: its lock is taken over when it does.
  if [[ $holder == *$'\t'"$FCOPS_RUN_NAME"$'\t'* ]]; then
    mine=no holder=''
    break
  fi
  # Whoever has just taken it, or gives it up, has no name there for a moment.
  [[ -n $holder ]] || sleep 0.1
done
[[ -n $mine ]] || holder=${holder:-$'somebody\ta run without a name\t'}
if [[ -n $holder ]]; then
  printf 'locked\t%s\n' "$holder"
  exit 0
fi
sign() { printf '%s\n' "$FCOPS_HOLDER" >/var/lib/fcops/session; }
if [[ $mine == yes ]]; then
  sign
else
  # It stands in line: who looked now and then would find that another run came between.
  { flock 8 && sign; } </dev/null >/dev/null 2>&1 &
  waiter=$!
fi
trap '[[ $mine == no ]] || : >/var/lib/fcops/session' EXIT
trap 'exit 0' PIPE HUP TERM
printf 'held\n'
# Whoever holds it has gone when nobody takes this any more.
while sleep 0.1 8>&-; do
  [[ $mine == yes ]] || kill -0 "$waiter" 2>/dev/null || mine=yes
  printf '.\n' || exit 0
done
