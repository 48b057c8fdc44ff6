# Steps that put back what a run has kept.

# restore_file PATH COPY SHA256 SEEN: the copy, with its owner and mode. Its time is that of now: who goes by times (a
# process that reads it, systemd) shall see that it has changed.
restore_file() {
  local path=$1 copy=$2 sum=$3 seen=$4 beside got
  expect "$path" "$seen" "$sum"
  [[ -f $copy && ! -L $copy ]] || fail "the copy $copy is not there any more; $path is as it was"
  make_beside "$path"
  if cp -aT -- "$copy" "$beside" && touch -- "$beside" &&
    dd if=/dev/null of="$beside" conv=notrunc,fsync status=none &&
    got=$(sha256sum -- "$beside") && [[ ${got%% *} == "$sum" ]] &&
    (keep "$path" "$beside") && mv -fT -- "$beside" "$path"; then
    return 0
  fi
  rm -f -- "$beside"
  fail "$path could not be put back; it is as it was"
}

# take_away PATH SEEN: what was not there before. A directory only where nothing is in it.
take_away() {
  local path=$1 seen=$2
  local -a described=(absent - - -)
  expect "$path" "$seen" absent
  describe "$path"
  case ${described[0]} in
    absent) return 0 ;;
    directory)
      remember "$path" "${described[@]}" absent - - -
      rmdir -- "$path" || fail "$path could not be removed; it stays"
      ;;
    *)
      keep "$path"
      rm -f -- "$path" || fail "$path could not be removed; it is as it was"
      ;;
  esac
}

# restore_crontab USER SEEN [COPY]: the table that was kept; without COPY there was none. SEEN is the sha256 of the text
# that the plan saw.
restore_crontab() {
  local user=$1 seen=$2 copy=${3-} before there text=''
  find_crontab "$user"
  if [[ -n $copy ]]; then
    [[ -f $copy ]] || fail "the copy $copy is not there any more; the crontab of $user is as it was"
    text=$(cat -- "$copy" && echo .) || fail "$copy could not be read; the crontab of $user is as it was"
    text=${text%.}
  fi
  [[ $(sum_of_table "$before") == "$seen" || $before == "$text" ]] ||
    fail "the crontab of $user has changed since the plan was made; nothing was done to it. Run again."
  if [[ -n $copy ]]; then
    put_crontab "$user" "$text"
  elif [[ -n $there ]]; then
    keep_crontab "$user" absent
    crontab -u "$user" -r || fail "the crontab of $user could not be removed; it is as it was"
  fi
}
