# Parts of one question to a host, each asked beside the others and with an end of its own, so that a dead disk, mount or
# driver makes its own part unknown and holds up none. Rows on standard output, each with a last field that is a dot: one
# that was cut off has none.
#   text NAME STATUS BASE64   what a program has printed; status none: there is no such program
#   part NAME                 the part of that name has come to its end

# part_row FIELD…: what a file holds cannot break the frame.
part_row() {
  local IFS=$'\t' field
  local -a clean=()
  for field; do clean+=("${field//[[:cntrl:]]/ }"); done
  [[ ${#clean[@]} -eq 0 ]] || printf '%s\t.\n' "${clean[*]}"
}

# part_text NAME SECONDS COMMAND…: a row of what it prints, $part_limit bytes of it at the most.
part_limit=65536
part_text() {
  local name=$1 seconds=$2 said
  shift 2
  if ! type -P "$1" >/dev/null; then
    printf 'text\t%s\tnone\t\t.\n' "$name"
    return 0
  fi
  said=$(
    LC_ALL=C timeout -k 1 "$seconds" "$@" 2>&1 </dev/null | tr -d '\0' | head -c "$part_limit" | base64 -w 0
    printf ' %s' "${PIPESTATUS[0]}"
  )
  printf 'text\t%s\t%s\t%s\t.\n' "$name" "${said##* }" "${said% *}"
}

# run_part LINE: its first word is its name.
run_part() {
  # By exec: a redirection that ends again keeps what was there before, and who reads it waits for its end.
  exec </dev/null 2>/dev/null
  eval "$1"
  printf 'part\t%s\t.\n' "${1%% *}"
}

# ask_parts SECONDS LINE…: what parts have not said by then is left behind with them.
ask_parts() {
  local end=$((SECONDS + $1)) line left fd
  local -a fds=()
  shift
  for line; do exec {fd}< <(run_part "$line") && fds+=("$fd"); done
  for fd in ${fds[@]+"${fds[@]}"}; do
    left=$((end - SECONDS))
    # What the parts beside one that hangs have said stands ready.
    [[ $left -gt 1 ]] || left=1
    timeout -k 1 "$left" cat <&"$fd"
    # The last row may have been cut.
    printf '\n'
    exec {fd}<&-
  done
  printf 'over\n'
}
