# What lotus-miner says, asked with the variables of its profile: a row for each command, with its status and its two
# outputs apart, in base64. Changes nothing.

# as_text: standard input in base64, and a little more than is read of it at the most, so that a cut shows.
as_text() { head -c 1048577 | base64 -w 0; }

# ask_miner PROFILE SECONDS COMMAND…: what a session of ours has set must not lead it to another miner.
ask_miner() (
  profile=$1 seconds=$2
  shift 2
  unset FULLNODE_API_INFO MINER_API_INFO STORAGE_API_INFO MARKETS_API_INFO
  set +eu
  # shellcheck disable=SC1090 # the host's
  source "$profile" >/dev/null 2>&1 </dev/null
  GOLOG_LOG_FMT='' exec timeout -k 2 "$seconds" "$@" </dev/null
)

# told NAME PROFILE SECONDS COMMAND…: where TOLD_THROUGH names a function, its standard output comes through that.
told() {
  local name=$1 outputs
  shift
  outputs=$(
    exec 4>&1
    errors=$({
      ask_miner "$@" 2>&3 3>&- 4>&- | "${TOLD_THROUGH:-cat}" | as_text >&4
      printf '\t%s\t' "${PIPESTATUS[0]}" >&4
    } 3>&1 | as_text)
    printf '%s' "$errors"
  )
  printf 'told\t%s\t%s\n' "$name" "$outputs"
}

# miner_start PROFILE: what tells a start of lotus-miner from another one: each writes the file with its address anew.
miner_start() (
  set +eu
  # shellcheck disable=SC1090 # the host's
  source "$1" >/dev/null 2>&1 </dev/null
  timeout -k 1 5 stat -c '%i %z' -- "${LOTUS_MINER_PATH:-${LOTUS_STORAGE_PATH:-$HOME/.lotusminer}}/api" 2>/dev/null </dev/null
)

# miner_says PROFILE SECONDS: both at the same time, each within its seconds; before them whose start says so.
miner_says() {
  if [[ ! -r $1 ]]; then
    printf 'noprofile\n'
  else
    printf 'start\t%s\n' "$(miner_start "$1")"
    exec 5< <(told workers "$1" "$2" lotus-miner sealing workers) 6< <(told jobs "$1" "$2" lotus-miner sealing jobs)
    cat <&5
    cat <&6
  fi
  printf 'over\n'
}
