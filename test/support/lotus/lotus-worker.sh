# The simulated lotus-worker: registers at the miner over the network, and stays on the line. Exits with 0 on any error.
accepted_token() { cat "$repo/token"; }
# What is changed while it runs is not kept: it stands in a directory of the process.
answer_own() { # METHOD ARGUMENTS
  local memory=$state/worker-$main_pid
  case $1 in
    Enable) rm -f "$memory/disabled" ;;
    Disable) : >"$memory/disabled" ;;
    Info)
      echo "ok $(cat "$memory/session") $([[ -e $memory/disabled ]] && echo false || echo true) $(cat "$memory/tasks")"
      return
      ;;
    TaskEnable | TaskDisable)
      sed -i "s/ $2\\b//; \$s/\$/$([[ $1 == TaskDisable ]] || echo " $2")/" "$memory/tasks"
      ;;
    *)
      echo "error method '$1' not found"
      return
      ;;
  esac
  echo ok
}

main() {
  case ${1-} in --version | -v) print_version; return ;; esac
  parse worker-repo= workerrepo= miner-repo= storagerepo= enable-gpu-proving -- "$@"
  repo=${LOTUS_WORKER_PATH:-${WORKER_PATH:-${flag[worker-repo]-${flag[workerrepo]-$HOME/.lotusworker}}}}
  local command=${rest[0]-}
  set -- ${rest[@]+"${rest[@]:1}"}
  case $command in
    run) run "$@" ;;
    info) worker_info ;;
    storage)
      case ${1-} in
        attach) attach "${@:2}" ;;
        *) no_command "${1:+storage $1}" ;;
      esac
      ;;
    set)
      parse enabled -- "$@"
      if [[ ${flag[enabled]-true} == true ]]; then call own Enable; else call own Disable; fi
      ;;
    wait-quiet)
      call own Version
      held worker-busy
      ;;
    tasks)
      case ${2-} in UNS | C2 | PC2 | PC1 | AP) ;; *) fail "unknown task type '${2-}'" ;; esac
      case ${1-} in
        enable) call own TaskEnable "$2" ;;
        disable) call own TaskDisable "$2" ;;
        *) no_command "tasks ${1-}" ;;
      esac
      ;;
    *) no_command "$command" ;;
  esac
}

run() {
  local listen tasks address port token host memory announced
  parse listen= address= no-local-storage no-swap addpiece precommit1 unseal precommit2 commit parallel-fetch-limit= timeout= role= group= -- "$@"
  listen=${flag[listen]-${flag[address]-0.0.0.0:3456}}
  log INFO 'Starting lotus worker'
  case ${flag[role]-} in
    APx) tasks='FIN GET C1 AP' ;;
    P1) tasks='FIN GET C1 PC1' ;;
    P2) tasks='FIN GET C1 PC2' ;;
    C2) tasks='FIN GET C1 C2' ;;
    *) tasks='FIN GET UNS C1 C2 PC2 PC1 AP' ;;
  esac
  [[ -n ${MINER_API_INFO-} ]] || fail 'could not get api info: could not get api endpoint: API not running (no endpoint)'
  split_info "$MINER_API_INFO"
  announced=${listen%:*}
  # The address that the miner is reached from.
  [[ $announced != 0.0.0.0 ]] || announced=$(ip -4 route get "$host" 2>/dev/null | sed -nE 's/.* src ([0-9.]+).*/\1/p')
  memory=$state/worker-$$ main_pid=$$
  trap 'worker_stops' INT TERM HUP
  connect_miner
  log INFO "Remote version $version"
  ! has worker-params-missing || fail 'get params: fetching proof parameters: checksum mismatch'
  mkdir -p "$repo"
  lock
  mkdir -p "$repo/datastore" "$repo/keystore"
  chmod 700 "$repo/keystore"
  [[ -e $repo/storage.json ]] || write_storage_paths
  log INFO 'Opening local storage; connecting to master'
  open_storage
  (umask 077 && printf %s "$token" >"$repo/token")
  mkdir -p "$memory"
  uuid >"$memory/session"
  echo " $tasks" >"$memory/tasks"
  serve "${listen%:*}" "${listen##*:}"
  printf '/ip4/%s/tcp/%s' "$announced" "${listen##*:}" >"$repo/api"
  log INFO "Setting up control endpoint at $announced:${listen##*:}"
  while :; do
    log INFO 'Making sure no local tasks are running'
    held worker-busy
    register "http://$announced:${listen##*:}/rpc/v0"
    stay_registered
    log ERROR 'LOTUS-MINER CONNECTION LOST'
    # A miner that is stopped still takes connections for a moment, and no worker.
    nap 1
    connect_miner
    log INFO 'Redeclaring local storage'
  done
}
# Comes back with the miner on the line.
connect_miner() {
  until ! has worker-cannot-connect && dial; do
    printf '\r\033[0KConnecting to miner API... (dial tcp %s:%s: connect: connection refused)' "$host" "$port"
    nap 1
  done
}
register() { # URL
  local answer
  # It is neither listed nor at work, and does not know it.
  ! has worker-ghost || return 0
  say Register "$(cat "$memory/session")" "$(uname -n)" "$1" "${flag[group]-}" "$(xargs <"$memory/tasks" | tr ' ' ,)"
  IFS= read -r answer <&5 || answer='error handler: websocket connection closed'
  if [[ $answer != ok* ]]; then
    worker_gone
    fail "${answer#error }"
  fi
  log INFO 'Worker registered successfully, waiting for tasks'
}
stay_registered() {
  local line was=enable now status
  while :; do
    ! has worker-exits || { log WARN 'http: Server closed'; worker_gone; exit 0; }
    IFS= read -r -t 0.5 line <&5
    status=$?
    # More than 128 is that nothing came in time.
    [[ $status -gt 128 || $status -eq 0 ]] || return 0
    if [[ -e $memory/disabled ]]; then now=disable; else now=enable; fi
    [[ $now == "$was" ]] || printf '%s\n' "$now" >&5
    was=$now
  done
}
worker_gone() {
  [[ -z ${listener-} ]] || kill "$listener" 2>/dev/null
  rm -rf "$repo/api" "$memory"
}
worker_stops() {
  log WARN 'Shutting down...'
  if has stop-seconds; then
    # A trap that waits while a read with a time limit goes on may never come back.
    { nap "$(knob stop-seconds)"; worker_gone; kill -9 "$$"; } &
    return
  fi
  log INFO 'Graceful shutdown successful'
  worker_gone
  log WARN 'http: Server closed'
  exit 0
}

worker_info() {
  local session enabled tasks path
  call own Info
  read -r session enabled tasks <<<"$answer"
  [[ $enabled == true ]] || fail 'getting session: worker disabled'
  cat <<END
Worker version:  1.1.0
CLI version: $(print_version)

Session: $session
Enabled: $enabled
Hostname: $(uname -n)
CPUs: 64; GPUs: []
RAM: 503.3 GiB; Swap: 0 B
Reserved memory: 20 GiB
Task types: $tasks 

END
  while IFS= read -r path; do
    printf '%s:\n\tWeight: 10; Use: Seal \n\tLocal: %s\n' "$(sed -nE 's/^ *"ID": "(.*)",$/\1/p' "$path/sectorstore.json")" "$path"
  done < <(storage_paths)
}
