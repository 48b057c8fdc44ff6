# Steps of the first set-up of a miner (handbook 2.1.5, 2.1.6). Each looks at the host again before it does anything,
# and can be run twice. What the programs print goes to logs of their own: journals are no place for progress bars.

# apart PROFILE COMMAND…: knowing nothing of this run: what it pays for is not ended with it.
apart() { with_profile "$1" env -u FCOPS_RUN "${@:2}"; }

# daemon_runs PROGRAM COMMAND FLAGS VARIABLES FALLBACK REPOSITORY (daemons.sh)
daemon_runs() {
  local -a workers=()
  fcops_find_daemons "$@"
  [[ ${#workers[@]} -gt 0 ]]
}

is_repository() { [[ -e $1/datastore || -e $1/keystore ]]; }

# new_log LOG: makes room for a new log; the one before is kept beside it.
new_log() {
  (umask 077 && mkdir -p -- "${1%/*}") || fail "${1%/*} could not be made"
  [[ ! -e $1 ]] || mv -T -- "$1" "$1.$(date +%Y%m%dT%H%M%S)" || fail "$1 could not be moved away"
  (umask 077 && : >"$1") || fail "$1 cannot be written"
}

# said_last LOG…: the last lines of logs, without what terminals obey.
said_last() {
  local log
  for log; do
    tail -c 4000 -- "$log" | tr '\r' '\n' | sed $'s/\033\\[[0-9;?]*[A-Za-z]//g' | grep '[^[:space:]]' | tail -n 5 || true
  done
}

# import_chain PROFILE REPOSITORY SNAPSHOT LOG OVER DAEMON…: OVER is yes where a chain that is there may be imported over.
import_chain() {
  local profile=$1 repository=$2 snapshot=$3 log=$4 over=$5
  [[ -s $snapshot ]] || fail "$snapshot is not there"
  ! daemon_runs "${@:6}" ||
    because 'lotus runs, and has its repository for itself; nothing was imported' --again 'end it (lotus daemon stop), then run again'
  if [[ -e $repository/datastore/chain && ! -e $log && $over != yes ]]; then
    fail "$repository has a chain by now; nothing was imported"
  fi
  new_log "$log"
  # Flags first: --import-snapshot takes the word after it, whatever that is.
  apart "$profile" lotus daemon --halt-after-import --import-snapshot "$snapshot" >"$log" 2>&1 || true
  grep -qF 'Chain import complete, halting as requested...' -- "$log" ||
    because "the snapshot was not imported: lotus ended before it was done (log: $log)" "$(said_last "$log")" --again 'mend it, then run again: it is imported from its beginning'
}

# copy_parameters DIRECTORY FROM USER ADDRESS PORT NAME…: over SSH of this host's own root; FROM is the directory there.
copy_parameters() {
  local directory=$1 from=$2 who=$3@$4 address=$4 port=$5 name part bytes have sum got
  local -a there=(ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -p "$port" -- "$who")
  shift 5
  "${there[@]}" true 2>/dev/null </dev/null ||
    because "this host cannot log in as $who over SSH by itself (port $port); nothing was copied" -- \
      "type it on this host, where a password can be given: rsync -aP --rsh='ssh -p $port' '$who:$from/' '$directory/'" \
      --again 'then run again; or leave bootstrap.parameters out, and they are fetched'
  mkdir -p -- "$directory" || fail "$directory could not be made"
  for name; do
    [[ ! -e $directory/$name ]] || continue
    part=$directory/.$name.part
    bytes=$("${there[@]}" "stat -c %s -- '$from/$name'" </dev/null) || fail "$address has no $from/$name"
    have=$(stat -c %s -- "$part" 2>/dev/null) || have=0
    [[ $have -le $bytes ]] || { rm -f -- "$part" && have=0; }
    [[ $((bytes - have)) -lt $(free_bytes "$directory") ]] || fail "$name does not fit: the disk of $directory is too full"
    echo "copying $name"
    "${there[@]}" "tail -c +$((have + 1)) -- '$from/$name'" >>"$part" </dev/null ||
      because "the copy of $name broke off" --again 'run again: it goes on where it was'
    sum=$("${there[@]}" "sha256sum <'$from/$name'" </dev/null) || fail "$address could not read all of $from/$name"
    got=$(sha256sum <"$part") || fail "$part could not be read"
    if [[ $got != "$sum" ]]; then
      rm -f -- "$part"
      because "$name came with other bytes than it has on $address, and was removed" --again 'run again: it is copied anew'
    fi
    mv -T -- "$part" "$directory/$name" || fail "$part could not be moved to its name"
  done
}

# fetch_parameters PROFILE SIZE LOG: fetches what is missing, and has the program compare the digest of every file.
fetch_parameters() {
  local profile=$1 size=$2 log=$3 status=0
  new_log "$log"
  apart "$profile" lotus fetch-params "$size" >"$log" 2>&1 || status=$?
  if [[ $status -ne 0 ]] || ! grep -qF 'parameter and key-fetching complete' -- "$log"; then
    because "the proof parameters are not complete: lotus fetch-params ended with status $status (log: $log)" "$(said_last "$log")" --again \
      'run again: it goes on where it was. A mismatch again and again is a gateway that gives out something else: set variables.environment.IPFS_GATEWAY'
  fi
}

# make_wallets PROFILE PRESENT NUMBER: makes NUMBER BLS wallets where the node has PRESENT. Their keys stay in the node.
make_wallets() {
  local profile=$1 present=$2 number=$3 addresses address
  addresses=$(apart "$profile" timeout 30 lotus wallet list --addr-only) || fail 'lotus does not list its wallets; nothing was made'
  [[ $(grep -c '[^[:space:]]' <<<"$addresses" || true) == "$present" ]] || fail 'the wallets of lotus have changed since they were looked at; nothing was made'
  while [[ $number -gt 0 ]]; do
    address=$(apart "$profile" timeout 30 lotus wallet new bls) || fail 'lotus made no wallet'
    [[ $address =~ ^[ft]3[a-z2-7]{84}$ ]] || fail 'lotus made a wallet, and did not say its address'
    echo "made $address"
    echo "back up its key before money is sent there: (source $profile && umask 077 && lotus wallet export $address >/root/${address:0:12}.key)"
    number=$((number - 1))
  done
}

# init_miner PROFILE REPOSITORY LOG OWNER WORKER SIZE DAEMON…: the last ones tell an init that runs. An init that fails removes all of its repository.
init_miner() {
  local profile=$1 repository=$2 log=$3 owner=$4 worker=$5 size=$6 left
  ! is_repository "$repository" || fail "$repository is a repository by now; nothing was done"
  left=$(ls -A -- "$repository" 2>/dev/null) || true
  [[ -z $left ]] || because "$repository is not empty: an init that fails would remove all of it; nothing was done" "$left" --again 'move it away, then run again'
  ! daemon_runs "${@:7}" || fail 'an init of lotus-miner runs already; nothing was done'
  new_log "$log"
  new_log "${log%.log}.out"
  apart "$profile" lotus-miner init --no-local-storage --sector-size "$size" --owner "$owner" --worker "$worker" \
    >"${log%.log}.out" 2>"$log" || true
  if ! grep -qF 'Miner successfully created' -- "$log"; then
    if grep -qF 'Pushed CreateMiner message' -- "$log"; then
      because "no miner was set up, and the message that creates one had been sent (log: $log)" "$(said_last "$log")" --again \
        'look on the chain what became of the message before you run again: a second init would pay for another miner'
    fi
    because "no miner was created, and nothing was sent (log: $log)" "$(said_last "$log")" --again 'mend it, then run again'
  fi
  is_repository "$repository" || fail "a miner was created, and $repository is not there (log: $log)"
}

# attach_storage PROFILE REPOSITORY PATH
attach_storage() {
  local profile=$1 repository=$2 path=$3
  if is_listed "$repository" "$path" && [[ -e $path/sectorstore.json ]]; then
    echo "$path is attached by now"
    return 0
  fi
  awk -v path="$path" '$2 == path { found = 1 } END { exit !found }' /proc/self/mounts ||
    because "nothing is mounted at $path: sectors would go to the disk below; nothing was done" --again 'deploy the miner host (fcops deploy miner --tags storage), then run again'
  if is_listed "$repository" "$path" || [[ -e $path/sectorstore.json ]]; then
    fail "what is in $path and $repository/storage.json has changed since it was looked at; nothing was done"
  fi
  apart "$profile" timeout 120 lotus-miner storage attach --store --init "$path" || fail "$path was not attached"
  if ! is_listed "$repository" "$path" || [[ ! -e $path/sectorstore.json ]]; then
    fail "$path was attached, and $repository/storage.json does not name it with a sectorstore.json"
  fi
}

# backup_metadata PROFILE REPOSITORY DIRECTORY NAME: NAME.backup is whole; beside it what the backup has not.
backup_metadata() {
  local profile=$1 repository=$2 directory=$3 name=$4 part said file
  part=$directory/$name.$(date +%s).part
  said=$(apart "$profile" timeout 600 lotus-miner backup "$part" 2>&1) || because 'the metadata were not backed up' "$said" --again 'mend it, then run again'
  grep -qxF Success <<<"$said" || because 'the metadata were not backed up' "$said"
  [[ -s $part ]] || fail "the backup was a success, and $part is empty"
  chmod 0600 -- "$part" || fail "the mode of $part could not be set"
  for file in config.toml storage.json; do
    if ! (umask 077 && cat -- "$repository/$file" >"$directory/$name.$file.new") || ! mv -T -- "$directory/$name.$file.new" "$directory/$name.$file"; then
      fail "$repository/$file could not be copied to $directory"
    fi
  done
  dd if=/dev/null of="$part" conv=notrunc,fsync status=none || fail "$part could not be written to the disk"
  mv -T -- "$part" "$directory/$name.backup" || fail "$part could not be moved to its name"
  echo "$directory/$name.backup"
}
