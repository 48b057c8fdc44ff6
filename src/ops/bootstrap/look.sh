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

# entry PATH: its type and size, where it is there; it may be on a file system whose server is away.
entry() {
  local type bytes
  read -r bytes type < <(timeout -k 1 5 stat -L -c '%s %F' -- "$1" 2>/dev/null) || return 0
  printf 'entry\t%s\t%s\t%s\n' "$1" "$bytes" "$type"
}

# text PATH: its last part, in base64.
text() {
  [[ -f $1 ]] || return 0
  printf 'text\t%s\t%s\n' "$1" "$(tail -c 100000 -- "$1" | base64 -w 0)"
}

files() {
  [[ -d $1 ]] || return 0
  find "$1" -maxdepth 1 -type f -printf 'file\t%p\t%s\n' 2>/dev/null
}

# Processes of the two programs, by themselves or through an interpreter: `lotus daemon`, `lotus import` and so on.
processes() {
  local process word name
  local -a words
  for process in /proc/[0-9]*; do
    words=()
    while IFS= read -r -d '' word && [[ ${#words[@]} -lt 4 ]]; do words+=("$word"); done 2>/dev/null <"$process/cmdline"
    [[ ${words[0]-} != */bash ]] || words=(${words[@]+"${words[@]:1}"})
    name=${words[0]-}
    case "${name##*/} ${words[1]-} ${words[2]-}" in
      'lotus daemon --halt-after-import') word='lotus import' ;;
      'lotus daemon '*) word='lotus daemon' ;;
      'lotus-miner run '*) word='lotus-miner run' ;;
      'lotus-miner init '*) word='lotus-miner init' ;;
      *) continue ;;
    esac
    printf 'process\t%s\t%s\n' "$word" "${process##*/}"
    running+=" $word,"
  done
}

# The answers of the programs that run.
answers() {
  local running=''
  processes
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

# look_at PROFILE: what is asked of every host.
look_at() {
  local profile=$1
  printf 'now\t%s\n' "$(date +%s)"
  fcops_find_holder ''
  [[ -z $holder ]] || printf 'lock\t%s\n' "$holder"
  if [[ -r $profile ]]; then
    # shellcheck source=/dev/null
    source "$profile" >/dev/null 2>&1
    printf 'parameters\t%s\n' "${FIL_PROOFS_PARAMETER_CACHE-}"
    files "${FIL_PROOFS_PARAMETER_CACHE%/}"
    [[ ! -x $(type -P lotus) ]] || answers
  fi
}
