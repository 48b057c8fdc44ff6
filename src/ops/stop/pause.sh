# pause_workers PROFILE COMMAND KIND UUID…: worker-pause or worker-resume for each, of tasks of this kind (all); a row for each: "did", or "failed" with why.
# Builds of the fork differ in whether they want the kind of tasks (--tt), which their help tells; the official
# lotus-miner has neither command.
pause_workers() {
  local profile=$1 command=$2 wanted=$3 help said id
  local -a kind=()
  shift 3
  help=$(ask_miner "$profile" 20 lotus-miner "$command" --help 2>&1) || {
    case $? in
      # Whether there is such a command was not told.
      124 | 137) for id; do printf 'failed\t%s\t%s\n' "$id" "$(echo 'it gave no answer within 20 s' | as_text)"; done ;;
      *) printf 'none\t%s\n' "$(printf '%s' "$help" | as_text)" ;;
    esac
    return 0
  }
  [[ $help != *--tt* && $help != *-tt\ * ]] || kind=(--tt "$wanted")
  for id; do
    if said=$(ask_miner "$profile" 20 lotus-miner "$command" ${kind[@]+"${kind[@]}"} --uuid "$id" 2>&1); then
      printf 'did\t%s\n' "$id"
    else
      printf 'failed\t%s\t%s\n' "$id" "$(printf '%s' "$said" | as_text)"
    fi
  done
}
