# Steps of backups of a miner's metadata.

# take_backup SCRIPT: has the script of the host make one, and prints what it says.
take_backup() {
  local said status=0
  [[ -f $1 ]] || because "$1 is not there" -- 'deploy it first' --again 'then run again'
  said=$(env -u FCOPS_RUN bash "$1" 2>&1 </dev/null) || status=$?
  case $status in
    0) printf '%s\n' "$said" ;;
    75) because "${said:-a backup is at work already}" --again 'run again when it has ended' ;;
    *) because "${said:-$1 ended with status $status}" --again 'mend it, then run again' ;;
  esac
}
