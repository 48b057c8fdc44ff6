# Which backups of a miner's metadata there are, as backup_lotusminer.sh makes them. Changes nothing.

# fcops_backups DIRECTORY MINER: "NAME BYTES" of those that are whole as far as names and sizes tell, the oldest first.
fcops_backups() {
  local path name bytes file
  for path in "$1/$2"-*; do
    name=${path##*/}
    [[ $name =~ ^[ft]0[0-9]+-[0-9]{8}T[0-9]{6}Z$ && ${name%-*} == "$2" && -d $path && ! -L $path ]] || continue
    for file in metadata.cbor config.toml storage.json about SHA256SUMS; do [[ -s $path/$file ]] || continue 2; done
    bytes=$(sed -n 's/^bytes //p' "$path/about" 2>/dev/null)
    [[ $bytes =~ ^[0-9]{1,15}$ && $bytes == "$(stat -c %s -- "$path/metadata.cbor")" ]] || continue
    printf '%s %s\n' "$name" "$bytes"
  done
}

# fcops_backups_in DIRECTORY MINER [MOUNT]: how many there are and the newest, or why nobody can tell; and the time by the
# clock that their names are made by.
fcops_backups_in() {
  local names=''
  printf 'now %s\n' "$(date +%s)"
  if [[ -n ${3-} ]] && ! awk -v target="$3" '$5 == target { found = 1 } END { exit !found }' /proc/self/mountinfo; then
    echo unmounted
  elif [[ ! -e $1 ]]; then
    echo whole 0
  elif ! names=$(ls -A -- "$1" 2>&1 >/dev/null); then
    printf 'unread %s\n' "${names:0:200}"
  else
    names=$(fcops_backups "$1" "$2")
    printf 'whole %s %s\n' "$(grep -c . <<<"$names")" "${names##*$'\n'}"
  fi
}

# fcops_backups_here DIRECTORY MINER REPOSITORY: the same of this host's own, how the last run ended, and whether there is
# anything to back up.
fcops_backups_here() {
  fcops_backups_in "$1" "$2"
  [[ ! -e $3/keystore && ! -e $3/datastore ]] || echo repository
  [[ ! -s $1/last ]] || printf 'last %s\n' "$(head -n 1 -- "$1/last" | cut -c 1-500)"
}
