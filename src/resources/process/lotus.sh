# How lotus and lotus-miner are run on a miner host.

# with_profile PROFILE COMMAND…: with the variables of the profile. What a session of ours has set must not lead it to
# another node.
with_profile() {
  (
    profile=$1
    shift
    [[ -r $profile ]] || { echo "$profile cannot be read" >&2; exit 66; }
    unset FULLNODE_API_INFO MINER_API_INFO STORAGE_API_INFO MARKETS_API_INFO
    set +eu
    # shellcheck disable=SC1090 # the host's
    source "$profile" >/dev/null 2>&1 </dev/null
    exec "$@" </dev/null 3>&-
  )
}

# ask_lotus_miner PROFILE SECONDS WORD…: what it prints into $said, its status into $status, and why it failed into $why.
ask_lotus_miner() {
  local profile=$1 seconds=$2 errors=$FCOPS_RUN/lotus-miner.errors
  shift 2
  status=0 why=''
  # shellcheck disable=SC2034 # for the caller
  said=$(with_profile "$profile" env -u LOTUS_DEV GOLOG_LOG_FMT='' timeout -k 5 "$seconds" lotus-miner "$@" 2>"$errors") || status=$?
  [[ $status -ne 0 ]] || return 0
  why=$(sed -n 's/^ERROR: //p; /^panic: /p' "$errors" | tail -n 1)
  [[ -n $why ]] || why=$(grep '[^[:space:]]' "$errors" | tail -n 1) || why="it ended with status $status"
  why=${why:0:300}
}

# was_not_asked STATUS WHY: whether a command that failed has surely done nothing: it came to no miner.
was_not_asked() {
  case $1:$2 in
    124:* | 137:*) return 1 ;;
    66:* | 126:* | 127:* | *'API not running'* | *'connection refused'* | *'bad handshake'* | *'missing permission'*) return 0 ;;
    *) return 1 ;;
  esac
}
