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

# Keeps a copy of a file or link that is about to be replaced, with owner, mode and time.
keep() {
  local path=$1 kept=$FCOPS_RUN/replaced$1
  [[ -e $path || -L $path ]] || return 0
  [[ -e $kept || -L $kept ]] && return 0
  if ! mkdir -p -- "${kept%/*}" || ! cp -a -- "$path" "$kept"; then
    fail "$path could not be kept for a rollback; it is as it was"
  fi
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
  if ! chown -- "$3:$4" "$1" || ! chmod -- "$2" "$1"; then
    fail "the owner or mode of $1 could not be set"
  fi
}
