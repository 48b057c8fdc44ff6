# What the machine is, with builtins only: no process is started. Rows: fact KEY VALUE…

# The CPUs of a kernel list (0-3,8) in $expanded.
fcops_expand() {
  local part cpu
  local -a parts
  expanded=()
  IFS=, read -r -a parts <<<"$1"
  for part in "${parts[@]}"; do
    for ((cpu = ${part%-*}; cpu <= ${part#*-}; cpu++)); do expanded+=("$cpu"); done
  done
}

# First line of a file in $line; empty where there is none.
fcops_line() {
  line=''
  [[ ! -r $1 ]] || IFS= read -r line 2>/dev/null <"$1" || [[ -n $line ]]
}

fcops_facts_system() {
  local line key value
  fcops_line /proc/sys/kernel/hostname && printf 'fact\thostname\t%s\n' "$line"
  fcops_line /proc/sys/kernel/osrelease && printf 'fact\tkernel\t%s\n' "$line"
  fcops_line /proc/sys/kernel/random/boot_id && printf 'fact\tboot\t%s\n' "$line"
  fcops_line /proc/cmdline && printf 'fact\tcmdline\t%s\n' "${line//$'\t'/ }"
  value=no
  [[ ! -d /run/systemd/system ]] || value=yes
  printf 'fact\tsystemd\t%s\n' "$value"
  # /etc/os-release is missing on some images that have the other.
  line=/etc/os-release
  [[ -r $line ]] || line=/usr/lib/os-release
  [[ ! -r $line ]] || while IFS='=' read -r key value || [[ -n $key ]]; do
    case $key in
      ID | VERSION_ID)
        value=${value#[\"\']}
        printf 'fact\tos\t%s\t%s\n' "$key" "${value%[\"\']}"
        ;;
    esac
  done <"$line"
  while read -r key value _; do
    [[ $key != MemTotal: ]] || { printf 'fact\tmemory\t%s\n' "$value"; break; }
  done </proc/meminfo
}

# The first block of /proc/cpuinfo only: with 256 CPUs the whole of it takes a while.
fcops_facts_cpu() {
  local line key value cpu member
  local -a expanded cpus
  local -A grouped=()
  while IFS=: read -r key value; do
    [[ -n $key ]] || break
    while [[ $key == *[[:blank:]] ]]; do key=${key%?}; done
    case $key in
      vendor_id | 'model name' | siblings | 'cpu cores') printf 'fact\tcpu\t%s\t%s\n' "$key" "${value# }" ;;
    esac
  done </proc/cpuinfo
  fcops_line /sys/devices/system/cpu/online && printf 'fact\tonline\t%s\n' "$line"
  fcops_expand "${line:-0}"
  cpus=("${expanded[@]}")
  # Reading one CPU's group tells of all its members.
  for cpu in "${cpus[@]}"; do
    [[ -z ${grouped[$cpu]-} ]] || continue
    fcops_line "/sys/devices/system/cpu/cpu$cpu/cache/index3/shared_cpu_list"
    [[ -n $line ]] || continue
    printf 'fact\tl3\t%s\n' "$line"
    fcops_expand "$line"
    for member in "${expanded[@]}"; do grouped[$member]=1; done
  done
}

fcops_facts_numa() {
  local line path total list
  for path in /sys/devices/system/node/node[0-9]*; do
    [[ -d $path ]] || continue
    fcops_line "$path/cpulist" || continue
    list=$line
    fcops_line "$path/meminfo" || continue
    read -r _ _ _ total _ <<<"$line"
    printf 'fact\tnode\t%s\t%s\t%s\n' "${path##*/node}" "$total" "$list"
  done
}

fcops_facts_gpus() {
  local line path
  # Display controllers: VGA (0300) and 3D (0302), as lspci lists them.
  for path in /sys/bus/pci/devices/*; do
    fcops_line "$path/class" || continue
    [[ $line == 0x0300* || $line == 0x0302* ]] || continue
    fcops_line "$path/vendor" || continue
    [[ $line == 0x10de ]] || continue
    fcops_line "$path/numa_node" || line=-1
    printf 'fact\tgpu\t%s\t%s\n' "${path##*/}" "${line:--1}"
  done
}

fcops_facts_disks() {
  local line path size
  for path in /sys/block/*; do
    case ${path##*/} in loop* | ram* | dm-* | zram* | sr* | fd* | '*') continue ;; esac
    fcops_line "$path/size" || continue
    size=$line
    fcops_line "$path/queue/rotational" || line=0
    printf 'fact\tdisk\t%s\t%s\t%s\n' "${path##*/}" "$size" "$line"
  done
}

fcops_facts() {
  fcops_facts_system
  fcops_facts_cpu
  fcops_facts_numa
  fcops_facts_gpus
  fcops_facts_disks
}
