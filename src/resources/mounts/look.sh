# fcops_mount_bytes SIZE: bytes of 64G, 1024M, 67108864K or a plain number, as mount and kernels write sizes, in $bytes.
fcops_mount_bytes() {
  bytes=${1%[KMGTkmgt]}
  if [[ ! $bytes =~ ^[0-9]+$ ]]; then
    bytes=$1
    return
  fi
  case $1 in
    *[Kk]) bytes=$((bytes << 10)) ;;
    *[Mm]) bytes=$((bytes << 20)) ;;
    *[Gg]) bytes=$((bytes << 30)) ;;
    *[Tt]) bytes=$((bytes << 40)) ;;
  esac
}

# fcops_mount_has OPTIONS WANTED…: whether a mount has these sizes (size=64G), by their value.
fcops_mount_has() {
  local present=,$1, size name has bytes
  shift
  for size; do
    name=${size%%=*}
    [[ $present == *",$name="* ]] || return 1
    has=${present#*",$name="}
    fcops_mount_bytes "${has%%,*}"
    has=$bytes
    fcops_mount_bytes "${size#*=}"
    [[ $has == "$bytes" ]] || return 1
  done
}

# fcops_mount_users DIRECTORY: "PID NAME" of each process that has something of what is mounted there open, mapped or
# as its directory.
fcops_mount_users() {
  local target=$1 path name
  local -A users=()
  while IFS= read -r path; do
    path=${path#/proc/}
    users[${path%%/*}]=1
  done < <(
    grep -lsF -e " $target/" /proc/[0-9]*/maps
    find /proc/[0-9]*/fd /proc/[0-9]*/cwd /proc/[0-9]*/root -maxdepth 1 \( -lname "$target" -o -lname "$target/*" \) 2>/dev/null
  )
  for path in "${!users[@]}"; do
    name=''
    read -r name 2>/dev/null <"/proc/$path/comm" || continue
    printf '%s %s\n' "$path" "$name"
  done | sort -n
}

# fcops_mount_sizes DIRECTORY FSTYPE WANTED…: who uses a mount that has not the sizes that are wanted; nothing, and
# nobody looked for, where it has.
fcops_mount_sizes() {
  local target=$1 fstype=$2 row own user
  local -A mounts=()
  shift 2
  fcops_mount_read "$target"
  # The mount's options, type, source, and the options of its file system.
  row=${mounts[$target]-}
  own=${row#* }
  [[ ${own%% *} == "$fstype" ]] && ! fcops_mount_has "${row%% *},${row##* }" "$@" || return 0
  while IFS= read -r user; do
    printf 'mount-user\t%s\t%s\t%s\n' "$target" "${user%% *}" "${user#* }"
  done < <(fcops_mount_users "$target")
}

# fcops_mount_read DIRECTORY…: what is mounted there into $mounts, the last mount of a directory being the one that is
# seen. Touches none of them.
fcops_mount_read() {
  local target line
  local -a lines
  local -A asked=()
  for target; do asked[$target]=1; done
  # At once: the kernel makes its table anew for each line that is read by itself.
  mapfile -t lines </proc/self/mountinfo
  for line in ${lines[@]+"${lines[@]}"}; do
    line=${line#* * * * }
    target=${line%% *}
    [[ -n ${asked[$target]-} ]] || continue
    line=${line#* }
    mounts[$target]="${line%% *} ${line#* - }"
  done
}

# The same, and rows of it.
fcops_mount_rows() {
  local target
  fcops_mount_read "$@"
  for target; do
    if [[ -n ${mounts[$target]-} ]]; then
      printf 'mount\t%s\t%s\n' "$target" "${mounts[$target]}"
    else
      printf 'mount\t%s\n' "$target"
    fi
  done
}

# The same for those who only read the rows.
fcops_mount_table() {
  local -A mounts=()
  fcops_mount_rows "$@"
}
