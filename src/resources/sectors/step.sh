# Steps for sectors and tasks that lotus-miner has given up, or shall. What it is told may be done without its answer coming
# back: that is said as "not known", and found out by a look.

# sector_is PROFILE SECTOR STATE: ends the step where the sector is in another state by now.
sector_is() {
  local said status why now
  ask_lotus_miner "$1" 30 sectors status "$2"
  [[ $status -eq 0 ]] || because "nothing was done with sector $2: lotus-miner does not tell its state" "$why" --again 'mend it, then run again'
  now=$(sed -nE 's/^Status:[[:blank:]]*([A-Za-z0-9]+)[[:blank:]]*$/\1/p' <<<"$said")
  [[ $now == "$3" ]] || because "nothing was done with sector $2: it was in $3, and is in ${now:-a state that nobody knows}" --again 'look at it, then run again'
}

# told_to WHAT: what came of a command that lotus-miner prints nothing for where it was taken.
told_to() {
  if [[ $status -eq 0 && -z ${said//[[:space:]]/} ]]; then
    echo asked
  elif [[ $status -eq 0 ]]; then
    because "$1 was not done: lotus-miner does not know how" "${said:0:300}"
  elif [[ $why == *'shutdown of state machine'* ]]; then
    because "$1 was not done: lotus-miner takes nothing up for this sector any more" "$why" -- 'it does again once lotus-miner has been started anew' --again 'then run again'
  elif was_not_asked "$status" "$why" || [[ $why == *'advanced users'* || $why == *'flag provided but not defined'* ]]; then
    because "$1 was not done" "$why" --again 'mend it, then run again'
  elif [[ $status -eq 124 || $status -eq 137 ]]; then
    echo 'not known'
    because "lotus-miner gave no answer within $SECTOR_SECONDS s: whether it took $1 is not known" --again 'look at it, then run again'
  else
    echo 'not known'
    because "lotus-miner failed: whether it took $1 is not known" "$why" --again 'look at it, then run again'
  fi
}
SECTOR_SECONDS=60

# update_sector PROFILE SECTOR FROM TO: gives a sector another state (handbook 4.4). It is taken up when the sector is at nothing.
update_sector() {
  local said status why
  sector_is "$1" "$2" "$3"
  ask_lotus_miner "$1" "$SECTOR_SECONDS" sectors update-state --really-do-it "$2" "$4"
  told_to "sector $2 to $4"
}

# remove_sector PROFILE SECTOR FROM: gives up a sector and its files (handbook 5.1.3.2).
remove_sector() {
  local said status why
  sector_is "$1" "$2" "$3"
  ask_lotus_miner "$1" "$SECTOR_SECONDS" sectors remove --really-do-it "$2"
  told_to "the removal of sector $2"
}

# abort_job PROFILE ID SECTOR TASK STATE: lotus-miner takes the first task whose id begins so, whatever it is at. So there has
# to be one alone, the one that was seen; those that it does not list by itself count too.
abort_job() {
  local said status why found
  ask_lotus_miner "$1" 30 sealing jobs --show-ret-done
  [[ $status -eq 0 ]] || because "task $2 was not aborted: lotus-miner does not list its tasks" "$why" --again 'mend it, then run again'
  found=$(awk -v id="$2" 'NF >= 6 && index($1, id) == 1 { print $2, $(NF - 2), $(NF - 1) }' <<<"$said")
  [[ $found == "$3 $4 $5" ]] ||
    because "task $2 was not aborted: it was $4 of sector $3 in $5, and by that id there is now: ${found:-nothing}" --again 'look at it, then run again'
  ask_lotus_miner "$1" "$SECTOR_SECONDS" sealing abort "$2"
  if [[ $status -eq 0 && $said == "aborting job "*", sector $3, "* ]]; then
    echo asked
  elif [[ $status -ne 0 ]] && { was_not_asked "$status" "$why" || [[ $why == *'prefix not found'* ]]; }; then
    because "task $2 was not aborted" "$why" --again 'look at it, then run again'
  else
    echo 'not known'
    because "whether task $2 was aborted is not known" "${why:-lotus-miner says: ${said:0:300}}" --again 'look at it, then run again'
  fi
}
