# Steps that give a process what it is given once.

# is_listed REPOSITORY PATH: whether its storage.json names the directory.
is_listed() {
  [[ -e $1/storage.json ]] && grep -qF -e "\"$2\"" -e "\"$2/\"" -- "$1/storage.json"
}

# await_answer NAME REPOSITORY: until its API takes connections. Its file `api` may be left from a process before.
await_answer() {
  local address said='' end=$((SECONDS + 120))
  while true; do
    address=''
    { IFS= read -r address <"$2/api"; } 2>/dev/null || true
    if [[ $address =~ ^/ip4/([0-9.]+)/tcp/([0-9]+) ]]; then
      # shellcheck disable=SC2188 # it only opens
      ! (: <>"/dev/tcp/${BASH_REMATCH[1]}/${BASH_REMATCH[2]}") 2>/dev/null || return 0
    elif [[ -n $address ]]; then
      # One that bash cannot ask.
      return 0
    fi
    if [[ -z $(worker_pids "$2") || $SECONDS -ge $end ]]; then
      log_end "${by_unit-}" "$2/log.txt" >&2
      [[ -n $(worker_pids "$2") ]] || fail "$1 does not run"
      fail "$1 runs, and its API does not answer: it may be waiting for its miner. Nothing was done."
    fi
    [[ -n $said ]] || echo "the API of $1 does not answer yet"
    said=yes
    sleep 1
  done
}

# init_process NAME REPOSITORY CACHE 3< SCRIPT
init_process() {
  local name=$1 repository=$2 cache=$3 script
  script=$(cat <&3)
  if is_listed "$repository" "$cache" && [[ -e $cache/sectorstore.json ]]; then
    echo "$name has its cache by now"
    return 0
  fi
  if is_listed "$repository" "$cache" || [[ -e $cache/sectorstore.json ]]; then
    fail "what is in $cache and $repository/storage.json has changed since the plan was made; nothing was done. Run again."
  fi
  await_answer "$name" "$repository"
  env -u FCOPS_RUN bash -euo pipefail /dev/fd/3 </dev/null 3<<<"exec 3<&-; $script" || fail "the init of $name failed"
  # The program ends with 0 on its errors too.
  if ! is_listed "$repository" "$cache" || [[ ! -e $cache/sectorstore.json ]]; then
    fail "the init of $name ran, and $repository/storage.json does not name $cache with a sectorstore.json"
  fi
}
