#!/bin/bash
# A made-up lotus-worker: keeps its arguments and environment in the repository that it is given, one a line,
# in argv and environment, and listens where it is told to. As the real one it exits 0 on most errors, has its address
# in the file api while it runs, and writes storage.json and sectorstore.json when it is given a path; a file
# attach.fails in its repository has that break off: before anything is written, or `half` way.
# shellcheck disable=SC2317 # a trap calls stop
set -u
repository=${LOTUS_WORKER_PATH:-${WORKER_PATH:-$HOME/.lotusworker}} listen=0.0.0.0:3456
if [[ ${1-} == --version || ${1-} == -v ]]; then
  echo 'lotus-worker version 1.11.1+mainnet+git.3079a405a'
  exit
fi

record() {
  mkdir -p "$repository"
  printf '%s\n' "$@" >"$repository/argv"
  env >"$repository/environment"
}
# The log line of lotus; on standard error.
log() { printf '%s\tINFO\tmain\tlotus-seal-worker/main.go:1\t%s\n' "$(date +%Y-%m-%dT%H:%M:%S.000%z)" "$1" >&2; }
stop() {
  log 'Shutting down...'
  [[ -z ${server-} ]] || kill "$server" 2>/dev/null
  rm -f "$repository/api"
  log 'Graceful shutdown successful'
  exit 0
}
# Bash cannot listen; something in the machine can, or the port stays closed.
serve() { # address port
  if command -v perl >/dev/null && perl -MIO::Socket::INET -e1 2>/dev/null; then
    LC_ALL=C exec perl -MIO::Socket::INET -e '
      my $server = IO::Socket::INET->new(LocalAddr => $ARGV[0], LocalPort => $ARGV[1], Listen => 16, ReuseAddr => 1)
        or die "ERROR: listen tcp $ARGV[0]:$ARGV[1]: $!\n";
      while (my $client = $server->accept) { close $client }' "$1" "$2"
  elif command -v python3 >/dev/null; then
    exec python3 -c 'import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True: server.accept()[0].close()' "$1" "$2"
  fi
  exec sleep 1000000
}

arguments=("$@")
command=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --worker-repo) repository=$2; shift ;;
    --worker-repo=*) repository=${1#*=} ;;
    --listen) listen=$2; shift ;;
    --listen=*) listen=${1#*=} ;;
    --role | --group | --maxsealing | --miner-repo) shift ;;
    -*) ;;
    *) command+=("$1") ;;
  esac
  shift
done

case "${command[*]:-}" in
  run)
    record "${arguments[@]}"
    log 'Starting lotus worker'
    if [[ -z ${MINER_API_INFO-} ]]; then
      log 'ERROR: could not get api info: MINER_API_INFO is not set'
      exit 0
    fi
    serve "${listen%:*}" "${listen##*:}" &
    server=$!
    trap stop INT TERM HUP
    log "Setting up control endpoint at $listen"
    printf '/ip4/%s/tcp/%s' "${listen%:*}" "${listen##*:}" >"$repository/api"
    log 'Worker registered successfully, waiting for tasks'
    wait "$server"
    ;;
  'storage attach '*)
    path=${command[2]}
    repository=${LOTUS_WORKER_PATH:-$repository}
    mkdir -p "$repository"
    printf '%s\n' "${arguments[@]}" >"$repository/attach.argv"
    echo attach >>"$repository/attach.count"
    if [[ ! -e $repository/api ]]; then
      echo "ERROR: could not get API info: could not get api endpoint: API not running (no endpoint)" >&2
      exit 0
    fi
    fails=''
    [[ ! -e $repository/attach.fails ]] || fails=$(<"$repository/attach.fails")
    if [[ $fails == before ]]; then
      echo "ERROR: must specify at least one of --store or --seal" >&2
      exit 0
    fi
    if [[ " ${arguments[*]} " == *' --init '* ]]; then
      if [[ -e $path/sectorstore.json ]]; then
        echo "ERROR: path is already initialized" >&2
        exit 0
      fi
      mkdir -p "$path"
      printf '{\n  "ID": "5f2c",\n  "Weight": 10,\n  "CanSeal": true,\n  "CanStore": false,\n  "MaxStorage": 0\n}' >"$path/sectorstore.json"
    elif [[ ! -e $path/sectorstore.json ]]; then
      echo "ERROR: opening local path: reading storage metadata for $path: open $path/sectorstore.json: no such file or directory" >&2
      exit 0
    fi
    if [[ $fails == half ]]; then
      echo "ERROR: dial tcp: connect: connection refused" >&2
      exit 0
    fi
    mkdir -p "$path"/{cache,sealed,unsealed}
    printf '{\n  "StoragePaths": [\n    {\n      "Path": "%s"\n    }\n  ]\n}' "$path" >"$repository/storage.json"
    ;;
  *)
    record "${arguments[@]}"
    echo "ERROR: unknown command: ${command[*]:-}" >&2
    ;;
esac
exit 0
