# The simulated lotus-miner: init, the process that workers register at, and the commands that ask it.
accepted_token() { admin_token; }
# Workers, and the sectors of a pledge, are kept by the process that runs.
answer_own() { # METHOD ARGUMENTS
  local session worker
  case $1 in
    Register)
      IFS=$'\t' read -r session _ <<<"$2"
      ! has worker-version-mismatch || { echo "error lotus-miner API version doesn't match: expected: 1.2.0"; return; }
      # One that has been started again comes with another session, and takes its own place.
      for worker in "$state/workers"/*; do
        [[ ! -e $worker || $(cut -f 3 "$worker") != "$(cut -f 3 <<<"$2")" ]] || rm -f "$worker" "$worker.lost"
      done
      printf '%s\n' "$2" >"$state/workers/$session"
      echo ok
      while IFS= read -r line; do
        case $line in
          disable) : >"$state/workers/$session.lost" ;;
          enable) rm -f "$state/workers/$session.lost" ;;
        esac
      done
      [[ ! -e $state/workers/$session ]] || : >"$state/workers/$session.lost"
      ;;
    CreateBackup) create_backup "$2" ;;
    *) echo "error method '$1' not found" ;;
  esac
}
create_backup() {
  if [[ -z ${LOTUS_BACKUP_BASE_PATH-} ]]; then
    echo 'error LOTUS_BACKUP_BASE_PATH env var not set'
  elif [[ $1 != "${LOTUS_BACKUP_BASE_PATH%/}"/* ]]; then
    echo "error backup file name ($1) must be inside base path ($LOTUS_BACKUP_BASE_PATH)"
  elif write_backup "$1"; then
    echo ok
  else
    echo "error open $1: no such file or directory"
  fi
}
# What is there is not cut to its new length.
write_backup() {
  printf 'metadata of %s at %s\n' "$(cat "$repo/datastore/actor")" "$(epoch)" | dd of="$1" conv=notrunc 2>/dev/null
}

main() {
  case ${1-} in --version | -v) print_version; return ;; esac
  parse actor= color miner-repo= storagerepo= -- "$@"
  repo=${LOTUS_MINER_PATH:-${LOTUS_STORAGE_PATH:-${flag[miner-repo]-${flag[storagerepo]-$HOME/.lotusminer}}}}
  local command=${rest[0]-} actor=${flag[actor]-}
  set -- ${rest[@]+"${rest[@]:1}"}
  case $command in
    init) init "$@" ;;
    run) run "$@" ;;
    stop) call own Shutdown ;;
    version) running_version ;;
    info) info "$@" ;;
    sectors) sectors "$@" ;;
    sealing) sealing "$@" ;;
    storage)
      case ${1-} in
        attach) attach "${@:2}" ;;
        list)
          call own Version
          knob_or storage ''
          ;;
        *) no_command "${1:+storage $1}" ;;
      esac
      ;;
    proving) proving "$@" ;;
    backup) backup "$@" ;;
    worker-pause | worker-resume) pause "$command" "$@" ;;
    fetch-params) fetch_params "$@" ;;
    auth) auth MINER_API_INFO "$@" ;;
    wait-api) wait_api ;;
    *) no_command "$command" ;;
  esac
}

# A failure after its repository was begun takes the whole directory away, with all that was there before.
init() {
  local owner
  if [[ ${1-} == restore ]]; then
    restore "${@:2}"
    return
  fi
  parse actor= create-worker-key worker= w= owner= o= sector-size= no-local-storage nosync gas-premium= from= -- "$@"
  log INFO 'Initializing lotus miner'
  log INFO 'Checking proof parameters'
  log INFO 'Trying to connect to full node RPC'
  call node Version
  log INFO 'Checking full node sync status'
  [[ -n ${flag[nosync]-} ]] || sync_wait
  log INFO 'Checking if repo exists'
  [[ ! -e $repo/datastore && ! -e $repo/keystore ]] || fail "repo at '$repo' is already initialized"
  log INFO 'Checking full node version'
  log INFO 'Initializing repo'
  mkdir -p "$repo"
  lock
  make_repository 2345
  trap 'init_failed "context canceled"' INT TERM
  write_storage_paths
  [[ -n ${flag[no-local-storage]-} ]] || write_storage_paths "$repo"
  log INFO 'Initializing libp2p identity'
  if [[ -n ${flag[actor]-} ]]; then
    made "${flag[actor]}" "${flag[actor]}"
    return
  fi
  owner=${flag[owner]-${flag[o]-}}
  [[ $(knob_or "balances/$owner" 0) != 0 ]] ||
    init_failed "creating miner failed: mpool push: not enough funds: 0 FIL ($owner)"
  log INFO 'Pushed CreateMiner message: bafy2bzacedcreateminer'
  log INFO 'Waiting for confirmation'
  held init-waits
  ! has init-fails || init_failed "$(knob init-fails)"
  log INFO "New miners address is: $(knob_or miner-id f01234) (f2$(random_base32 39))"
  made "$(knob_or miner-id f01234)" "${flag[worker]-${flag[w]-$owner}}"
}
# made ACTOR WORKER: the repository of a miner that is on the chain is whole.
made() {
  printf %s "$1" >"$repo/datastore/actor"
  printf %s "$2" >"$repo/datastore/worker"
  printf %s "${flag[sector-size]-32GiB}" >"$repo/datastore/sector-size"
  # What the chain knows of it.
  printf '%s %s %s\n' "$1" "$2" "${flag[sector-size]-32GiB}" >"$state/on-chain"
  if [[ -z ${flag[no-local-storage]-} ]]; then
    printf '{\n  "ID": "%s",\n  "Weight": 10,\n  "CanSeal": true,\n  "CanStore": true,\n  "MaxStorage": 0\n}' "$(uuid)" >"$repo/sectorstore.json"
  fi
  log INFO "Created new miner: $1"
  log INFO "Miner successfully created, you can now start it with 'lotus-miner run'"
}
# A failure leaves what it has made: half a repository.
restore() {
  local actor='' worker='' size='' on_chain
  parse nosync config= storage-config= -- "$@"
  log INFO 'Initializing lotus miner using a backup'
  [[ -z ${flag[storage-config]-} || -e ${flag[storage-config]} ]] ||
    fail "reading storage config: open ${flag[storage-config]}: no such file or directory"
  [[ ${#rest[@]} -eq 1 ]] || fail 'expected 1 argument'
  log INFO 'Trying to connect to full node RPC'
  call node Version
  log INFO 'Checking full node version'
  [[ -n ${flag[nosync]-} ]] || sync_wait
  [[ -e ${rest[0]} ]] || fail "stat backup file (${rest[0]}): stat ${rest[0]}: no such file or directory"
  log INFO 'Checking if repo exists'
  [[ ! -e $repo/datastore && ! -e $repo/keystore ]] || fail "repo at '$repo' is already initialized"
  log INFO 'Initializing repo'
  mkdir -p "$repo"
  lock
  make_repository 2345
  write_storage_paths
  if [[ -n ${flag[config]-} ]]; then
    log INFO 'Restoring config'
    [[ -e ${flag[config]} ]] || fail "stat config file (${flag[config]}): stat ${flag[config]}: no such file or directory"
    cp "${flag[config]}" "$repo/config.toml"
  else
    log WARN '--config NOT SET, WILL USE DEFAULT VALUES'
  fi
  if [[ -n ${flag[storage-config]-} ]]; then
    log INFO 'Restoring storage path config'
    cp "${flag[storage-config]}" "$repo/storage.json"
  else
    log WARN '--storage-config NOT SET. NO SECTOR PATHS WILL BE CONFIGURED'
  fi
  log INFO 'Restoring metadata backup'
  printf ' 512 B / 512 B [====================] 100.00%% 1.00 MiB/s 0s\n'
  # Of a file with more in it than was written last, nobody can read the end.
  actor=$(sed -nE '1s/^metadata of ([ft]0[0-9]+) at [0-9]+$/\1/p' "${rest[0]}")
  [[ -n $actor && $(wc -l <"${rest[0]}") -eq 1 ]] || fail 'restoring metadata: unmarshalling array: cbor input was not an array'
  log INFO 'Checking actor metadata'
  log INFO "ACTOR ADDRESS: $actor"
  on_chain=$(knob_or on-chain '')
  [[ $on_chain == "$actor "* ]] || fail "getting miner info: actor not found: $actor"
  read -r _ worker size <<<"$on_chain"
  log INFO "SECTOR SIZE: $size"
  [[ -e $(repo=${LOTUS_PATH:-$HOME/.lotus} key_file "wallet-$worker") ]] ||
    fail "worker address f01002 for miner actor $actor not present in full node wallet"
  log INFO 'Initializing libp2p identity'
  log INFO 'Checking proof parameters'
  log INFO 'Configuring miner actor'
  ! has restore-fails || fail "$(knob restore-fails)"
  log INFO 'Waiting for message: bafy2bzacedchangepeerid'
  held restore-waits
  printf %s "$actor" >"$repo/datastore/actor"
  printf %s "$worker" >"$repo/datastore/worker"
  printf %s "$size" >"$repo/datastore/sector-size"
}
init_failed() {
  log ERROR "Failed to initialize lotus-miner: $1"
  log INFO "Cleaning up $repo after attempt..."
  rm -rf "$repo"
  fail 'Storage-miner init failed'
}
needs_repository() {
  [[ -e $repo/datastore || -e $repo/keystore ]] || fail "repo at '$repo' is not initialized, run 'lotus-miner init' to set it up"
}

run() {
  local api address port session
  parse miner-api= enable-gpu-proving nosync manage-fdlimit -- "$@"
  needs_repository
  (call node Version) 2>/dev/null || fail 'getting full node api: could not get API info: could not get api endpoint: API not running (no endpoint)'
  log INFO 'Checking full node sync status'
  [[ -n ${flag[nosync]-} ]] || sync_wait
  lock
  ! has miner-fails || fail "$(knob miner-fails)"
  [[ -e $repo/datastore/actor ]] || fail 'creating node: could not build arguments for function: failed to get miner address: datastore: key not found'
  make_token
  check_keys
  open_storage
  api=$(configured_address)
  [[ -z ${flag[miner-api]-} ]] || api=/ip4/127.0.0.1/tcp/${flag[miner-api]}/http
  api=${api:-/ip4/127.0.0.1/tcp/2345/http}
  IFS=/ read -r _ _ address _ port _ <<<"$api"
  rm -f "$state/workers"/*
  # It is one of its own workers.
  session=$(uuid)
  printf '%s\t%s\thttp://%s:%s/rpc/v0\t\tC1,FIN\n' "$session" "$(uname -n)" "$address" "$port" >"$state/workers/$session"
  run_until_stopped "$address" "$port" "$api"
}

info() {
  local chain='sync ok' stage target current in_sync row worker
  parse hide-sectors-info color -- "$@"
  call own Version
  printf 'Enabled subsystems (from miner API): [Mining Sealing SectorStorage Markets]\nEnabled subsystems (from markets API): [Mining Sealing SectorStorage Markets]\n'
  printf 'Chain: '
  ! has info-breaks || fail 'handler: websocket connection closed'
  (call node Version) || exit
  sync_state
  [[ $in_sync == yes ]] || chain="sync behind! ($(((target - current) / 120 + 1))h0m0s behind)"
  chain=$(knob_or info-chain "$chain")
  printf '[%s] [basefee 211.611 pFIL]\n' "$(painted 32 "$chain")"
  row=$(cat "$repo/datastore/sector-size")
  printf 'Miner: %s (%s sectors)\n' "$(painted 34 "$(cat "$repo/datastore/actor")")" "${row/GiB/ GiB}"
  power
  worker=$(knob_or "balances/$(cat "$repo/datastore/worker")" 0)
  [[ $worker == 0 ]] || worker+=' FIL'
  cat <<END
Miner Balance:    1633.652 FIL
      PreCommit:  410.976 mFIL
      Pledge:     945.825 FIL
      Vesting:    251.299 FIL
      Available:  436.117 FIL
Market Balance:   0
       Locked:    0
       Available: 0
Worker Balance:   $worker
Total Spendable:  984.723 FIL

END
  [[ -n ${flag[hide-sectors-info]-} ]] || sector_counts
  printf 'Storage Deals: 0, 0 B\n\nRetrieval Deals (complete): 0, 0 B\n'
}
# In colours where the log is, also into pipes.
painted() { if [[ ${GOLOG_LOG_FMT-} == color ]]; then printf '\033[%sm%s\033[0m' "$1" "$2"; else printf %s "$2"; fi; }
power() {
  local faulty
  if has no-power; then
    printf 'Power: 0  / 9.93 Ei (0.0000%%)\n\tRaw: 0 B / 9.93 EiB (0.0000%%)\n\tCommitted: 0 B\n\tProving: 0 B\nBelow minimum power threshold, no blocks will be won\n'
    return
  fi
  faulty=$(sum_of 3)
  printf 'Power: 121 Ti / 9.93 Ei (0.0012%%)\n\tRaw: 45.75 TiB / 9.93 EiB (0.0004%%)\n\tCommitted: 46 TiB\n\tProving: 45.75 TiB'
  [[ $faulty -eq 0 ]] || printf ' (%s GiB Faulty, 0.14%%)' $((faulty * 32))
  printf '\nProjected average block win rate: 1.17/week (every 143h17m46s)\nProjected block win with 99.9%% probability every 989h49m35s\n(projections DO NOT account for future network and miner growth)\n\n'
}
STATES='Proving Empty WaitDeals AddPiece Packing GetTicket PreCommit1 PreCommit2 PreCommitting PreCommitWait WaitSeed Committing CommitFinalize SubmitCommit CommitWait FinalizeSector Removing Removed FailedUnrecoverable PreCommitFailed ComputeProofFailed CommitFailed FinalizeFailed RemoveFailed SealPreCommit1Failed SealPreCommit2Failed Faulty'
sector_counts() {
  local name number
  printf 'Sectors:\n\tTotal: %s\n' "$(knob_or sectors '' | grep -c .)"
  for name in $STATES; do
    number=$(knob_or sectors '' | grep -c " $name\$")
    [[ $number -eq 0 ]] || printf '\t%s: %s\n' "$(painted 32 "$name")" "$number"
  done
  echo
}

sectors() {
  local next
  case ${1-} in
    pledge)
      call own Version
      held pledge-waits
      next=$(knob_or sectors '' | grep -c .)
      ! has pledge-fails || [[ $next -lt $(knob pledge-fails) ]] || fail 'handler: websocket connection closed'
      [[ $next -lt $(knob_or max-sealing 1000000) ]] || fail "too many sectors sealing (curSealing: $next, max: $(knob max-sealing))"
      echo "$next Packing" >>"$state/sectors"
      # The answer to a sector that was made can be lost.
      ! has pledge-loses || [[ $next -lt $(knob pledge-loses) ]] || fail 'handler: websocket connection closed'
      # Nothing is printed before lotus 1.5.
      has pledge-silent || echo "Created CC sector:  $next"
      ;;
    list) sectors_list "${@:2}" ;;
    status) sector_status "${@:2}" ;;
    update-state) update_state "${@:2}" ;;
    remove) remove_sector "${@:2}" ;;
    *) no_command "${1:+sectors $1}" ;;
  esac
}
# The knob `sectors` has their states, and `sector/N` what else is known of one: `name value` a line.
state_of_sector() { knob_or sectors '' | sed -n "s/^$1 //p"; }
of_sector() { # NUMBER NAME OR-ELSE
  local value
  value=$(knob_or "sector/$1" '' | sed -n "s/^$2 //p")
  printf %s "${value:-$3}"
}
set_of_sector() { # NUMBER NAME VALUE
  local others
  mkdir -p "$state/sector"
  others=$(knob_or "sector/$1" '' | grep -v "^$2 ")
  printf '%s\n%s %s\n' "$others" "$2" "$3" >"$state/sector/$1~"
  mv "$state/sector/$1~" "$state/sector/$1"
}
sectors_list() {
  local number name wanted mark error
  parse show-removed r color c fast f events e seal-time t states= -- "$@"
  call own Version
  call node Version
  wanted=,${flag[states]-},
  {
    printf 'ID\tState\tOnChain\tActive\tExpiration\tDeals\n'
    while read -r number name; do
      [[ -n $number ]] || continue
      [[ $wanted == ,, || $wanted == *",$name,"* ]] || continue
      [[ $wanted != ,, || $name != Removed || -n ${flag[show-removed]-}${flag[r]-} ]] || continue
      error=$(of_sector "$number" unreadable '')
      if [[ -n $error ]]; then
        printf '%s\t\t\t\t\t\n!\t%s\n' "$number" "$error"
        continue
      fi
      mark=''
      [[ -n ${flag[fast]-}${flag[f]-} ]] || mark=n/a
      printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$number" "$name" "$(of_sector "$number" onchain NO)" "$(of_sector "$number" active NO)" \
        "$mark" "$(of_sector "$number" deals CC)"
    done < <(knob_or sectors '' | sort -n)
  } | table
  ! has list-breaks || fail 'handler: websocket connection closed'
}
sector_status() {
  local number name deals error since events kind
  parse log l on-chain-info c -- "$@"
  call own Version
  number=${rest[0]-}
  [[ -n $number ]] || fail 'must specify sector number to get status of'
  [[ $number =~ ^[0-9]+$ ]] || fail "strconv.ParseUint: parsing \"$number\": invalid syntax"
  name=$(state_of_sector "$number")
  [[ -n $name ]] || fail 'datastore: key not found'
  error=$(of_sector "$number" unreadable '')
  [[ -z $error ]] || fail "$error"
  deals=$(of_sector "$number" deals 0)
  printf 'SectorID:\t%s\nStatus:\t\t%s\nCIDcommD:\t<nil>\nCIDcommR:\t%s\nTicket:\t\t54a25e80\nTicketH:\t201929\nSeed:\t\t\nSeedH:\t\t0\n' \
    "$number" "$name" "$(of_sector "$number" commr '<nil>')"
  printf 'Precommit:\t%s\nCommit:\t\t%s\nProof:\t\t\nDeals:\t\t[%s]\nRetries:\t0\n' \
    "$(of_sector "$number" precommit '<nil>')" "$(of_sector "$number" commit '<nil>')" "$deals"
  error=$(of_sector "$number" lasterror '')
  [[ -z $error ]] || printf 'Last Error:\t\t%s\n' "$error"
  [[ -n ${flag[log]-}${flag[l]-} ]] || return 0
  since=$(of_sector "$number" since "$(($(date +%s) - 3600))") events=$(of_sector "$number" events 2)
  printf -- '--------\nEvent Log:\n'
  event 0 $((since - 3600)) SectorStartCC
  error=$(of_sector "$number" error '')
  kind=$(of_sector "$number" kind SectorSealPreCommit1Failed)
  [[ $events -le 2 ]] || event $((events - 2)) $((since - 60)) SectorSealPreCommit1Failed "$error"
  if [[ $kind == SectorForceState ]]; then error=''; fi
  event $((events - 1)) "$since" "$kind" "$error"
}
event() { # INDEX SECONDS KIND TRACE
  printf '%s.\t%(%Y-%m-%d %H:%M:%S %z %Z)T:\t[event;sealing.%s]\t{"User":{}}\n' "$1" "$2" "$3"
  [[ -z ${4-} ]] || printf '\tseal failed:\n    github.com/filecoin-project/lotus/extern/storage-sealing.handle\n        /root/states.go:262\n  - %s\n' "$4"
}
SECTOR_STATES='AddPiece AddPieceFailed CommitAggregateWait CommitFailed CommitFinalize CommitFinalizeFailed CommitWait Committing ComputeProofFailed DealsExpired Empty FailedUnrecoverable FaultReported FaultedFinal Faulty FinalizeFailed FinalizeSector GetTicket Packing PackingFailed PreCommit1 PreCommit2 PreCommitBatchWait PreCommitFailed PreCommitWait PreCommitting Proving RecoverDealIDs RemoveFailed Removed Removing SealPreCommit1Failed SealPreCommit2Failed SubmitCommit SubmitCommitAggregate SubmitPreCommitBatch TerminateFailed TerminateFinality TerminateWait Terminating WaitDeals WaitSeed'
ADVANCED='this is a command for advanced users, only use it if you are sure of what you are doing'
update_state() {
  parse really-do-it -- "$@"
  [[ ${flag[really-do-it]-} == true ]] || fail "$ADVANCED"
  call own Version
  [[ ${#rest[@]} -ge 2 ]] || fail 'must pass sector number and new state'
  [[ ${rest[0]} =~ ^[0-9]+$ ]] || fail "could not parse sector number: strconv.ParseUint: parsing \"${rest[0]}\": invalid syntax"
  if [[ " $SECTOR_STATES " != *" ${rest[1]} "* ]]; then
    printf ' "%s" is not a valid state. Possible states for sectors are: \n' "${rest[1]}"
    tr ' ' '\n' <<<"$SECTOR_STATES"
    return 0
  fi
  ! has update-fails || fail "$(knob update-fails)"
  force_state "${rest[0]}" "${rest[1]}"
  ! has update-loses || fail 'handler: websocket connection closed'
}
# It is only taken up when the sector is at nothing: a failed one waits before it is tried again.
force_state() { # NUMBER STATE
  echo "$*" >>"$state/forced"
  ! has update-ignored || return 0
  if has update-seconds; then
    (nap "$(knob update-seconds)"; put_state "$@") >/dev/null 2>&1 </dev/null &
  else
    put_state "$@"
  fi
}
put_state() { # NUMBER STATE
  local events
  (
    flock 8
    knob_or sectors '' | sed "s/^$1 .*/$1 $2/" >"$state/sectors~"
    mv "$state/sectors~" "$state/sectors"
    events=$(of_sector "$1" events 2)
    set_of_sector "$1" events $((events + 1))
    set_of_sector "$1" kind SectorForceState
    set_of_sector "$1" since "$(date +%s)"
  ) 8>"$state/sectors.lock"
}
remove_sector() {
  parse really-do-it -- "$@"
  [[ ${flag[really-do-it]-} == true ]] || fail "$ADVANCED"
  call own Version
  [[ ${#rest[@]} -eq 1 ]] || fail 'must pass sector number'
  [[ ${rest[0]} =~ ^[0-9]+$ ]] || fail "could not parse sector number: strconv.ParseUint: parsing \"${rest[0]}\": invalid syntax"
  if has remove-waits; then
    force_state "${rest[0]}" Removing
  else
    force_state "${rest[0]}" Removed
  fi
}

sealing() {
  case ${1-} in
    workers)
      call own Version
      workers
      ;;
    jobs)
      parse color show-ret-done -- "${@:2}"
      call own Version
      # Tabs become columns; a host that is `-` has no name.
      {
        printf 'ID\tSector\tWorker\tHostname\tTask\tState\tTime\n'
        knob_or jobs '' | { if [[ -n ${flag[show-ret-done]-} ]]; then cat; else grep -v ' ret-done '; fi; } | sed -E 's/ +/\t/g; s/\t-\t/\t\t/'
      } | awk -F '\t' '
        { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > wide[i]) wide[i] = length($i) } }
        END { for (row = 1; row <= NR; row++) { for (i = 1; i < 7; i++) printf "%-" (wide[i] + 2) "s", cell[row, i]; print cell[row, 7] } }'
      ;;
    sched-diag)
      call own Version
      ! has no-sched-diag || no_command 'sealing sched-diag'
      sched_diag
      ;;
    abort) abort_job "${@:2}" ;;
    *) no_command "${1:+sealing $1}" ;;
  esac
}
# Tasks that no worker has been given; keys are in the order of the alphabet, and an empty list is null.
sched_diag() {
  local sector type requests=''
  while read -r sector type; do
    [[ -n $sector ]] || continue
    requests+=",\n      {\n        \"Priority\": 0,\n        \"Sector\": {\n          \"Miner\": 1234,\n          \"Number\": $sector\n        },\n        \"TaskType\": \"seal/v0/$type\"\n      }"
  done < <(knob_or queue '')
  requests=${requests:+"[${requests#,}\n    ]"}
  printf '{\n  "CallToWork": {},\n  "EarlyRet": null,\n  "ReturnedWork": null,\n  "SchedInfo": {\n    "OpenWindows": null,\n    "Requests": %b\n  },\n  "Waiting": null\n}\n' "${requests:-null}"
}
# abort_job ID: the first job whose id begins so, whatever it is at; its worker does not stop.
abort_job() {
  local id sector worker host task is time
  [[ $# -eq 1 ]] || fail 'expected 1 argument'
  call own Version
  while read -r id sector worker host task is time; do
    [[ $id == "$1"* ]] || continue
    printf 'aborting job 1234-%s-%s-5a51-4d3e-9f2e-0c6d2b7f1a11, task %s, sector %s, running on host %s\n' "$sector" "$id" "$task" "$sector" "${host#-}"
    echo "$1 $sector" >>"$state/aborted"
    has abort-ignored || knob jobs | sed "s/^\($id $sector $worker $host $task\) $is /\1 ret-done /" >"$state/jobs~"
    has abort-ignored || mv "$state/jobs~" "$state/jobs"
    return 0
  done < <(knob_or jobs '')
  fail 'job with specified id prefix not found'
}
bar() { # LABEL SHARE TEXT
  local full=$(($2 * 64 / 100))
  printf '\t%-5s [%s%s] %s\n' "$1:" "$(printf '%*s' "$full" '' | tr ' ' '|')" "$(printf '%*s' $((64 - full)) '')" "$3"
}
workers() {
  local file session name url group tasks lost task
  for file in "$state/workers"/*; do
    [[ -e $file && $file != *.lost ]] || continue
    # A tab is blank for read: empty fields would be lost.
    IFS='|' read -r session name url group tasks < <(tr '\t' '|' <"$file")
    lost=''
    [[ ! -e $file.lost ]] || lost=' (disabled)'
    case $(knob_or workers-format fork) in
      fork-later)
        tasks=$(knob_or "paused/$session" '')
        printf 'Worker %s, host %s%s%s, group:%s, url:%s\n\tTask type:\n' "$session" "$name" "$lost" "${tasks:+ (paused:$tasks)}" "$group" "$url"
        ;;
      official)
        printf 'Worker %s, host %s%s\n' "$session" "$name" "$lost"
        if has workers-panic; then
          printf '\tCPU:  ['
          printf 'panic: strings: negative Repeat count\n\ngoroutine 1 [running]:\nstrings.Repeat(0x1)\n' >&2
          exit 2
        fi
        bar CPU 10 '7/64 core(s) in use'
        bar RAM 81 '81% 412 GiB/503.3 GiB'
        bar VMEM 92 '92% 468 GiB/503.3 GiB'
        [[ $tasks != C2 ]] || printf '\tGPU: GeForce RTX 3090, not used\n'
        ;;
      *)
        # This build says it of those that are not.
        [[ -e $state/paused/$session ]] || lost+=' (paused)'
        printf 'Worker %s, host %s%s group:%s\n\turl: %s\n\tTask type:\n' "$session" "$name" "$lost" "$group" "$url"
        for task in ${tasks//,/ }; do printf '\t%s: 0\n' "$task"; done
        ;;
    esac
  done
}
pause() { # worker-pause|worker-resume WORD…
  local command=$1 file found=''
  set -- "${@:2}"
  parse uuid= tt= help h -- "$@"
  if [[ -n ${flag[help]-}${flag[h]-} ]]; then
    printf 'NAME:\n   lotus-miner %s\n\nOPTIONS:\n' "$command"
    has pause-without-tasktype || printf '   --tt value    task type: ap|p1|p2|c1|c2|fin|all\n'
    printf '   --uuid value  uuid of the worker, or all\n'
    return
  fi
  call own Version
  if ! has pause-without-tasktype; then
    case ${flag[tt]-} in ap | p1 | p2 | c1 | c2 | fin | all) ;; *) fail 'must specify a valid tasktype' ;; esac
  fi
  for file in "$state/workers"/*; do
    [[ -e $file && $file != *.lost ]] || continue
    [[ ${flag[uuid]-} == all || ${flag[uuid]-} == "$(cut -f 1 "$file")" ]] || continue
    found=yes
    file=$state/paused/$(cut -f 1 "$file")
    if [[ $command == worker-pause ]]; then printf %s "${flag[tt]-all}" >"$file"; else rm -f "$file"; fi
  done
  [[ -n $found ]] || fail 'must specify a valid uuid'
}

# What is proven: the knob `partitions` has lines `deadline sectors faults terminated`, one a partition.
partitions() { knob_or partitions ''; }
sum_of() { partitions | awk -v column="$1" '{ sum += $column } END { print sum + 0 }'; }
proving() {
  local now start index open
  if [[ -n $actor ]]; then call node Version; else
    needs_repository
    call own Version
    call node Version
    actor=$(cat "$repo/datastore/actor")
  fi
  now=$(epoch)
  start=$(knob_or period-start $((now - 1517)))
  start=$((start + (now - start) / 2880 * 2880))
  index=$(((now - start) / 60)) open=$((start + (now - start) / 60 * 60))
  # A miner without live sectors: the recorded deadline, at its next occurrence.
  ! has opens-in || open=$((now + $(knob opens-in)))
  ! instead "proving-${1-}" || return 0
  case ${1-} in
    info) proving_info ;;
    deadlines) proving_deadlines ;;
    deadline) proving_deadline "${2-}" ;;
    *) no_command "${1:+proving $1}" ;;
  esac
}
proving_info() {
  local at
  at() { printf '%s %s' "$1" "$(relative "$1")"; }
  cat <<END
Miner: $actor
Current Epoch:           $now
Proving Period Boundary: $((start % 2880))
Proving Period Start:    $(at "$start")
Next Period Start:       $(at $((start + 2880)))

Faults:      $(sum_of 3) (0.00%)
Recovering:  $(knob_or recovering 0)
Deadline Index:       $index
Deadline Sectors:     $(partitions | awk -v index_="$index" '$1 == index_ { sum += $2 - $4 } END { print sum + 0 }')
Deadline Open:        $(at "$open")
Deadline Close:       $(at $((open + 60)))
Deadline Challenge:   $(at $((open - 20)))
Deadline FaultCutoff: $(at $((open - 70)))
END
}
proving_deadlines() {
  printf 'Miner: %s\n' "$actor"
  partitions | awk -v current="$index" -v proven="$(knob_or proven 0)" '
    { count[$1] += 1; sectors[$1] += $2; faults[$1] += $3 }
    END {
      printf "%-8s  %-10s  %-16s  %s\n", "deadline", "partitions", "sectors (faults)", "proven partitions"
      for (i = 0; i < 48; i++)
        printf "%-8s  %-10s  %-16s  %s%s\n", i, count[i] + 0, (sectors[i] + 0) " (" (faults[i] + 0) ")", i == current ? (proven < count[i] ? proven : count[i]) + 0 : 0, i == current ? "  (current)" : ""
    }'
}
proving_deadline() {
  local is_current=false proven=0 count
  [[ $1 =~ ^[0-9]+$ ]] || fail 'must pass deadline index'
  count=$(partitions | grep -c "^$1 ")
  if [[ $1 -eq $index ]]; then
    is_current=true proven=$(knob_or proven 0)
    [[ $proven -le $count ]] || proven=$count
  fi
  printf 'Deadline Index:           %s\nPartitions:               %s\nProven Partitions:        %s\nCurrent:                  %s\n\n' \
    "$1" "$count" "$proven" "$is_current"
  partitions | awk -v deadline="$1" '$1 == deadline {
    printf "Partition Index:          %s\nSectors:                  %s\nSector Numbers:           [1 2 3]\nFaults:                   %s\nFaulty Sectors:           []\n\n", n++, $2, $3
  }'
}

backup() {
  parse offline -- "$@"
  needs_repository
  if [[ -n ${flag[offline]-} ]]; then
    lock
    write_backup "${rest[0]}" || fail "open ${rest[0]}: no such file or directory"
  else
    call own CreateBackup "${rest[0]-}"
    echo Success
  fi
}
