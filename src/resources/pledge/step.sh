# Steps for sectors.

# pledge_sector PROFILE SECONDS: has lotus-miner make one sector (handbook 3.7.2), and prints "pledged" with its number, as
# far as it tells (lotus before 1.5 does not). A second call makes another one, so what is not known is said to be that.
pledge_sector() {
  local profile=$1 seconds=$2 errors=$FCOPS_RUN/pledge.errors said status=0 why
  said=$(with_profile "$profile" env -u LOTUS_DEV GOLOG_LOG_FMT='' timeout -k 5 "$seconds" lotus-miner sectors pledge 2>"$errors") || status=$?
  if [[ $status -eq 0 ]]; then
    if [[ $said =~ Created\ CC\ sector:\ +([0-9]+) ]]; then echo "pledged ${BASH_REMATCH[1]}"; else echo pledged; fi
    return 0
  fi
  why=$(sed -n 's/^ERROR: //p; /^panic: /p' "$errors" | tail -n 1)
  [[ -n $why ]] || why=$(grep '[^[:space:]]' "$errors" | tail -n 1) || why="it ended with status $status"
  why=${why:0:300}
  case $status:$why in
    124:* | 137:*)
      echo 'pledge not known'
      because "lotus-miner gave no answer within $seconds s: whether this sector was pledged is not known" -- \
        "see Packing of lotus-miner info on this host: a sector that was pledged is in it, or will be" \
        --again 'then pledge what is missing'
      ;;
    66:* | 126:* | 127:* | *'too many sectors sealing'* | *'API not running'* | *'connection refused'* | *'bad handshake'* | *'missing permission'*)
      because 'lotus-miner pledged no sector' "$why" --again 'mend it, then pledge what is missing'
      ;;
    *)
      echo 'pledge not known'
      because 'lotus-miner failed: whether this sector was pledged is not known' "$why" -- \
        "see Packing of lotus-miner info on this host: a sector that was pledged is in it, or will be" \
        --again 'then pledge what is missing'
      ;;
  esac
}
