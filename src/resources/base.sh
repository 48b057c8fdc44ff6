# Functions that the steps of a change use. Each can be run twice, checks what it replaces right before, and
# leaves either the old or the new state: files land by temporary file, fsync and rename.
# $FCOPS_RUN is the directory of this run; what is replaced is kept below it for a rollback.

# Every function ends the step by itself where it fails, so a step needs no errexit.

# What is made on the way to a path (its parents) is for all; what is private says so by its mode.
umask 022

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# because REASON… [-- ADVICE…] [--again AGAIN]: fails with what a reader needs in place of all that was printed before: each
# reason and each advice a line, and what the same once more would do. Who reads the journal looks for "because:"
# (src/engine/apply/reason.ts).
because() {
  local line lead='because:'
  for line; do
    if [[ $line == -- || $line == --again ]]; then
      [[ $line == -- ]] && lead=next: || lead=again:
      continue
    fi
    [[ -z $lead ]] || printf '%s\n' "$lead"
    lead=''
    printf '%s\n' "$line"
  done >&2
  exit 1
}

# remember KEY WAS… WILL…: a line of what is kept of this run for a rollback, written before anything is done by it. Four
# fields say what was there and four what this run makes of it, as `describe` gives them; of what is no path the first
# of each is its value. KEY is a path, or says what else it is (sysctl:vm.swappiness). What counts as before is the first
# line of a key; what the run has left is as one of its lines says.
remember() {
  local line=change field
  for field; do
    # No value breaks the line: one with such letters in it is found to be another later, and left alone.
    line+=$'\t'${field//[$'\t\r\n']/ }
  done
  note "$line" || fail "nothing can be kept for a rollback in $FCOPS_RUN; ${1#*:} is as it was"
}

# remember_value KEY WAS WILL
remember_value() {
  remember "$1" "$2" - - - "$3" - - -
}

# did WHAT WHY: what this run is about to do and no rollback undoes.
did() {
  note $'did\t'"${1//[$'\t\r\n']/ }"$'\t'"${2//[$'\t\r\n']/ }" || fail "nothing can be written in $FCOPS_RUN"
}

# note LINE: for root alone, as a line may say what a link of others led to.
note() {
  local status=0
  umask 077
  { printf '%s\n' "$1" >>"$FCOPS_RUN/kept"; } 2>/dev/null || status=1
  umask 022
  return "$status"
}

# What is remembered is on the disk, as a machine may be cut off from its power right after the change.
remembered() {
  dd if=/dev/null of="$FCOPS_RUN/kept" conv=notrunc,fsync status=none || fail "$FCOPS_RUN/kept could not be brought to the disk"
}

# is_remembered KEY
is_remembered() {
  local all=''
  IFS= read -r -d '' all 2>/dev/null <"$FCOPS_RUN/kept"
  [[ $all == *$'change\t'"$1"$'\t'* ]]
} 2>/dev/null

# describe PATH…: what is at each, with mode, owner and group, as four fields each in $described. With as few processes as
# can be: this is done for every file that is replaced.
describe() {
  local path state mode owner group sum=0 own=0
  local -a files=() owned=() sums=() owners=()
  for path; do
    [[ -e $path && ! -L $path ]] || continue
    owned+=("$path")
    [[ ! -f $path ]] || files+=("$path")
  done
  [[ ${#files[@]} -eq 0 ]] || mapfile -t sums < <(exec sha256sum -- "${files[@]}")
  [[ ${#owned[@]} -eq 0 ]] || mapfile -t owners < <(exec stat -c '%a %U %G' -- "${owned[@]}")
  described=()
  for path; do
    state=absent mode=- owner=- group=-
    if [[ -L $path ]]; then
      state=link:$(readlink -- "$path")
    elif [[ -e $path ]]; then
      read -r mode owner group <<<"${owners[own]-}" || true
      own=$((own + 1))
      printf -v mode '%04d' "${mode:-0}"
      state=directory
      if [[ -f $path ]]; then
        state=${sums[sum]-unread}
        state=${state%% *}
        sum=$((sum + 1))
      elif [[ ! -d $path ]]; then
        state=other
      fi
    fi
    described+=("$state" "$mode" "$owner" "$group")
  done
}

# keep_copy PATH [KEY]: a copy of what is there before this run first replaces it, with owner, mode and time. KEY is what
# it is remembered by; left out: its path.
keep_copy() {
  local path=$1 kept=$FCOPS_RUN/replaced$1
  [[ -e $path || -L $path ]] || return 0
  ! is_remembered "${2-$path}" || return 0
  if ! { [[ -d ${kept%/*} ]] || mkdir -p -- "${kept%/*}"; } || ! cp -aT --remove-destination -- "$path" "$kept"; then
    fail "$path could not be kept for a rollback; it is as it was"
  fi
}

# keep PATH [NEW]: keeps what is at PATH, which is about to be replaced by NEW beside it, or to be taken away: a copy of
# it, and what it was and will be. Also of what was not there before, which a rollback takes away again.
keep() {
  local -a described=()
  keep_copy "$1"
  describe "$@"
  [[ -n ${2-} ]] || described+=(absent - - -)
  remember "$1" "${described[@]}"
  remembered
}

# The state of a path as the plan saw it: absent, directory, link:TARGET, or the sha256 of a file.
state_of() {
  local sum
  if [[ -L $1 ]]; then
    printf 'link:%s\n' "$(readlink -- "$1")"
  elif [[ ! -e $1 ]]; then
    echo absent
  elif [[ -f $1 ]]; then
    sum=$(sha256sum -- "$1")
    echo "${sum%% *}"
  elif [[ -d $1 ]]; then
    echo directory
  else
    echo other
  fi
}

# expect PATH SEEN DONE: goes on where the path is as the plan saw it or already as it shall be.
expect() {
  local now
  now=$(state_of "$1")
  [[ $now == "$2" || $now == "$3" ]] || fail "$1 has changed since the plan was made; nothing was done to it. Run again."
}

# Removes what steps that were cut off left in a directory; it may hold a secret. Nothing else has such a name, which
# has the process that made it: one that goes on without its run keeps its own.
sweep() {
  local left
  for left in "$1"/.fcops.*.????????; do
    [[ ${left##*/} =~ ^\.fcops\.([0-9]+)\.[A-Za-z0-9]{8}$ && ! -e /proc/${BASH_REMATCH[1]} ]] || continue
    [[ -f $left || -L $left ]] || continue
    if [[ $(stat -c %u -- "$left") == 0 ]]; then rm -f -- "$left"; fi
  done
}

# make_beside PATH [OPTION]: a new file beside PATH, or with -u only its name, in $beside. Every failure after it has to
# remove the file.
make_beside() {
  [[ -d ${1%/*} || $1 != /*/* ]] || fail "the directory ${1%/*} does not exist"
  sweep "${1%/*}"
  # shellcheck disable=SC2034 # for the caller
  beside=$(mktemp "${@:2}" -- "${1%/*}/.fcops.$BASHPID.XXXXXXXX") || fail "nothing can be written in ${1%/*}; $1 is as it was"
}

# set_ownership PATH MODE OWNER GROUP
set_ownership() {
  local -a described=(absent - - -)
  describe "$1"
  if [[ "${described[*]}" != "${described[0]} $2 $3 $4" ]]; then
    remember "$1" "${described[@]}" "${described[0]}" "$2" "$3" "$4"
    remembered
  fi
  if ! chown -- "$3:$4" "$1" || ! chmod -- "$2" "$1"; then
    fail "the owner or mode of $1 could not be set"
  fi
}
