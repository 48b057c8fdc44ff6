# The simulated lotus: the daemon of the full node, and the commands that ask it.
accepted_token() { admin_token; }
answer_own() { echo "error method '$1' not found"; }

main() {
  case ${1-} in --version | -v) print_version; return ;; esac
  parse repo= -- "$@"
  repo=${LOTUS_PATH:-${flag[repo]-$HOME/.lotus}}
  local command=${rest[0]-}
  set -- ${rest[@]+"${rest[@]:1}"}
  case $command in
    daemon) if [[ ${1-} == stop ]]; then call own Shutdown; else daemon "$@"; fi ;;
    version) running_version ;;
    sync) sync_command "$@" ;;
    status)
      call own Version
      ! instead status || return 0
      sync_state
      printf 'Sync Epoch: %s\nEpochs Behind: %s\nPeers to Publish Messages: 4\nPeers to Publish Blocks: 5\n' \
        "$current" $((target - current))
      ;;
    wallet) wallet "$@" ;;
    state) state_command "$@" ;;
    fetch-params) fetch_params "$@" ;;
    auth) auth FULLNODE_API_INFO "$@" ;;
    wait-api) wait_api ;;
    *) no_command "$command" ;;
  esac
}

daemon() {
  local api address port
  parse api= genesis= bootstrap import-chain= import-snapshot= halt-after-import manage-fdlimit config= -- "$@"
  log INFO "lotus repo: $repo"
  [[ -e $repo/datastore || -e $repo/keystore ]] || log INFO "Initializing repo at '$repo'"
  mkdir -p "$repo"
  lock
  make_repository 1234
  make_token
  ! has daemon-fails || fail "$(knob daemon-fails)"
  [[ -z ${flag[import-snapshot]-} ]] || import_snapshot "${flag[import-snapshot]}"
  check_keys
  api=$(configured_address)
  [[ -z ${flag[api]-} ]] || api=/ip4/127.0.0.1/tcp/${flag[api]}/http
  api=${api:-/ip4/127.0.0.1/tcp/1234/http}
  IFS=/ read -r _ _ address _ port _ <<<"$api"
  run_until_stopped "$address" "$port" "$api"
}
import_snapshot() {
  [[ $1 != http* ]] || fail 'fetching chain CAR failed with non-200 response: 404'
  [[ -e $1 ]] || fail "opening snapshot file: open $1: no such file or directory"
  log INFO "importing chain from $1..."
  printf '\r 10.00%%'
  held import-waits
  ! has import-fails || fail "$(knob import-fails)"
  printf '\r100.00%%\n'
  cp "$1" "$repo/datastore/chain"
  log INFO 'accepting [bafy2bzacea] as new head'
  if [[ ${flag[halt-after-import]-} == true ]]; then
    echo 'Chain import complete, halting as requested...'
    exit 0
  fi
}

sync_command() {
  case ${1-} in
    wait) sync_wait ;;
    status)
      call own Version
      sync_state
      echo 'sync status:'
      [[ $stage != silent ]] || return 0
      printf 'worker 48:\n\tBase:\t[bafy2bzacea]\n\tTarget:\t[bafy2bzaceb] (%s)\n\tHeight diff:\t%s\n\tStage: %s\n\tHeight: %s\n\tElapsed: 2.345678901s\n' \
        "$target" 337 "$stage" "$current"
      [[ $stage != error ]] || printf '\tError: context canceled\n'
      ;;
    *) no_command "${1:+sync $1}" ;;
  esac
}

# What the chain has of the one miner that there is; its owner and its worker are f01001 and f01002.
state_command() {
  local actor worker size
  [[ ${1-} == miner-info ]] || no_command "state ${1-}"
  call own Version
  [[ -n ${2-} ]] || fail 'must specify miner to get information for'
  read -r actor worker size <<<"$(knob_or on-chain '')"
  [[ $actor == "$2" ]] || fail "getting miner info: actor not found: $2"
  printf 'Available Balance: 436.117 FIL\nOwner:\tf01001\nWorker:\tf01002\nPeerID:\t12D3KooWsimulated\nMultiaddrs:\t\nConsensus Fault End:\t-1\nSectorSize:\t%s (68719476736)\n' "$size"
}

# Keys are in the keystore, by the address in the name of their file.
addresses() {
  local file name
  for file in "$repo/keystore"/O5QWY3DFOQ*; do
    [[ -e $file ]] || continue
    name=${file##*/}
    while ((${#name} % 8)); do name+='='; done
    name=$(base32 -d <<<"$name")
    printf '%s\n' "${name#wallet-}"
  done
}
store_key() { # NAME TEXT
  local file
  file=$(key_file "$1")
  (umask 077 && printf %s "$2" >"$file")
}
wallet() {
  local command=${1-} address balance nonce mark default id worker
  read -r _ worker _ <<<"$(knob_or on-chain '')"
  set -- "${@:2}"
  [[ -z $command ]] || call own Version
  default=$(cat "$(key_file default)" 2>/dev/null)
  case $command in
    new)
      case ${1-secp256k1} in
        bls) address=f3$(random_base32 84) ;;
        secp256k1) address=f1$(random_base32 39) ;;
        *) fail "unsupported key type: '$1'" ;;
      esac
      store_key "wallet-$address" "{\"Type\":\"${1-secp256k1}\",\"PrivateKey\":\"$(head -c 32 /dev/urandom | base64)\"}"
      [[ -n $default ]] || store_key default "$address"
      echo "$address"
      ;;
    list)
      parse addr-only a id i -- "$@"
      if [[ -n ${flag[addr-only]-}${flag[a]-} ]]; then
        addresses
        return
      fi
      {
        printf 'Address\tID\tBalance\tNonce\tDefault\n'
        for address in $(addresses); do
          balance=$(knob_or "balances/$address" 0)
          if [[ $balance == error* ]]; then
            printf '%s\t\t\t\t\n!\t%s\n' "$address" "${balance#error }"
            continue
          fi
          mark='' nonce=0
          [[ $address != "$default" ]] || mark=X
          id=n/a
          [[ $address != "$worker" ]] || id=f01002
          printf '%s\t%s\t%s FIL\t%s\t%s\n' "$address" "${flag[id]+$id}${flag[i]+$id}" "$balance" "$nonce" "$mark"
        done
      } | table
      ;;
    balance)
      balance=$(knob_or "balances/${1:-$default}" 0)
      if [[ $balance == 0 ]]; then balance='0 FIL (warning: may display 0 if chain sync in progress)'; else balance+=' FIL'; fi
      echo "$balance"
      ;;
    default) if [[ -n $default ]]; then echo "$default"; else fail 'failed to get default key'; fi ;;
    set-default) store_key default "$1" ;;
    export)
      [[ -e $(key_file "wallet-${1-}") ]] || fail 'key not found'
      od -An -v -tx1 "$(key_file "wallet-$1")" | tr -d ' \n' && echo
      ;;
    *) no_command "${command:+wallet $command}" ;;
  esac
}
