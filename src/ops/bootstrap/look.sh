# How far the first set-up of a miner is, as the host shows it: rows with tabs between, `over` as the last one. Changes
# nothing. What it is asked for stands below the functions.
exec 4>&1

# said NAME SECONDS COMMAND…: status, standard output and standard error, the two in base64.
said() {
  local name=$1 seconds=$2 errors
  shift 2
  printf 'said\t%s\t' "$name"
  errors=$({
    out=$(timeout -k 2 "$seconds" "$@" </dev/null | head -c 200000; printf 'x%s' "${PIPESTATUS[0]}")
    printf '%s\t%s\t' "${out##*x}" "$(printf %s "${out%x*}" | base64 -w 0)" >&4
  } 2>&1 | head -c 20000)
  printf '%s\n' "$(printf %s "$errors" | base64 -w 0)"
}

# patiently COMMAND…: the lines that it prints in time. What hangs on a mount whose server is away is left behind, since no
# signal ends it, and holds nothing of ours open.
patiently() {
  local line
  while IFS= read -r -t 8 line; do
    printf '%s\n' "$line"
  done < <(
    exec </dev/null 2>/dev/null 4>&-
    exec timeout -k 1 5 "$@"
  )
}

# entry PATH: its type and size, where it is there.
entry() {
  local bytes type
  read -r bytes type <<<"$(patiently stat -L -c '%s %F' -- "$1")"
  [[ -z $bytes ]] || printf 'entry\t%s\t%s\t%s\n' "$1" "$bytes" "$type"
}

# text PATH: its last part, in base64.
text() {
  [[ -f $1 ]] || return 0
  printf 'text\t%s\t%s\n' "$1" "$(tail -c 100000 -- "$1" | base64 -w 0)"
}

# files DIRECTORY: they, or the directory itself, may be links.
files() {
  [[ -z $1 ]] || patiently find -L "$1" -maxdepth 1 -type f -printf 'file\t%p\t%s\n'
}

# The ones that run, each with a comma behind it.
running=''

# runs NAME PROGRAM COMMAND FLAGS VARIABLES FALLBACK REPOSITORY: whether it does (daemons.sh). A daemon that ends when it
# has imported is none that answers.
runs() {
  local name=$1
  local -a workers=()
  fcops_find_daemons "${@:2}"
  [[ ${#workers[@]} -gt 0 ]] || return 0
  ! fcops_is_import "${workers[0]}" || name='lotus import'
  printf 'process\t%s\t%s\n' "$name" "${workers[0]}"
  running+=" $name,"
}

# The answers of the programs that run.
answers() {
  [[ -x $(type -P lotus) ]] || return 0
  said lotus-version 10 lotus --version
  if [[ $running == *' lotus daemon,'* ]]; then
    said status 10 lotus status
    # In sync it says so at once; a signal ends it otherwise.
    said sync 4 lotus sync wait
    said wallets 10 lotus wallet list
  fi
  if [[ $running == *' lotus-miner run,'* ]]; then
    said miner-version 10 lotus-miner version
    said info 15 lotus-miner info --hide-sectors-info
  fi
}

# answers_of MINER: what the node knows of a miner on the chain, and the ids of its wallets.
answers_of() {
  [[ -x $(type -P lotus) && $running == *' lotus daemon,'* ]] || return 0
  said chain-miner 10 lotus state miner-info "$1"
  said wallet-ids 10 lotus wallet list --id
}

# identity PATH: which one it is.
identity() {
  local which
  which=$(stat -c %d:%i -- "$1" 2>/dev/null) || return 0
  printf 'identity\t%s\t%s\n' "$1" "$which"
}

# look_at PROFILE: what is asked of every host.
look_at() {
  local profile=$1
  printf 'now\t%s\n' "$(date +%s)"
  fcops_find_holder ''
  [[ -z $holder ]] || printf 'lock\t%s\n' "$holder"
  if [[ -r $profile ]]; then
    # What a session of ours has set must not lead to another node.
    unset FULLNODE_API_INFO MINER_API_INFO STORAGE_API_INFO MARKETS_API_INFO
    # shellcheck source=/dev/null
    source "$profile" >/dev/null 2>&1
    printf 'parameters\t%s\n' "${FIL_PROOFS_PARAMETER_CACHE-}"
    files "${FIL_PROOFS_PARAMETER_CACHE%/}"
  fi
}
