# Runs one line of bash with the variables of a role. Both outputs are the line's; in the first stand, each behind
# $FCOPS_MARK, which nobody else knows, and with an end of line after it:
#   env NAMES    variables of the profile that may be secrets, as name=value with NULs between, in base64
#   began STATE  the line begins; STATE: loaded, absent (the profile), none (no role has one)
#   .            somebody still has to take this
#   ended N      the line has ended with status N
#   over N S     nothing of it runs any more in the foreground; N: what timeout ended with, after S seconds
# The second output begins with the mark, after whatever login shells have said there.

# frame MARK TEXT: one write, which nothing comes into.
frame() { printf '%s%s\n' "$1" "$2" >&6; }

# prepared MARK PROFILE PROGRAMS: takes the line, which comes over 8 so that no list of processes has it, and reads the
# profile.
prepared() {
  local fcops_state=none
  IFS= read -rd '' -u 8 fcops_line
  exec 8<&-
  if [[ -n $2 ]]; then
    fcops_state=absent
    if [[ -r $2 ]]; then
      source_profile "$2" 6>&-
      fcops_state=loaded
    fi
    [[ :$PATH: == *:$3:* ]] || PATH=$PATH:$3
  fi
  frame "$1" "env $(secret_variables)"
  frame "$1" "began $fcops_state"
}

# shellcheck disable=SC2016 # for another bash
# It stays until all of the line has ended: what ignores SIGTERM is killed only as long as it is there. What it says of
# a line that was killed is no output of the line.
inner='prepared "$@"
trap : TERM
exec 7>&2 2>/dev/null
(exec 2>&7 6>&- 7>&-; set --; eval "$fcops_line")
frame "$1" "ended $?"
exit 0'

# supervised: the line within its seconds, and no longer than somebody takes what it prints.
supervised() {
  local pid beat status
  # With job control what is started in the background takes Ctrl-C as in the foreground.
  set -m
  # Before it begins: by a clock of whole seconds it has never had less than it has taken.
  SECONDS=0
  timeout -k 5 "$FCOPS_SECONDS" bash --noprofile --norc -c "$(declare -f frame prepared source_profile secret_variables)
$inner" bash "$FCOPS_MARK" "$FCOPS_PROFILE" "$FCOPS_PROGRAMS" </dev/null 8< <(printf '%s\0' "$FCOPS_LINE") &
  pid=$!
  set +m
  (
    trap '' PIPE
    while sleep 1 6>&-; do
      frame "$FCOPS_MARK" . || { kill -TERM "$pid"; exit; }
    done
  ) </dev/null >/dev/null 2>&1 &
  beat=$!
  {
    wait "$pid"
    status=$?
    kill "$beat"
    wait "$beat"
  } 2>/dev/null
  frame "$FCOPS_MARK" "over $status $SECONDS"
}

# passed BYTES: so many of standard input as they come, and no more; the rest is read, so that nobody ends by it.
passed() {
  stdbuf -o0 head -c "$1"
  exec cat >/dev/null
}

exec 6>&1
printf '%s\n' "$FCOPS_MARK" >&2
{ { supervised 2>&1 >&5 5>&- | passed "$FCOPS_ERRORS" >&2 5>&- 6>&-; } 5>&1 | passed "$FCOPS_OUTPUT" 6>&-; }
