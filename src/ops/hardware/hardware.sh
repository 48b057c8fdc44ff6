# What a machine is made of, and what its kernel has said of it: each part asked beside the others and with an end of its
# own, so that a dead disk or driver makes its own part unknown. Rows on standard output; changes nothing.
#   dmi KEY VALUE                                of the machine and its board
#   boot SECONDS                                 when its kernel was started, since 1970
#   text NAME STATUS BASE64                      what a program has printed; status none: it is not there
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
#   logged SOURCE STATUS LINES OLDEST
#   part NAME                                    it came to its end
#   over

# hw_row FIELD…: what a file holds cannot break the frame.
hw_row() {
  local IFS=$'\t' field
  local -a clean=()
  for field; do clean+=("${field//[[:cntrl:]]/ }"); done
  [[ ${#clean[@]} -eq 0 ]] || printf '%s\n' "${clean[*]}"
}

# hw_line FILE: its first line without blanks around it, in $line; empty where there is none.
hw_line() {
  line=''
  { IFS= read -r -n 512 line <"$1"; } 2>/dev/null
  line=${line#"${line%%[![:space:]]*}"}
  line=${line%"${line##*[![:space:]]}"}
}

# hw_text NAME SECONDS COMMAND…: a row of what it prints, $hw_limit bytes of it at the most.
hw_limit=65536
hw_text() {
  local name=$1 seconds=$2 said
  shift 2
  if ! type -P "$1" >/dev/null; then
    printf 'text\t%s\tnone\t\n' "$name"
    return 0
  fi
  said=$(
    LC_ALL=C timeout -k 1 "$seconds" "$@" 2>&1 </dev/null | tr -d '\0' | head -c "$hw_limit" | base64 -w 0
    printf ' %s' "${PIPESTATUS[0]}"
  )
  printf 'text\t%s\t%s\t%s\n' "$name" "${said##* }" "${said% *}"
}

hw_machine() {
  local line key value
  for key in sys_vendor product_name product_version product_serial chassis_serial board_vendor board_name board_serial \
    bios_version bios_date; do
    hw_line "/sys/class/dmi/id/$key"
    [[ -z $line ]] || hw_row dmi "$key" "$line"
  done
  while read -r key value _; do [[ $key != btime ]] || hw_row boot "$value"; done </proc/stat
}

hw_modules() { hw_text memory 10 dmidecode -t 17; }
hw_slots() { hw_text slots 10 dmidecode -t 9; }

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
    hw_row module "${path##*/}" "$label" "$corrected" "$wrong"
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
    hw_row pci "${path##*/}" "$where" "$width" "$line"
  done
  for path in /sys/bus/pci/slots/*; do
    hw_line "$path/address"
    [[ -z $line ]] || hw_row slot "${path##*/}" "$line"
  done
}

hw_driver() {
  if [[ ! -e /dev/nvidiactl && ! -e /sys/module/nvidia ]]; then
    printf 'text\tgpus\tnot loaded\t\n'
    return 0
  fi
  hw_text gpus 15 nvidia-smi --format=csv,noheader,nounits \
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
    hw_row card "${path##*/}" "$model" "$uuid"
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
    hw_row nvme "$name" "$address" "$state" "$model" "$serial" "$firmware" "${spaces[*]-}"
  done
}

# Beside the rest: one disk that does not answer takes no word from the others.
hw_health() {
  local path
  # Whole rows go into a pipe at once up to 4096 bytes.
  hw_limit=2900
  for path in /sys/class/nvme/nvme*; do
    [[ ! -d $path ]] || hw_text "smart ${path##*/}" 8 nvme smart-log -o json "/dev/${path##*/}" &
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
    hw_row disk "$name" "$size" "$model" "$line"
  done
}

hw_serials() {
  hw_text lsblk 5 lsblk -d -n -b -P -o NAME,SERIAL
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
    hw_row md "${member##*/}" "$level" "$disks" "$degraded" "$line"
    for member in "$path"/dev-*; do
      [[ -d $member ]] || continue
      hw_line "$member/state"
      level=${path%/md}
      hw_row member "${level##*/}" "${member##*/dev-}" "$line"
    done
  done
}

hw_mdstat() { hw_text mdstat 5 cat /proc/mdstat; }

# What disks say of the arrays that they belong to, whether those have been put together or not.
hw_arrays() { hw_text arrays 10 mdadm --examine --scan --verbose; }

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
    hw_row mounted "$target" "$source" "${line%% *}"
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
    hw_row nic "${path##*/}" "${address##*/}" "$state" "$speed" "$changes" "$mac" "${driver##*/}"
  done
}

# hw_log AWK DAYS: the newest lines first. Of a journal the starts before this one, too.
hw_log() {
  local said=''
  if type -P journalctl >/dev/null; then
    said=$(
      LC_ALL=C timeout -k 1 20 journalctl --quiet --no-pager -r -o short-iso --since "$2 days ago" _TRANSPORT=kernel |
        LC_ALL=C awk "$1" | head -c 262144
      printf 'logged\tjournal\t%s\n' "${PIPESTATUS[0]}"
    )
  fi
  if [[ ! $said =~ lines$'\t'[1-9] ]] && type -P dmesg >/dev/null; then
    said=$(
      LC_ALL=C timeout -k 1 8 dmesg | tac | LC_ALL=C awk "$1" | head -c 262144
      printf 'logged\tdmesg\t%s\n' "${PIPESTATUS[0]}"
    )
  fi
  [[ -z $said ]] || printf '%s\n' "$said"
}

# hw_part FUNCTION [ARGUMENT…]
hw_part() {
  # By exec: a redirection that ends again keeps what was there before, and who reads it waits for its end.
  exec </dev/null 2>/dev/null
  "$@"
  printf 'part\t%s\n' "${1#hw_}"
}

# hardware SECONDS AWK DAYS TARGET…
hardware() {
  local end=$((SECONDS + $1)) awk=$2 days=$3 line left fd name
  local -a fds=()
  shift 3
  exec {fd}< <(hw_part hw_mounts "$@") && fds+=("$fd")
  exec {fd}< <(hw_part hw_log "$awk" "$days") && fds+=("$fd")
  for name in machine modules slots errors pci driver cards nvme health disks serials md mdstat arrays nics; do
    exec {fd}< <(hw_part "hw_$name") && fds+=("$fd")
  done
  for fd in ${fds[@]+"${fds[@]}"}; do
    while :; do
      left=$((end - SECONDS))
      # What the parts beside one that hangs have said stands ready.
      [[ $left -gt 1 ]] || left=1
      IFS= read -r -t "$left" line <&"$fd" || break
      printf '%s\n' "$line"
    done
    exec {fd}<&-
  done
  printf 'over\n'
}
