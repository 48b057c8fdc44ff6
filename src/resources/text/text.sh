# Free text as one field of a row: what would break the frame is escaped. The answer is in $escaped, so that
# no process is needed for it.
fcops_escape() {
  escaped=${1//\\/\\\\}
  escaped=${escaped//$'\t'/\\t}
  escaped=${escaped//$'\r'/\\r}
  escaped=${escaped//$'\n'/\\n}
}

# fcops_text ROW KEY FILE: prints ROW KEY TEXT for a file of 64 KiB at the most without zero bytes, else ROW64 KEY
# BASE64 of its first 256 KiB and one byte more; nothing for a file that cannot be opened.
fcops_text() {
  local text='' escaped ended=''
  # read fails at the end of the file, and succeeds at a zero byte and where there is more.
  {
    ended=no
    IFS= read -r -d '' -n 65537 text || ended=yes
  } 2>/dev/null <"$3"
  [[ -n $ended ]] || return 0
  if [[ $ended == yes ]]; then
    fcops_escape "$text"
    printf '%s\t%s\t%s\n' "$1" "$2" "$escaped"
  else
    printf '%s64\t%s\t%s\n' "$1" "$2" "$(head -c 262145 -- "$3" | base64 -w 0)"
  fi
}
