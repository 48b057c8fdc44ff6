#!/bin/bash
# crontab of a simulated host.
set -eu
user=$(id -un) action=install source=-
while [[ $# -gt 0 ]]; do
  case $1 in
    -u) user=$2; shift ;;
    -l) action=list ;;
    -r) action=remove ;;
    -) source=- ;;
    *) source=$1 ;;
  esac
  shift
done
table=/var/spool/cron/crontabs/$user
if ! id "$user" >/dev/null 2>&1; then echo "crontab:  user \`$user' unknown" >&2; exit 1; fi
case $action in
  list)
    if [[ ! -f $table ]]; then echo "no crontab for $user" >&2; exit 1; fi
    cat "$table"
    ;;
  remove) rm -f "$table" ;;
  install)
    mkdir -p "${table%/*}"
    text=$(cat "$source"; echo .)
    text=${text%.}
    if [[ -n $text && $text != *$'\n' ]]; then
      echo "new crontab file is missing newline before EOF, can't install." >&2
      exit 1
    fi
    # As Debian's: what is killed leaves a file of this name, which cron passes over.
    beside=$(mktemp "${table%/*}/tmp.XXXXXX")
    printf '%s' "$text" >"$beside"
    mv "$beside" "$table"
    ;;
esac
