# Runs the steps of one host, detached from the connection that brought them. Everything that happens is a
# line of the journal (the standard output): a word, the number of the step, and the rest, with tabs between.
# $FCOPS_RUN is the directory of this run; the steps are functions fcops_step_1 … fcops_step_N.

# Lines of a step that are kept as they come; of what follows, only the last ones are.
FCOPS_LINES=2000
FCOPS_LAST=40
# Steps that may fail before no more is begun: then it is the host that is not well.
FCOPS_FAILURES=5

fcops_seconds() {
  local up
  read -r up _ </proc/uptime
  printf '%s' "$up"
}

# "PID START BOOT": what a process is known by for sure.
fcops_identity() {
  local boot started
  read -r boot </proc/sys/kernel/random/boot_id
  fcops_started "$1"
  printf '%s %s %s\n' "$1" "$started" "$boot"
}

# One run at a time. The lock is the kernel's, so it goes with its owner; the text in it only says who it is.
# A look at the host may have it for a moment.
fcops_lock() {
  local holder='' own
  IFS=$'\t' read -r _ own _ <<<"$1"
  exec 9>>/var/lib/fcops/lock
  if ! flock -w 2 9; then
    IFS= read -r holder </var/lib/fcops/lock
  else
    # What was written there before is of one who is gone.
    printf '%s\n' "$1" >/var/lib/fcops/lock
    fcops_find_holder "$own"
    [[ -z $holder ]] || : >/var/lib/fcops/lock
  fi
  if [[ -n $holder ]]; then
    printf 'locked\t0\t%s\n' "$holder"
    exit 0
  fi
}

# Copies the lines of a step to the journal, then says on descriptor 7 that it has seen the end. A flood keeps its
# beginning and its end: the reason of a failure stands in the last lines.
fcops_copy() {
  local line lines=0
  while IFS= read -r line || [[ -n $line ]]; do
    printf 'out\t%s\t%s\n' "$1" "$line"
    lines=$((lines + 1))
    [[ $lines -lt $FCOPS_LINES ]] || break
  done
  if [[ $lines -ge $FCOPS_LINES ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      printf 'out\t%s\t%s\n' "$1" "$line"
    done < <(tail -n "$FCOPS_LAST")
  fi
  echo "$1" >&7
}

# Ends a step whose time is up, with all that it started: first it is asked. One process for the whole run, which
# outlives a killed runner as long as its step does.
fcops_watch() {
  local pid='' due up
  while sleep 1 && { kill -0 "$$" || kill -0 -- "-${pid:-none}"; }; do
    { read -r pid due <"$FCOPS_RUN/due"; } 2>/dev/null || continue
    read -r up _ </proc/uptime
    [[ ${up%.*} -ge $due ]] || continue
    if [[ ! -e $FCOPS_RUN/late ]]; then
      : >"$FCOPS_RUN/late"
      kill -TERM -- "-$pid"
    elif [[ ${up%.*} -ge $((due + 10)) ]]; then
      kill -KILL -- "-$pid"
    fi
  done 2>/dev/null
}

# Ends a process of ours, without a word of bash about it.
fcops_end() {
  { kill "$1" && wait "$1"; } 2>/dev/null
}

# fcops_step STEP DEADLINE: what is printed at its end is what came of it. In $halt whether nothing more can be begun.
fcops_step() {
  local step=$1 deadline=$2 status copied pid copier up
  halt=yes
  if [[ -e $FCOPS_RUN.stop ]]; then
    printf 'stopped\t%s\n' "$step"
    return 1
  fi
  # What cannot be told is not done.
  printf 'begin\t%s\t%s\n' "$step" "$(fcops_seconds)" || return 1
  if ! mkfifo -- "$FCOPS_RUN/out.$step"; then
    printf 'broken\t%s\tnothing can be written in %s\n' "$step" "$FCOPS_RUN"
    return 1
  fi
  fcops_copy "$step" <"$FCOPS_RUN/out.$step" 9>&- &
  copier=$!
  # In a process group of its own, so that all of it can be ended. The lock must not be inherited by what a step
  # leaves running.
  set -m
  (
    exec 7>&- 9>&-
    set +m
    set -euo pipefail
    "fcops_step_$step"
  ) </dev/null >"$FCOPS_RUN/out.$step" 2>&1 &
  pid=$!
  set +m
  read -r up _ </proc/uptime
  fcops_identity "$pid" >"$FCOPS_RUN/step"
  printf '%s %s\n' "$pid" "$((${up%.*} + deadline))" >"$FCOPS_RUN/due"
  wait "$pid" 2>/dev/null
  status=$?
  rm -f -- "$FCOPS_RUN/step" "$FCOPS_RUN/due"
  # What the step left running may hold its output open: that is waited for no longer than a second.
  while read -r -t 1 -u 7 copied && [[ $copied != "$step" ]]; do :; done
  [[ $copied == "$step" ]] || fcops_end "$copier"
  if [[ -e $FCOPS_RUN/late ]]; then
    printf 'late\t%s\t%s\n' "$step" "$deadline"
    rm -f -- "$FCOPS_RUN/late"
    [[ $status -ne 0 ]] || status=124
  fi
  printf 'end\t%s\t%s\t%s\n' "$step" "$(fcops_seconds)" "$status" || return 1
  halt=''
  return "$status"
}

# Hundredths of a second since the machine was started, in $now.
fcops_clock() {
  read -r now _ </proc/uptime
  now=$((10#${now/./}))
}

# fcops_turn STEP PAUSE: waits until a step that starts something has its turn. A turn comes every $every hundredths of a
# second, counted from the beginning of this run, and no sooner than the step before asked for; one that is missed by
# more than a second is left to others. It is no part of the step: who asks to stop meanwhile has stopped it.
fcops_turn() {
  local now at left told=''
  fcops_clock
  at=$((now - 100))
  [[ $at -ge $next ]] || at=$next
  [[ $every -eq 0 ]] || at=$((first + (at - first + every - 1) / every * every))
  # A turn is for one start, however short that was.
  next=$((at + ($2 > 0 ? $2 * 100 : 1)))
  while left=$((at - now)) && [[ $left -gt 0 && ! -e $FCOPS_RUN.stop ]]; do
    [[ -n $told || $left -lt 100 ]] || printf 'waits\t%s\t%s\n' "$1" "$(((left + 99) / 100))"
    told=yes
    [[ $left -lt 100 ]] || left=100
    7>&- 9>&- sleep "$((left / 100)).$(printf '%02d' "$((left % 100))")"
    fcops_clock
  done
}

# fcops_main HOLDER KEEP EVERY DEADLINE:STEP,STEP…:PAUSE…: for each step a deadline in seconds, the steps before it
# without which it is not begun, and where it has to wait for its turn the seconds that the one after it waits at least.
# The others go on.
fcops_main() {
  local step=0 run=${FCOPS_RUN##*/} holder=$1 keep=$2 every=$3 old watcher all=yes halt='' failures=0 cause needed
  local pause now first next
  local -A bad=()
  shift 3
  trap '' HUP
  # The steps may hold secrets: bash has read them, nobody else shall.
  rm -f -- "$FCOPS_RUN/steps.sh"
  fcops_identity $$ >"$FCOPS_RUN/pid" || exit 74
  printf '%s\n' "$holder" >"$FCOPS_RUN/holder" || exit 74
  # What the steps keep for a rollback (base.sh); of a run without it nothing is known.
  (umask 077; : >"$FCOPS_RUN/kept") || exit 74
  fcops_lock "$holder"
  mkfifo -- "$FCOPS_RUN/copied" && exec 7<>"$FCOPS_RUN/copied" || exit 74
  fcops_watch 7>&- 9>&- </dev/null >/dev/null 2>&1 &
  watcher=$!
  fcops_clock
  first=$now
  next=$now
  while [[ $# -gt 0 ]]; do
    step=$((step + 1))
    cause=''
    needed=${1#*:}
    pause=${needed#*:}
    needed=${needed%%:*}
    for old in ${needed//,/ }; do cause=${cause:-${bad[$old]-}}; done
    if [[ -n $cause ]]; then
      bad[$step]=$cause
      printf 'skipped\t%s\t%s\n' "$step" "$cause"
    else
      [[ -z $pause ]] || fcops_turn "$step" "$pause"
      # Not `fcops_step || …`: that would switch off `set -e` inside the step.
      fcops_step "$step" "${1%%:*}"
      # shellcheck disable=SC2181
      if [[ $? != 0 ]]; then
        all=no
        bad[$step]=$step
        failures=$((failures + 1))
        [[ -z $halt && $failures -lt $FCOPS_FAILURES ]] || break
      fi
    fi
    shift
  done
  fcops_end "$watcher"
  rm -f -- "$FCOPS_RUN.stop" "$FCOPS_RUN/copied" "$FCOPS_RUN"/out.*
  : >/var/lib/fcops/lock
  # Names of runs begin with their time, so the oldest come first. A run may have several directories, each with its name
  # and something behind it: they stay and go together.
  for old in $(cd /var/lib/fcops/runs && printf '%s\n' r-[0-9]* | cut -c 1-24 | uniq | head -n "-$keep"); do
    [[ $run != "$old"* ]] || continue
    for old in "/var/lib/fcops/runs/$old"*; do
      [[ ${old##*/} =~ ^r-[0-9TZ]+-[a-z0-9]+(\.stop)?$ ]] && rm -rf -- "$old"
    done
  done
  # Said by the runner alone, and only where the last step has said its own end.
  if [[ $all == yes ]]; then
    printf 'done\t0\n'
  elif [[ -z $halt ]]; then
    printf 'over\t%s\n' "$step"
  fi
}
