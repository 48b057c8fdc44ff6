# What a machine is made of, and what its kernel has said of it, as parts of one question (parts.sh). Changes nothing. Rows:
#   dmi KEY VALUE                                of the machine and its board
#   boot SECONDS                                 when its kernel was started, since 1970
#   module CONTROLLER LABEL CORRECTED WRONG      errors of memory that the kernel has counted
#   pci ADDRESS PATH WIDTH MOST                  NVIDIA GPUs: where, and the lanes that their link has and could have
#   slot NAME ADDRESS                            PCI slots, as the kernel knows them
#   card ADDRESS MODEL UUID                      GPUs that the driver has taken
#   nvme NAME ADDRESS STATE MODEL SERIAL FIRMWARE NAMESPACES
#   disk NAME SECTORS MODEL SERIAL
#   md NAME LEVEL DISKS DEGRADED STATE
#   member MD DEVICE STATE
#   mounted TARGET SOURCE FSTYPE
#   nic NAME ADDRESS STATE SPEED CHANGES MAC DRIVER
#   log CATEGORY KEY COUNT FIRST LAST            lines of the kernel's log, see kernel-log.ts
#   logged SOURCE STATUS
#   lines COUNT OLDEST                           of the log

# hw_line FILE: its first line without blanks around it, in $line; empty where there is none.
hw_line() {
  line=''
  { IFS= read -r -n 512 line <"$1"; } 2>/dev/null
  line=${line#"${line%%[![:space:]]*}"}
  line=${line%"${line##*[![:space:]]}"}
}

hw_machine() {
  local line key value
  for key in sys_vendor product_name product_version product_serial chassis_serial board_vendor board_name board_serial \
    bios_version bios_date; do
    hw_line "/sys/class/dmi/id/$key"
    [[ -z $line ]] || part_row dmi "$key" "$line"
  done
  while read -r key value _; do [[ $key != btime ]] || part_row boot "$value"; done </proc/stat
}

hw_modules() { part_text memory 10 dmidecode -t 17; }
hw_slots() { part_text slots 10 dmidecode -t 9; }

# Modules that the kernel counts the errors of; without a driver for the controller there are none.
hw_errors() {
  local line path label corrected wrong
  for path in /sys/devices/system/edac/mc/mc*/dimm* /sys/devices/system/edac/mc/mc*/rank*; do
    [[ -d $path ]] || continue
    hw_line "$path/dimm_label"
    label=$line
    hw_line "$path/dimm_ce_count"
    corrected=$line
    hw_line "$path/dimm_ue_count"
    wrong=$line
    path=${path%/*}
    part_row module "${path##*/}" "$label" "$corrected" "$wrong"
  done
}

hw_pci() {
  local line path where width
  for path in /sys/bus/pci/devices/*; do
    hw_line "$path/class"
    [[ $line == 0x0300* || $line == 0x0302* ]] || continue
    hw_line "$path/vendor"
    [[ $line == 0x10de ]] || continue
    where=$(readlink -f -- "$path")
    hw_line "$path/current_link_width"
    width=$line
    hw_line "$path/max_link_width"
    part_row pci "${path##*/}" "$where" "$width" "$line"
  done
  for path in /sys/bus/pci/slots/*; do
    hw_line "$path/address"
    [[ -z $line ]] || part_row slot "${path##*/}" "$line"
  done
}

hw_driver() {
  if [[ ! -e /dev/nvidiactl && ! -e /sys/module/nvidia ]]; then
    printf 'text\tgpus\tnot loaded\t\t.\n'
    return 0
  fi
  part_text gpus 15 nvidia-smi --format=csv,noheader,nounits \
    --query-gpu=pci.bus_id,serial,uuid,vbios_version,driver_version,pcie.link.width.current,pcie.link.width.max,name
}

# Beside nvidia-smi: of one card that is lost it tells nothing of the others.
hw_cards() {
  local key value path model uuid
  for path in /proc/driver/nvidia/gpus/*/information; do
    [[ -r $path ]] || continue
    model='' uuid=''
    while IFS=: read -r key value; do
      case $key in
        Model) read -r model <<<"$value" ;;
        'GPU UUID') read -r uuid <<<"$value" ;;
      esac
    done < <(timeout -k 1 5 cat "$path")
    path=${path%/information}
    part_row card "${path##*/}" "$model" "$uuid"
  done
}

hw_nvme() {
  local line path name address state model serial firmware space
  local -a spaces
  for path in /sys/class/nvme/nvme*; do
    [[ -d $path ]] || continue
    name=${path##*/}
    hw_line "$path/address"
    address=$line
    hw_line "$path/state"
    state=$line
    hw_line "$path/model"
    model=$line
    hw_line "$path/serial"
    serial=$line
    hw_line "$path/firmware_rev"
    firmware=$line
    spaces=()
    # With several paths to a disk its block device carries the number of the subsystem.
    for space in "$path"/nvme*n*; do [[ ! -d $space ]] || spaces+=("${space##*/}"); done
    part_row nvme "$name" "$address" "$state" "$model" "$serial" "$firmware" "${spaces[*]-}"
  done
}

# Beside the rest: one disk that does not answer takes no word from the others.
hw_health() {
  local path
  # Whole rows go into a pipe at once up to 4096 bytes.
  # shellcheck disable=SC2034 # parts.sh reads it
  part_limit=2900
  for path in /sys/class/nvme/nvme*; do
    [[ ! -d $path ]] || part_text "smart ${path##*/}" 8 nvme smart-log -o json "/dev/${path##*/}" &
  done | cat
}

hw_disks() {
  local line path name size model
  for path in /sys/block/*; do
    name=${path##*/}
    case $name in loop* | ram* | dm-* | zram* | sr* | fd* | md* | '*') continue ;; esac
    hw_line "$path/size"
    size=$line
    hw_line "$path/device/model"
    model=$line
    hw_line "$path/device/serial"
    part_row disk "$name" "$size" "$model" "$line"
  done
}

hw_serials() {
  part_text lsblk 5 lsblk -d -n -b -P -o NAME,SERIAL
}

hw_md() {
  local line path level disks degraded member
  for path in /sys/block/md*/md; do
    [[ -d $path ]] || continue
    hw_line "$path/level"
    level=$line
    hw_line "$path/raid_disks"
    disks=$line
    hw_line "$path/degraded"
    degraded=$line
    hw_line "$path/array_state"
    member=${path%/md}
    part_row md "${member##*/}" "$level" "$disks" "$degraded" "$line"
    for member in "$path"/dev-*; do
      [[ -d $member ]] || continue
      hw_line "$member/state"
      level=${path%/md}
      part_row member "${level##*/}" "${member##*/dev-}" "$line"
    done
  done
}

hw_mdstat() { part_text mdstat 5 cat /proc/mdstat; }

# What disks say of the arrays that they belong to, whether those have been put together or not.
hw_arrays() { part_text arrays 10 mdadm --examine --scan --verbose; }

# hw_mounts TARGET…
hw_mounts() {
  local line target source
  local -A wanted=()
  for target; do wanted[$target]=1; done
  while IFS= read -r line; do
    target=${line#* * * * }
    target=${target%% *}
    [[ -n ${wanted[$target]-} ]] || continue
    line=${line#* - }
    source=${line#* }
    source=${source%% *}
    # /dev/md/0 is a link.
    [[ $source != /dev/* ]] || source=$(readlink -f -- "$source")
    part_row mounted "$target" "$source" "${line%% *}"
  done </proc/self/mountinfo
}

hw_nics() {
  local line path state speed changes mac driver address
  for path in /sys/class/net/*; do
    [[ -e $path/device ]] || continue
    hw_line "$path/operstate"
    state=$line
    hw_line "$path/speed"
    speed=$line
    hw_line "$path/carrier_changes"
    changes=$line
    hw_line "$path/address"
    mac=$line
    address=$(readlink -f -- "$path/device")
    driver=$(readlink -f -- "$path/device/driver")
    part_row nic "${path##*/}" "${address##*/}" "$state" "$speed" "$changes" "$mac" "${driver##*/}"
  done
}

# hw_log AWK DAYS: the newest lines first. Of a journal the starts before this one, too.
hw_log() {
  local said=''
  if type -P journalctl >/dev/null; then
    said=$(
      LC_ALL=C timeout -k 1 20 journalctl --quiet --no-pager -r -o short-iso --since "$2 days ago" _TRANSPORT=kernel |
        LC_ALL=C awk "$1" | head -c 262144
      printf 'logged\tjournal\t%s\t.\n' "${PIPESTATUS[0]}"
    )
  fi
  if [[ ! $said =~ lines$'\t'[1-9] ]] && type -P dmesg >/dev/null; then
    said=$(
      LC_ALL=C timeout -k 1 8 dmesg | tac | LC_ALL=C awk "$1" | head -c 262144
      printf 'logged\tdmesg\t%s\t.\n' "${PIPESTATUS[0]}"
    )
  fi
  [[ -z $said ]] || printf '%s\n' "$said"
}
