# What a diagnosis sees of a host besides its processes: rows with tabs between, `over` as the last one. Changes nothing.

# fcops_held_pages DIRECTORY: of a hugetlbfs the files that no process has mapped or open, by the directory below it that
# they are in: how many, and KiB of pages that they hold.
fcops_held_pages() {
  local root=$1 inode kib path name maps
  local -A used=() files=() kibs=()
  [[ $(stat -f -c %T -- "$root" 2>/dev/null) == hugetlbfs ]] || { printf 'over\n' && return; }
  local -a found=()
  mapfile -t found < <(find "$root" -xdev -mindepth 1 -type f -printf '%i %k %P\n' 2>/dev/null)
  if [[ ${#found[@]} -gt 0 ]]; then
    # Looked for after the files: one that a task has made meanwhile is not taken for left over. The memory of a process
    # that hangs in the kernel cannot be read: then nobody knows, and there is no last row.
    maps=$(timeout -k 1 4 grep -hsF -e " $root/" /proc/[0-9]*/maps)
    [[ $? -lt 124 ]] || return 0
    while read -r _ _ _ _ inode _; do used[x$inode]=1; done <<<"$maps"
    while read -r inode; do used[x$inode]=1; done < <(
      find /proc/[0-9]*/fd -maxdepth 1 -lname "$root/*" -exec stat -L -c %i {} + 2>/dev/null
    )
    for path in "${found[@]}"; do
      [[ $path =~ ^([0-9]+)\ ([0-9]+)\ (.+)$ ]] || continue
      inode=${BASH_REMATCH[1]} kib=${BASH_REMATCH[2]} name=${BASH_REMATCH[3]}
      [[ -z ${used[x$inode]-} ]] || continue
      if [[ $name == */* ]]; then name=${name%%/*}; else name=.; fi
      [[ $name != *[!A-Za-z0-9._-]* ]] || name='?'
      files[$name]=$((${files[$name]-0} + 1))
      kibs[$name]=$((${kibs[$name]-0} + kib))
    done
    for name in "${!files[@]}"; do printf 'held\t%s\t%s\t%s\n' "$name" "${files[$name]}" "${kibs[$name]}"; done | head -n 60
  fi
  printf 'over\n'
}

# fcops_gpu_users: programs of lotus that run, with their user, the GPUs that their environment binds them to and the
# directory of their locks; and the locks there.
fcops_gpu_users() {
  local file pid word directory name
  local -A directories=()
  while IFS= read -r file; do
    pid=${file#/proc/}
    pid=${pid%/comm}
    directory=/tmp
    { while IFS= read -r -d '' word; do
      case $word in
        TMPDIR=?*) directory=${word#*=} ;;
        BELLMAN_GPU_BUS_ID=* | FIL_PROOFS_WINNING_POST_GPU=* | FIL_PROOFS_WINDOW_POST_GPU=*)
          [[ ! ${word#*=} =~ ^[0-9]{1,5}$ ]] || printf 'bound\t%s\t%s\t%s\n' "$pid" "${word%%=*}" "${word#*=}"
          ;;
      esac
    done <"/proc/$pid/environ"; } 2>/dev/null || continue
    [[ $directory == /* && $directory != *$'\t'* && $directory != *$'\n'* ]] || continue
    directories[$directory]=1
    printf 'user\t%s\t%s\t%s\n' "$pid" "$(stat -c '%u' -- "/proc/$pid" 2>/dev/null)" "$directory"
  done < <(grep -lsxE -e 'lotus|lotus-miner|lotus-worker' /proc/[0-9]*/comm)
  for directory in "${!directories[@]}"; do
    for name in bellman.gpu.lock bellman.priority.lock; do
      [[ ! -e $directory/$name ]] ||
        printf 'lock\t%s\t%s\t%s\n' "$directory" "$name" "$(stat -c '%u' -- "$directory/$name" 2>/dev/null)"
    done
  done | head -n 40
  printf 'over\n'
}

# fcops_last_words SECONDS LINES NAME REPOSITORY LOG …: the last lines that processes have logged which do not run now; LOG
# is a path, or a unit of systemd. Lines that tell of an error come before others.
fcops_last_words() {
  local seconds=$1 lines=$2 name repository log text said line end=$((SECONDS + 4))
  local -A running=()
  shift 2
  while IFS= read -r -d '' line; do running[x$line]=1; done < <(timeout -k 1 3 grep -hzsx -e '/.*' /proc/[0-9]*/cmdline)
  while [[ $# -gt 2 && $SECONDS -lt $end ]]; do
    name=$1 repository=$2 log=$3
    shift 3
    [[ -z ${running[x$repository]-} ]] || continue
    if [[ $log == /* ]]; then
      [[ -f $log ]] || continue
      text=$(timeout -k 1 "$seconds" tail -n 200 -- "$log" 2>/dev/null)
    else
      text=$(timeout -k 1 "$seconds" journalctl -q --no-pager -o cat -n 200 -u "$log" 2>/dev/null)
    fi
    said=$(grep -aiE -e 'panic|fatal|error|corrupt|checksum|datastore|leveldb|badger' <<<"$text" | tail -n "$lines")
    [[ -n $said ]] || said=$(grep -a '[^[:space:]]' <<<"$text" | tail -n "$lines")
    while IFS= read -r line; do
      [[ -z $line ]] || printf 'said\t%s\t%s\n' "$name" "${line//$'\t'/ }"
    done < <(cut -c 1-1000 <<<"$said")
  done
  printf 'over\n'
}
