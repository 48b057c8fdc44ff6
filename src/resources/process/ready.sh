# What is waited for around the start of lotus and lotus-miner. None of them ends by itself: lotus sync wait goes on for
# ever on a node without peers, and ends with status 0 when it is asked to end.

# ask_lotus PROFILE SECONDS COMMAND…
ask_lotus() { GOLOG_LOG_FMT='' with_profile "$1" timeout -k 5 "${@:2}"; }

# Standard input without colours.
without_colours() { sed 's/\x1b\[[0-9;]*m//g'; }

# The last line with something in it of what a program has said.
last_said() { without_colours | grep '[^[:space:]]' | tail -n 1 | cut -c 1-300; }

# Whether the process that this step has started still runs; yes where it has started none.
still_runs() { [[ -z ${started-} || -n $(worker_pids "$started") ]]; }

# where_log PROGRAM: where lotus or lotus-miner writes what it says, be it its script or its unit that runs it.
where_log() {
  if systemctl is-active --quiet "fcops-$1.service" 2>/dev/null; then
    echo "journalctl -u fcops-$1.service"
  else
    echo "/opt/raid0/${1/-/}/logs"
  fi
}

# await_lotus PROFILE SECONDS
await_lotus() {
  local said='' end=$((SECONDS + $2))
  until said=$(ask_lotus "$1" 20 lotus version 2>&1); do
    still_runs || has_ended lotus
    [[ $SECONDS -lt $end ]] ||
      because "lotus does not answer within $2 s" "$(last_said <<<"$said" || true)" \
        -- "see the end of $(where_log lotus) on the host" 'when lotus version answers there, run the same again'
    sleep 1
  done
}

# await_sync PROFILE SECONDS
await_sync() {
  local said='' line state='' told=$SECONDS end=$((SECONDS + $2)) left is_done=''
  await_lotus "$@"
  left=$((end - SECONDS))
  while IFS= read -r line; do
    line=${line##*$'\033[A'}
    line=${line##*$'\r'}
    case $line in
      'Done!') is_done=yes ;;
      State:*)
        state=$line
        if [[ $((SECONDS - told)) -ge 60 ]]; then
          told=$SECONDS
          echo "lotus is not in sync yet: $state"
        fi
        ;;
      Worker:* | Validated* | 'Exit by user' | '') ;;
      *) said=$line ;;
    esac
  done < <(ask_lotus "$1" "$((left > 1 ? left : 1))" lotus sync wait 2>&1)
  if [[ -n $is_done ]]; then
    echo 'lotus is in sync'
    return 0
  fi
  still_runs || has_ended lotus
  [[ $SECONDS -ge $end ]] ||
    because 'lotus sync wait ended before lotus was in sync' "$(last_said <<<"$said" || true)" \
      -- "see the end of $(where_log lotus) on the host" 'when lotus sync wait prints Done! there, run the same again'
  because "lotus is not in sync after $2 s" \
    "${state:-lotus sync wait has printed nothing: lotus has no peers, or no chain was imported}" \
    -- 'lotus goes on by itself: when lotus sync wait prints Done! on the host, run the same again' \
    'variables.syncDeadline says how long is waited'
}

# await_miner PROFILE MINER SECONDS: MINER is empty where any will do.
await_miner() {
  local said='' end=$((SECONDS + $3)) answered
  until said=$(ask_lotus "$1" 120 lotus-miner info --hide-sectors-info 2>&1); do
    still_runs || has_ended lotus-miner
    [[ $SECONDS -lt $end ]] ||
      because "lotus-miner runs, and does not answer within $3 s" "$(last_said <<<"$said" || true)" \
        -- "see the end of $(where_log lotus-miner) on the host: it answers once lotus is in sync and every storage path was opened"
    sleep 1
  done
  answered=$(without_colours <<<"$said" | sed -nE 's/^Miner: +[ft]0([0-9]+)( .*)?$/\1/p')
  [[ -n $answered && (-z $2 || $answered == "${2#?0}") ]] ||
    because "lotus-miner answers${answered:+ as miner f0$answered}, and is to be ${2:-a miner}" \
      -- 'see lotus-miner info on the host, and whether this is the right cluster file'
  echo "lotus-miner answers as ${2:-f0$answered}"
}

# has_ended NAME: fails with the end of its log.
has_ended() {
  # shellcheck disable=SC2154 # of start_process
  because "$1 was started and has ended" "$(log_end "$started_unit" "$started_log")" \
    -- "see the end of $(if [[ -n $started_unit ]]; then echo "journalctl -u $started_unit"; else echo "$started_log"; fi) on the host"
}
