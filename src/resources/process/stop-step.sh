# Steps that end processes. Nothing gets a signal but what has the number and the start time that the plan saw, and still
# works on its repository: a number alone may be another process's by now.

# ticks_of PID: when it was started, in ticks since the boot; nothing where there is none, or only its number is left.
ticks_of() {
  local stat
  local -a fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # shellcheck disable=SC2206 # a letter and numbers
  fields=(${stat##*) })
  [[ ${fields[0]-} == [ZX] ]] || echo "${fields[19]-}"
}

# is_still PID TICKS
is_still() { [[ $(ticks_of "$1") == "$2" ]]; }

# is_ours: whether the process that stop_process is about still runs; fails where it works on something else by now.
is_ours() {
  is_still "$pid" "$ticks" || return 1
  if [[ $'\n'$(worker_pids "$repository")$'\n' != *$'\n'"$pid"$'\n'* ]]; then
    # It may be ending.
    is_still "$pid" "$ticks" || return 1
    because "process $pid does not work on $repository any more; nothing was done to it" -- 'look again'
  fi
}

# signal_process SIGNAL: as it is known at this moment.
signal_process() {
  is_ours || return 0
  kill "-$1" "$pid" 2>/dev/null || ! is_still "$pid" "$ticks" || because "process $pid took no SIG$1"
}

# stop_unit: has systemd end the process, and start it no more. Status 1 where the unit runs another one by now.
stop_unit() {
  local main
  main=$(systemctl show -p MainPID -- "$unit") || fail "systemd does not answer; $unit was not stopped"
  main=${main#*=}
  [[ $main == 0 || $main == "$pid" ]] || return 1
  is_ours || true
  systemctl stop --no-block -- "$unit" || fail "$unit could not be stopped"
  # It has given up on it, and asks it no more.
  [[ $main != 0 ]] || signal_process TERM
}

# await_unit: until systemd knows of the end, and has nothing more in mind.
await_unit() {
  local state
  for _ in {1..50}; do
    state=$(systemctl is-active -- "$unit" 2>/dev/null) || true
    if [[ $state != @(active|activating|reloading|deactivating) ]]; then
      systemctl reset-failed -- "$unit" 2>/dev/null || true
      return 0
    fi
    sleep 0.2
  done
  because "$name has ended, and $unit is still $state" -- "see systemctl status $unit on the host"
}

# await_end SECONDS: whether it has ended by then. The clock of bash has no parts of seconds: no less is waited.
await_end() {
  local end=$((SECONDS + $1 + 1)) told=$SECONDS
  while is_still "$pid" "$ticks"; do
    [[ $SECONDS -lt $end ]] || return 1
    if [[ $((SECONDS - told)) -ge 30 ]]; then
      told=$SECONDS
      echo "$name is still ending"
    fi
    sleep 0.2
  done
}

# Processes that work on the repository and that the plan has not seen.
strangers() {
  local one
  for one in $(worker_pids "$repository"); do
    [[ " $beside " == *" $one "* ]] || printf '%s ' "$one"
  done
}

# stop_process NAME REPOSITORY PID TICKS DEADLINE KILL_AFTER LEFTOVERS BESIDE [DAEMON…]; $by_unit may run it
stop_process() {
  local unit=${by_unit-} asked='' name=$1 repository=$2 pid=$3 ticks=$4 wait=$5 kill_after=$6 leftovers=$7 beside=$8
  # shellcheck disable=SC2034 # for worker_pids
  daemon=("${@:9}")
  [[ -z $unit ]] || ! stop_unit || asked=yes
  if is_still "$pid" "$ticks"; then
    [[ -n $asked ]] || signal_process TERM
    if ! await_end "${kill_after:-$wait}"; then
      [[ -n $kill_after ]] ||
        because "$name was asked to end and has not within $wait s; process $pid still runs" \
          -- 'wait for it, then run the same again' '--kill-after 60s kills what has not ended by then'
      echo "$name has not ended within $kill_after s, and is killed"
      signal_process KILL
      await_end 20 || because "process $pid was killed and is still there" 'it waits for a disk or a network file system' \
        -- 'see what it waits for (cat /proc/'"$pid"'/stack); only a reboot ends it where that does not come back'
    fi
  fi
  [[ -z $asked ]] || await_unit
  # A child that has not become another program yet has its words; it goes with it.
  [[ -z $(strangers) ]] || sleep 1
  [[ -z $(strangers) ]] ||
    because "process $(strangers) works on $repository now, and is not the one that was to be ended: it was started since" \
      'nothing was done to it' -- 'look again: run the same again'
  [[ -z $beside ]] || return 0
  remove_leftovers "$leftovers"
  echo "$name does not run"
}
