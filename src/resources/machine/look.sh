# What the machine is, with builtins only: no process is started. Rows: fact KEY VALUE…

# fcops_fact KEY VALUE…: one more row in $rows: printf would write each by itself, and make a packet of it.
fcops_fact() {
  local IFS=$'\t'
  rows+=$'fact\t'"$*"$'\n'
}

# First line of a file in $line; empty where there is none.
fcops_line() {
  line=''
  [[ ! -r $1 ]] || IFS= read -r line <"$1" || [[ -n $line ]]
}

fcops_facts_system() {
  local line key value
  fcops_line /proc/sys/kernel/hostname && fcops_fact hostname "$line"
  fcops_line /proc/sys/kernel/osrelease && fcops_fact kernel "$line"
  fcops_line /proc/sys/kernel/random/boot_id && fcops_fact boot "$line"
  fcops_line /proc/cmdline && fcops_fact cmdline "${line//$'\t'/ }"
  value=no
  [[ ! -d /run/systemd/system ]] || value=yes
  fcops_fact systemd "$value"
  # /etc/os-release is missing on some images that have the other.
  line=/etc/os-release
  [[ -r $line ]] || line=/usr/lib/os-release
  [[ ! -r $line ]] || while IFS='=' read -r key value || [[ -n $key ]]; do
    case $key in
      ID | VERSION_ID)
        value=${value#[\"\']}
        fcops_fact os "$key" "${value%[\"\']}"
        ;;
    esac
  done <"$line"
  while read -r key value _; do
    [[ $key != MemTotal: ]] || { fcops_fact memory "$value"; break; }
  done </proc/meminfo
}

# The first block of /proc/cpuinfo only, and at once: with 256 CPUs the whole of it takes a while, and the kernel makes it
# anew for each line that is read by itself.
fcops_facts_cpu() {
  local line key value range cpu member IFS=,
  local -a lines grouped=()
  mapfile -t -n 40 lines </proc/cpuinfo
  for line in ${lines[@]+"${lines[@]}"}; do
    [[ -n $line ]] || break
    case $line in
      vendor_id* | 'model name'* | siblings* | 'cpu cores'*)
        key=${line%%:*}
        value=${line#*:}
        while [[ $key == *[[:blank:]] ]]; do key=${key%?}; done
        fcops_fact cpu "$key" "${value# }"
        ;;
    esac
  done
  fcops_line /sys/devices/system/cpu/online && fcops_fact online "$line"
  # Kernel lists: 0-3,8.
  for range in ${line:-0}; do
    for ((cpu = ${range%-*}; cpu <= ${range#*-}; cpu++)); do
      # Reading one CPU's group tells of all its members.
      [[ -z ${grouped[cpu]-} ]] || continue
      fcops_line "/sys/devices/system/cpu/cpu$cpu/cache/index3/shared_cpu_list"
      [[ -n $line ]] || continue
      fcops_fact l3 "$line"
      for value in $line; do
        for ((member = ${value%-*}; member <= ${value#*-}; member++)); do grouped[member]=1; done
      done
    done
  done
}

fcops_facts_numa() {
  local line path total list
  for path in /sys/devices/system/node/node[0-9]*; do
    [[ -d $path ]] || continue
    fcops_line "$path/cpulist" || continue
    list=$line
    read -r _ _ _ total _ <"$path/meminfo" || continue
    fcops_fact node "${path##*/node}" "$total" "$list"
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
    fcops_fact gpu "${path##*/}" "${line:--1}"
  done
}

fcops_facts_disks() {
  local line path size
  for path in /sys/block/*; do
    case ${path##*/} in loop* | ram* | dm-* | zram* | sr* | fd* | '*') continue ;; esac
    fcops_line "$path/size" || continue
    size=$line
    fcops_line "$path/queue/rotational" || line=0
    fcops_fact disk "${path##*/}" "$size" "$line"
  done
}

fcops_facts() {
  local rows=''
  fcops_facts_system
  fcops_facts_cpu
  fcops_facts_numa
  fcops_facts_gpus
  fcops_facts_disks
  echo -n "$rows"
} 2>/dev/null
