# Steps for sectors.

# pledge_sector PROFILE SECONDS: has lotus-miner make one sector (handbook 3.7.2), and prints "pledged" with its number, as
# far as it tells (lotus before 1.5 does not). A second call makes another one, so what is not known is said to be that.
pledge_sector() {
  local seconds=$2 said status why
  ask_lotus_miner "$1" "$seconds" sectors pledge
  if [[ $status -eq 0 ]]; then
    if [[ $said =~ Created\ CC\ sector:\ +([0-9]+) ]]; then echo "pledged ${BASH_REMATCH[1]}"; else echo pledged; fi
    return 0
  fi
  if was_not_asked "$status" "$why" || [[ $why == *'too many sectors sealing'* ]]; then
    because 'lotus-miner pledged no sector' "$why" --again 'mend it, then pledge what is missing'
  fi
  case $status:$why in
    124:* | 137:*)
      echo 'pledge not known'
      because "lotus-miner gave no answer within $seconds s: whether this sector was pledged is not known" -- \
        "see Packing of lotus-miner info on this host: a sector that was pledged is in it, or will be" \
        --again 'then pledge what is missing'
      ;;
    *)
      echo 'pledge not known'
      because 'lotus-miner failed: whether this sector was pledged is not known' "$why" -- \
        "see Packing of lotus-miner info on this host: a sector that was pledged is in it, or will be" \
        --again 'then pledge what is missing'
      ;;
  esac
}
