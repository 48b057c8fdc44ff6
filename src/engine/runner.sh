# Runs the steps of one host, detached from the connection that brought them. Everything that happens is a
# line of the journal (the standard output): a word, the number of the step, and the rest, with tabs between.
# $FCOPS_RUN is the directory of this run; the steps are functions fcops_step_1 … fcops_step_N.

fcops_seconds() {
  local up
  read -r up _ </proc/uptime
  printf '%s' "$up"
}

# One run at a time. The lock is the kernel's, so it goes with its owner; the text in it only says who it is.
# A look at the host may have it for a moment.
fcops_lock() {
  exec 9>>/var/lib/fcops/lock
  if ! flock -w 2 9; then
    printf 'locked\t0\t%s\n' "$(tr '\t\n' '  ' </var/lib/fcops/lock)"
    exit 0
  fi
  printf '%s\n' "$1" >/var/lib/fcops/lock
}

# Copies the lines of a step to the journal, then says on descriptor 7 that it has seen the end.
fcops_copy() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    printf 'out\t%s\t%s\n' "$1" "$line"
  done
  echo "$1" >&7
}

fcops_step() {
  local step=$1 status copied
  if [[ -e $FCOPS_RUN.stop ]]; then
    printf 'stopped\t%s\n' "$step"
    return 1
  fi
  # What cannot be told is not done.
  printf 'begin\t%s\t%s\n' "$step" "$(fcops_seconds)" || return 1
  mkfifo -- "$FCOPS_RUN/out.$step" || return 1
  fcops_copy "$step" <"$FCOPS_RUN/out.$step" 9>&- &
  # The lock must not be inherited by what a step leaves running.
  (
    exec 7>&- 9>&-
    set -euo pipefail
    "fcops_step_$step"
  ) </dev/null >"$FCOPS_RUN/out.$step" 2>&1
  status=$?
  # What the step left running may hold its output open: that is waited for no longer than a second.
  while read -r -t 1 -u 7 copied && [[ $copied != "$step" ]]; do :; done
  printf 'end\t%s\t%s\t%s\n' "$step" "$(fcops_seconds)" "$status"
  return "$status"
}

# fcops_main HOLDER STEPS KEEP
fcops_main() {
  local step run=${FCOPS_RUN##*/} old
  trap '' HUP
  echo $$ >"$FCOPS_RUN/pid" || exit 74
  # The steps may hold secrets: bash has read them, nobody else shall.
  rm -f -- "$FCOPS_RUN/steps.sh"
  fcops_lock "$1"
  mkfifo -- "$FCOPS_RUN/copied" && exec 7<>"$FCOPS_RUN/copied" || exit 74
  for ((step = 1; step <= $2; step++)); do
    # Not `fcops_step || break`: that would switch off `set -e` inside the step.
    fcops_step "$step"
    # shellcheck disable=SC2181
    [[ $? == 0 ]] || break
  done
  rm -f -- "$FCOPS_RUN.stop" "$FCOPS_RUN/copied" "$FCOPS_RUN"/out.*
  : >/var/lib/fcops/lock
  # Names of runs begin with their time, so the oldest come first.
  for old in $(cd /var/lib/fcops/runs && printf '%s\n' r-[0-9]* | head -n "-$3"); do
    [[ $old != "$run" && $old =~ ^r-[0-9TZ]+-[a-z0-9]+(\.stop)?$ ]] && rm -rf -- "/var/lib/fcops/runs/$old"
  done
  printf 'done\t0\n'
}
