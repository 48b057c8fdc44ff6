# Steps of backups of a miner's metadata.

# take_backup SCRIPT: has the script of the host make one, and prints what it says.
take_backup() {
  local said status=0
  [[ -f $1 ]] || because "$1 is not there" -- 'deploy it first' --again 'then run again'
  said=$(env -u FCOPS_RUN bash "$1" 2>&1 </dev/null) || status=$?
  case $status in
    0) printf '%s\n' "$said" ;;
    75) because "${said:-a backup is at work already}" --again 'run again when it has ended' ;;
    *) because "${said:-$1 ended with status $status}" --again 'mend it, then run again' ;;
  esac
}

# restore_apart REPOSITORY STATE LOG METADATA CONFIG STORAGE: notes how it ended, and which repository it has made: its log does
# not tell, and who has begun it may be gone by then.
restore_apart() {
  local status=0
  lotus-miner init restore --config "$5" --storage-config "$6" "$4" >"${3%.log}.out" 2>"$3" || status=$?
  printf 'identity %s\nstatus %s\n' "$(stat -c %d:%i -- "$1/keystore" 2>/dev/null)" "$status" >>"$2"
}

# restore_miner PROFILE REPOSITORY LOG METADATA SHA256 CONFIG STORAGE DAEMON…: the last ones tell an init that runs. Never where
# anything is in the place of the repository.
restore_miner() {
  local profile=$1 repository=$2 log=$3 metadata=$4 sum=$5 config=$6 storage=$7 state left got half=''
  state=${log%.log}.state
  ! is_repository "$repository" || because "$repository is a repository: a backup is never restored over one; nothing was done"
  left=$(ls -A -- "$repository" 2>/dev/null) || true
  [[ -z $left ]] || because "$repository is not empty; nothing was done" "$left" --again 'move it away, then run again'
  ! daemon_runs "${@:8}" || fail 'an init of lotus-miner runs already; nothing was done'
  if [[ ! -s $config || ! -s $storage ]]; then fail "$config or $storage is not there; nothing was done"; fi
  got=$(sha256sum <"$metadata") || fail "$metadata could not be read; nothing was done"
  [[ ${got%% *} == "$sum" ]] || because "$metadata is not what it was when it was chosen; nothing was done" --again 'take another one'
  new_log "$log"
  new_log "${log%.log}.out"
  new_log "$state"
  printf 'from %s\n' "$metadata" >"$state" || fail "$state cannot be written"
  # shellcheck disable=SC2016 # the shell that it is for has the arguments
  apart "$profile" env -u LOTUS_DEV bash -c "$(declare -f restore_apart)"$'\nrestore_apart "$@"' restore \
    "$repository" "$state" "$log" "$metadata" "$config" "$storage" || true
  if grep -qxF 'status 0' -- "$state" && is_repository "$repository"; then
    echo "restored from $metadata"
    return 0
  fi
  # What it has made is half a miner, which nobody may start. It was not there before.
  if grep -q '^status ' -- "$state" && is_repository "$repository"; then
    half=$repository.half-$(date +%Y%m%dT%H%M%S)
    if mv -T -- "$repository" "$half"; then half="; the half repository is $half now"; else half="; $repository is half made, and no miner to start"; fi
  fi
  because "the miner was not restored (log: $log)$half" "$(said_last "$log")" --again 'mend it, then run again: it is begun anew'
}
