# What the simulated lotus, lotus-miner and lotus-worker have in common. A program is one file: its name and version,
# this, its own part, and a call of main (programs.ts). They behave as github.com/filecoin-project/lotus v1.11.1 does,
# seen from outside. What happens on a host is told by files in its state directory (knobs.ts); no clock decides.
# Needs bash 4.2, coreutils, flock, and perl for what bash cannot do: to listen.
set -u
state=${SIMULATED_LOTUS:-/var/lib/simulated-lotus}
# A version is told on any machine, and leaves nothing there.
[[ ${1-} == --version || ${1-} == -v ]] || mkdir -p "$state"/{balances,workers,paused}

# The content of a knob; fails where it is not set.
knob() { [[ -e $state/$1 ]] && cat "$state/$1"; }
knob_or() { knob "$1" || printf '%s' "$2"; }
has() { [[ -e $state/$1 ]]; }
# Prints what a test has set in the place of what a command says; fails where it has not.
instead() { # NAME
  held "hangs/$1"
  knob "says/$1"
}
# Waits as long as a knob is set: there a test can look at what is half done, or end it.
held() { while has "$1"; do nap 0.1; done; }
# Whatever is started must not keep the lock of the repository when its parent is gone.
nap() { sleep "$1" 7>&-; }

log() { # LEVEL TEXT
  printf '%(%Y-%m-%dT%H:%M:%S.000%z)T\t%s\tmain\t%s/main.go:1\t%s\n' -1 "$1" "$program" "$2" >&2
}
# Ends the command as its program does: a worker only warns, and exits with 0.
fail() {
  if [[ $program == lotus-worker ]]; then
    log WARN "$1"
    exit 0
  fi
  if [[ -n ${LOTUS_DEV+set} ]]; then log WARN "$1"; else printf 'ERROR: %s\n\n' "$1" >&2; fi
  exit 1
}
no_command() {
  [[ -n $1 ]] || { printf 'NAME:\n   %s\n' "$program"; exit 0; }
  printf "No help topic for '%s'\n" "$1" >&2
  exit 3
}

# parse NAME… NAME=… -- WORD…: flags into `flag`, what follows them into `rest`. NAME= takes a value, be it another
# flag. The first word that is none ends them.
declare -A flag
declare -a rest
parse() {
  local word name
  local -A kinds=()
  while [[ $1 != -- ]]; do
    if [[ $1 == *= ]]; then kinds[${1%=}]=value; else kinds[$1]=switch; fi
    shift
  done
  shift
  while [[ ${1-} == -?* ]]; do
    word=${1#-}
    word=${word#-}
    name=${word%%=*}
    case ${kinds[$name]-} in
      switch) if [[ $word == *=* ]]; then flag[$name]=${word#*=}; else flag[$name]=true; fi ;;
      value)
        if [[ $word == *=* ]]; then
          flag[$name]=${word#*=}
        else
          [[ $# -ge 2 ]] || fail "flag needs an argument: -$name"
          flag[$name]=$2
          shift
        fi
        ;;
      *)
        printf 'Incorrect Usage: flag provided but not defined: -%s\n\n' "$name"
        fail "flag provided but not defined: -$name"
        ;;
    esac
    shift
  done
  rest=("$@")
}

# Numbers, names and lists.
epoch() { knob_or epoch 1031537; }
uuid() { cat /proc/sys/kernel/random/uuid; }
random_base32() { head -c "$(($1 + 8))" /dev/urandom | base32 -w 0 | tr '[:upper:]' '[:lower:]' | cut -c "1-$1"; }
key_file() { printf '%s/keystore/%s' "$repo" "$(printf %s "$1" | base32 -w 0 | tr -d =)"; }
# `(8 minutes 30 seconds ago)`: the first two units that are not zero.
relative() { # EPOCH
  local seconds=$((($1 - $(epoch)) * 30)) when='' parts=0 unit size number
  [[ $seconds -ne 0 ]] || { printf '(now)'; return; }
  local left=${seconds#-}
  for unit in year:31536000 week:604800 day:86400 hour:3600 minute:60 second:1; do
    size=${unit#*:} number=$((left / ${unit#*:}))
    left=$((left % size))
    [[ $number -gt 0 && $parts -lt 2 ]] || continue
    parts=$((parts + 1))
    when+=" $number ${unit%:*}"
    [[ $number -eq 1 ]] || when+=s
  done
  if [[ $seconds -lt 0 ]]; then printf '(%s ago)' "${when# }"; else printf '(in%s)' "$when"; fi
}
# Rows of cells with tabs between on standard input, the first the header: columns that no row uses are left out, and
# every cell has two blanks after its widest.
table() {
  awk -F '\t' '
    { if ($1 != "!" && NF > columns) columns = NF; for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if ($1 == "!") continue; if (length($i) > wide[i]) wide[i] = length($i); if (NR > 1 && $i != "") used[i] = 1 } }
    END {
      if (NR == 1) { print ""; exit }
      for (row = 1; row <= NR; row++) {
        if (cell[row, 1] == "!") { print "  Error: " cell[row, 2]; continue }
        line = ""
        for (i = 1; i <= columns; i++) if (used[i]) line = line sprintf("%-" (wide[i] + 2) "s", cell[row, i])
        print line
      }
    }'
}

# Repositories.
lock() { # NAME
  exec 7>"$repo/repo.lock"
  flock -n 7 || fail "repo is already locked (lotus daemon already running)"
}
# What a new repository holds; the token is written once, with the secret that it is signed with.
TOKEN_HEAD=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJBbGxvdyI6WyJyZWFkIiwid3JpdGUiLCJzaWduIiwiYWRtaW4iXX0
make_repository() { # PORT
  mkdir -p "$repo"/{datastore,keystore,journal}
  chmod 700 "$repo/keystore"
  [[ -e $repo/config.toml ]] || printf '[API]\n#  ListenAddress = "/ip4/127.0.0.1/tcp/%s/http"\n' "$1" >"$repo/config.toml"
}
# Made by what serves an API, when it first does.
make_token() {
  local secret
  secret=$(key_file auth-jwt-private)
  [[ ! -e $secret ]] || return 0
  (
    umask 077
    head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_' | tr -d = >"$secret"
    printf '%s.%s' "$TOKEN_HEAD" "$(cat "$secret")" >"$repo/token"
  )
}
admin_token() { printf '%s.%s' "$TOKEN_HEAD" "$(cat "$(key_file auth-jwt-private)")"; }
check_keys() {
  local file mode
  for file in "$repo/keystore"/*; do
    [[ -e $file ]] || continue
    mode=$(stat -c %a "$file")
    [[ $mode == 600 ]] || fail "permissions of key: '${file##*/}' are too relaxed, required: 0600, got: 0$mode"
  done
}
# ListenAddress of [API] in config.toml, where it is not a comment.
configured_address() {
  sed -nE '/^\[API\]/,/^\[/s/^[[:blank:]]*ListenAddress[[:blank:]]*=[[:blank:]]*"(.*)".*/\1/p' "$repo/config.toml" | head -n 1
}
storage_paths() { sed -nE 's/^ *"Path": "(.*)"$/\1/p' "$repo/storage.json" 2>/dev/null; }
write_storage_paths() { # PATH…
  local path lines=''
  if [[ $# -eq 0 ]]; then
    printf '{\n  "StoragePaths": null\n}' >"$repo/storage.json"
    return
  fi
  for path; do lines+=",\n    {\n      \"Path\": \"$path\"\n    }"; done
  printf '{\n  "StoragePaths": [%b\n  ]\n}' "${lines#,}" >"$repo/storage.json"
}
open_storage() {
  local path
  while IFS= read -r path; do
    [[ -e $path/sectorstore.json ]] ||
      fail "opening path $path: reading storage metadata for $path: open $path/sectorstore.json: no such file or directory"
  done < <(storage_paths)
}
# storage attach: --init makes the path here; then the process that runs is asked to open it.
attach() {
  parse init seal store weight= max-storage= maxsealing= group= -- "$@"
  local path=${rest[0]-} seal=${flag[seal]-false} store=${flag[store]-false}
  call own Version
  [[ -n $path ]] || fail 'must specify storage path to attach'
  if [[ ${flag[init]-} == true ]]; then
    [[ $seal == true || $store == true ]] || fail 'must specify at least one of --store or --seal'
    mkdir -p "$path"
    [[ ! -e $path/sectorstore.json ]] || fail 'path is already initialized'
    printf '{\n  "ID": "%s",\n  "Weight": %s,\n  "CanSeal": %s,\n  "CanStore": %s,\n  "MaxStorage": 0\n}' \
      "$(uuid)" "${flag[weight]-10}" "$seal" "$store" >"$path/sectorstore.json"
    mkdir -p "$path"/{unsealed,sealed,cache}
  fi
  call own StorageAddLocal "$path"
}

# The API. A client says its token, a method and arguments, with tabs between; the server answers with one line, `ok` and
# what there is to say, or `error` and why. A worker that registers stays on the line: that it is gone is seen by it.

# locate node|own: where the API of the full node or of this repository is, and the token, into host, port and token.
locate() {
  local info='' directory=$repo
  if [[ $1 == node ]]; then
    info=${FULLNODE_API_INFO-}
    directory=${LOTUS_PATH:-$HOME/.lotus}
  elif [[ $program == lotus-miner ]]; then
    info=${MINER_API_INFO-}
  elif [[ $program == lotus ]]; then
    info=${FULLNODE_API_INFO-}
  else
    info=${WORKER_API_INFO-}
  fi
  if [[ -z $info ]]; then
    [[ -e $directory/api ]] || fail 'could not get API info: could not get api endpoint: API not running (no endpoint)'
    info=$(cat "$directory/token" 2>/dev/null):$(cat "$directory/api")
  fi
  split_info "$info"
}
split_info() { # TOKEN:/ip4/HOST/tcp/PORT/http
  token=${1%%:/*}
  [[ $1 == *:/* ]] || token=''
  local -a parts
  IFS=/ read -r -a parts <<<"/${1#*:/}"
  host=${parts[2]-} port=${parts[4]-}
}
# call node|own METHOD ARGUMENT…: the answer into `answer`.
call() {
  local to=$1
  shift
  locate "$to"
  dial || fail "dial tcp $host:$port: connect: connection refused"
  say "$@"
  IFS= read -r answer <&5 || fail 'handler: websocket connection closed'
  exec 5>&-
  [[ $answer == ok* ]] || fail "${answer#error }"
  answer=${answer#ok}
  answer=${answer# }
}
dial() { { exec 5<>"/dev/tcp/$host/$port"; } 2>/dev/null; }
say() {
  local IFS=$'\t'
  printf '%s\n' "${token:--}"$'\t'"$*" >&5
}

# Bash cannot listen. It ends, with all that it has started, when the program whose standard input it holds is gone.
# shellcheck disable=SC2016 # this is perl
LISTENER_PROGRAM='
  use IO::Socket::INET; use IO::Select;
  $| = 1; $SIG{CHLD} = "IGNORE"; setpgrp;
  $SIG{TERM} = sub { $SIG{TERM} = "DEFAULT"; kill TERM => -$$ };
  my ($address, $port, @handler) = @ARGV;
  my $server = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 64, ReuseAddr => 1)
    or do { print "listen tcp $address:$port: bind: \l$!\n"; <STDIN>; exit };
  print "ready\n";
  my $select = IO::Select->new($server, \*STDIN);
  while (1) {
    for my $one ($select->can_read) {
      if ($one != $server) { sysread(STDIN, my $text, 1) or kill TERM => -$$; next }
      my $client = $server->accept or next;
      next if fork;
      open STDIN, "<&", $client; open STDOUT, ">&", $client; close $server; close $client;
      exec @handler;
    }
  }'
# serve ADDRESS PORT: listens, and has `handle` answer.
serve() {
  local code ready
  code="$(declare -f)"
  code+=$'\n'"$(declare -p program version state repo TOKEN_HEAD main_pid)"$'\n''handle'
  # The code is in the environment: who looks for a program by its arguments does not find this one.
  # shellcheck disable=SC2016 # the handler's own shell has the value
  coproc LISTENER {
    LC_ALL=C SIMULATED_HANDLER=$code exec perl -e "$LISTENER_PROGRAM" "$1" "$2" bash -c 'eval "$SIMULATED_HANDLER"' 5>&- 7>&-
  }
  # shellcheck disable=SC2153 # coproc sets it
  listener=$LISTENER_PID
  IFS= read -r ready <&"${LISTENER[0]}" || ready='the listener ended'
  [[ $ready == ready ]] || fail "could not listen: $ready"
}
# is_signed TOKEN: none, or whatever token is signed with the key of the one that is known, as each of create-token is.
is_signed() {
  local known
  known=$(accepted_token)
  [[ $1 == - || ${1##*.} == "${known##*.}" ]]
}
handle() {
  local given method arguments
  IFS=$'\t' read -r given method arguments || exit 0
  if has call-breaks; then exit 0; fi
  if [[ $given == 'POST '* ]]; then
    handle_http "$given"
    return
  fi
  if has token-rejected || { ! is_signed "$given"; }; then
    echo 'error websocket: bad handshake'
  elif [[ $given == - ]]; then
    echo "error missing permission to invoke '$method' (need 'read')"
  else
    case $method in
      Version) echo "ok $version+api1.3.0" ;;
      Shutdown)
        echo ok
        kill -USR1 "$main_pid"
        ;;
      StorageAddLocal)
        if [[ ! -e $arguments/sectorstore.json ]]; then
          echo "error opening local path: reading storage metadata for $arguments: open $arguments/sectorstore.json: no such file or directory"
        else
          local -a paths=()
          mapfile -t paths < <(storage_paths)
          write_storage_paths "${paths[@]}" "$arguments"
          echo ok
        fi
        ;;
      *) answer_own "$method" "$arguments" ;;
    esac
  fi
}

# handle_http LINE: the same over HTTP, as far as fcops asks: what a token allows (Filecoin.AuthVerify).
handle_http() {
  local line token='' length=0 body status='200 OK' answer
  while IFS= read -r line; do
    line=${line%$'\r'}
    [[ -n $line ]] || break
    case ${line,,} in
      'authorization: bearer '*) token=${line#*: }; token=${token#* } ;;
      'content-length: '*) length=${line#*: } ;;
    esac
  done
  IFS= read -r -N "$length" body
  if [[ $1 != 'POST /rpc/v'[01]' '* ]]; then
    status='404 Not Found' answer='404 page not found'
  elif has token-rejected || ! is_signed "${token:--}"; then
    status='401 Unauthorized' answer=''
  elif [[ -z $token ]]; then
    answer='{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"missing permission to invoke '"'AuthVerify' (need 'read')"'"}}'
  elif [[ $body == *'"Filecoin.AuthVerify"'* ]]; then
    answer='{"jsonrpc":"2.0","result":["read","write","sign","admin"],"id":1}'
  else
    answer='{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"method not found"}}'
  fi
  printf 'HTTP/1.0 %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s' "$status" "${#answer}" "$answer"
}

# run_until_stopped ADDRESS PORT API: listens, writes the file `api` and waits; `stopping` ends it.
run_until_stopped() {
  # Before anybody can ask for it.
  trap 'stopping terminated' TERM
  trap 'stopping interrupt' INT
  trap 'stopping' USR1
  main_pid=$$
  serve "$1" "$2"
  printf %s "$3" >"$repo/api"
  while :; do
    wait "$listener"
    kill -0 "$listener" 2>/dev/null || fail 'the listener ended'
  done
}
stopping() {
  local detail=''
  [[ -z ${1-} ]] || detail=$'\t'"{\"signal\": \"$1\"}"
  log WARN "received shutdown$detail"
  log WARN 'Shutting down...'
  held stop-hangs
  [[ -z ${listener-} ]] || kill "$listener" 2>/dev/null
  log INFO 'rpc server shut down successfully '
  nap "$(knob_or stop-seconds 0.2)"
  rm -f "$repo/api"
  log WARN 'Graceful shutdown successful'
  exit 0
}

# The screen of sync wait, until the node is in sync. Each round takes the lines of the one before back, pipe or not.
sync_wait() {
  local lines=0 target current stage
  trap 'printf "\nExit by user\n"; exit 0' INT TERM HUP
  while :; do
    call node Version
    sync_state
    while [[ $lines -gt 0 ]]; do
      printf '\r\033[2K\033[A'
      lines=$((lines - 1))
    done
    if [[ $stage != silent ]]; then
      printf 'Worker: 48; Base: %s; Target: %s (diff: %s)\n' $((target - 337)) "$target" 337
      printf 'State: %s; Current Epoch: %s; Todo: %s\n' "$stage" "$current" $((target - current))
      lines=2
      if [[ $stage != complete ]]; then
        printf 'Validated %s messages (145 per second)\n' "$current"
        lines=3
      fi
    fi
    [[ $in_sync != yes ]] || break
    nap 0.25
  done
  printf '\nDone!\n'
  trap - INT TERM HUP
}
# Whether the node is in sync, into in_sync, stage, target and current. A node that has imported no chain never is.
sync_state() {
  target=$(epoch) current=$target stage=complete in_sync=no
  local now=behind
  [[ ! -e ${LOTUS_PATH:-$HOME/.lotus}/datastore/chain ]] || now='done'
  case $(knob_or sync "$now") in
    'done') in_sync=yes ;;
    silent) stage=silent ;;
    stuck) ;;
    error) stage=error current=$((target - 300)) ;;
    *) stage='message sync' current=$((target - 147)) ;;
  esac
}

# fetch-params SIZE: files and their bytes as the knob says, `name bytes` a line.
fetch_params() {
  local size=${1-} directory=${FIL_PROOFS_PARAMETER_CACHE:-/var/tmp/filecoin-proof-parameters} name bytes path
  local gateway=${IPFS_GATEWAY:-https://proofs.filecoin.io/ipfs/}
  [[ -n $size ]] || fail 'must pass sector size to fetch params for (specify as "32GiB", for instance)'
  mkdir -p "$directory"
  while read -r name bytes; do
    path=${directory%/}/$name
    if [[ -e $path && $(stat -c %s "$path") == "$bytes" ]]; then
      log INFO "Parameter file $path is ok"
      continue
    fi
    held fetch-waits
    log INFO "Fetching $path from $gateway"
    log INFO "GET ${gateway}Qm$name"
    truncate -s "$bytes" "$path"
    if [[ $(knob_or fetch-mismatch '') == "$name" ]]; then
      rm "$path"
      fail "fetching proof parameters: checking file $path failed: checksum mismatch in param file $path, 00000000000000000000000000000000 != 11111111111111111111111111111111"
    fi
  done < <(knob_or parameters "v28-simulated-$size.params 2048"$'\n'"v28-simulated-$size.vk 128"$'\n')
  log INFO 'parameter and key-fetching complete'
}

# What all of them know.
print_version() { printf '%s version %s\n' "$program" "$version"; }
running_version() {
  call own Version
  printf 'Daemon:  %s\nLocal: %s\n' "$answer" "$(print_version)"
}
wait_api() {
  local round
  for ((round = 0; round < 30; round++)); do
    if [[ -e $repo/api ]] && (call own Version) 2>/dev/null; then return; fi
    printf 'Not online yet... (could not get API info: could not get api endpoint: API not running (no endpoint))\n'
    nap 1
  done
  fail 'timed out waiting for api to come online'
}
auth() { # VARIABLE WORD…
  local variable=$1
  shift
  parse perm= -- "${@:2}"
  call own Version
  case ${1-} in
    create-token) admin_token && echo ;;
    api-info) printf '%s=%s:%s\n' "$variable" "$(admin_token)" "$(cat "$repo/api")" ;;
    *) no_command "auth ${1-}" ;;
  esac
}
