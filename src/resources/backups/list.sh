# What backups of a miner there are to restore from: rows with tabs between, `over` as the last one. Changes nothing.

# fcops_sums DIRECTORY: whether its files are what its own sums say. Nothing but the files of a backup is looked at.
fcops_sums() {
  local line count=0
  while IFS= read -r line; do
    [[ $line =~ ^[0-9a-f]{64}\ \ (metadata\.cbor|config\.toml|storage\.json|about)$ ]] || { echo differs; return; }
    count=$((count + 1))
  done <"$1/SHA256SUMS"
  if [[ $count -eq 4 ]] && (cd -- "$1" && sha256sum --status -c SHA256SUMS) 2>/dev/null; then echo good; else echo differs; fi
}

# fcops_backup_rows PLACE DIRECTORY MINER UNTIL [MOUNT]: those in one place, the newest first. What $SECONDS has no time for
# is not compared with its sums.
fcops_backup_rows() {
  local place=$1 directory=$2 name bytes state why
  if [[ -n ${5-} ]] && ! awk -v target="$5" '$5 == target { found = 1 } END { exit !found }' /proc/self/mountinfo; then
    printf 'place\t%s\tnot mounted\n' "$place"
    return
  fi
  if [[ -e $directory ]] && ! why=$(ls -A -- "$directory" 2>&1 >/dev/null); then
    why=${why//[$'\t\n']/ }
    printf 'place\t%s\tunknown\t%s\n' "$place" "${why:0:200}"
    return
  fi
  printf 'place\t%s\tread\n' "$place"
  while read -r name bytes; do
    state=unchecked
    [[ $SECONDS -ge $4 ]] || state=$(fcops_sums "$directory/$name")
    printf 'backup\t%s\t%s\t%s\t%s\t%s\n' "$place" "$name" "$bytes" "$state" "$(sed -n 's/^\([0-9a-f]\{64\}\)  metadata.cbor$/\1/p' "$directory/$name/SHA256SUMS")"
  done < <(fcops_backups "$directory" "$3" | sort -r)
}

# fcops_given FILE: one that somebody has named: metadata, or a directory with metadata.cbor. config.toml and storage.json lie
# beside it, or have its name before theirs.
fcops_given() {
  local file=$1 directory stem beside='' state=none sum
  [[ ! -d $file ]] || file=${file%/}/metadata.cbor
  if [[ ! -f $file || ! -s $file ]]; then
    printf 'nogiven\t%s\n' "$file is not there, or is empty"
    return
  fi
  directory=${file%/*}
  stem=${file##*/}
  for stem in "$directory/${stem%.*}." "$directory/"; do
    if [[ -z $beside && -s ${stem}config.toml && -s ${stem}storage.json ]]; then beside=$stem; fi
  done
  if [[ -z $beside ]]; then
    printf 'nogiven\t%s\n' "beside $file are no config.toml and storage.json: without them lotus-miner would know of no storage path"
    return
  fi
  [[ ${file##*/} != metadata.cbor || ! -s $directory/SHA256SUMS ]] || state=$(fcops_sums "$directory")
  sum=$(sha256sum <"$file")
  printf 'given\t%s\t%s\t%s\t%s\t%s\t%s\n' "$file" "$(stat -c %s -- "$file")" "${beside}config.toml" "${beside}storage.json" \
    "$state" "${sum%% *}"
}

# fcops_patiently NAME SECONDS COMMAND…: rows that may come from another machine. What hangs is left behind.
fcops_patiently() {
  local line='' name=$1 seconds=$2
  shift 2
  while IFS= read -r -t "$seconds" line && [[ $line != over ]]; do printf '%s\n' "$line"; done < <(
    exec </dev/null 2>/dev/null
    "$@"
    echo over
  )
  [[ $line == over ]] || printf '%s\tdid not answer within %s s\n' "$name" "$seconds"
}

# fcops_backup_list MINER HERE THERE MOUNT FILE: THERE, MOUNT and FILE may be empty.
fcops_backup_list() {
  printf 'now\t%s\n' "$(date +%s)"
  fcops_backup_rows here "$2" "$1" $((SECONDS + 40))
  [[ -z $3 ]] || fcops_patiently $'place\tthere\tunknown' 60 fcops_backup_rows there "$3" "$1" $((SECONDS + 40)) "$4"
  [[ -z $5 ]] || fcops_patiently nogiven 120 fcops_given "$5"
  printf 'over\n'
}
