# What looking at GRUB's configuration and writing it have in common.

# find_grub_config CONFIG EFI_LINK: the configuration that GRUB was installed with, in $grub_config. A machine that was
# started by EFI may read another one, from the EFI partition: that link, where it is given and is there.
# shellcheck disable=SC2034 # for the caller
find_grub_config() {
  grub_config=$1
  [[ ! -d /sys/firmware/efi || -z $2 || ! -e $2 ]] || grub_config=$(readlink -f "$2")
}

# Whether a line of grub.cfg starts a kernel that gets GRUB_CMDLINE_LINUX_DEFAULT: rescue entries do not.
grub_line_counts() {
  [[ $1 =~ ^[[:blank:]]*linux(16|efi)?[[:blank:]] ]] &&
    [[ ! " $1 " =~ [[:blank:]](single|recovery|rescue)[[:blank:]] && $1 != *memtest* ]]
}

# grub_compare FILE ARGUMENT…: how many kernels of this machine's own FILE starts, in $grub_kernels, and the first
# argument that one of them lacks, in $grub_lack. What os-prober found is another Linux, which has its own arguments,
# and what stands in 40_custom somebody wrote by hand: only the sections of grub.d/*linux* are made of
# /etc/default/grub. Without sections all of it counts.
# shellcheck disable=SC2034 # for the caller
grub_compare() {
  local file=$1 line argument section=linux
  shift
  grub_kernels=0 grub_lack=''
  while IFS= read -r line; do
    case $line in
      '### BEGIN '*) section=${line#'### BEGIN '} ;;
      '### END '*) section='' ;;
    esac
    if [[ ${section##*/} != *linux* ]] || ! grub_line_counts "$line"; then continue; fi
    grub_kernels=$((grub_kernels + 1))
    for argument; do
      [[ -n $grub_lack || " ${line//$'\t'/ } " == *" $argument "* ]] || grub_lack=$argument
    done
  done <"$file"
}

# grub_shadowed VARIABLE ARGUMENT…: the file of /etc/default/grub.d that sets the variable anew, without what it was
# before and without the arguments; nothing where /etc/default/grub has the last word.
grub_shadowed() {
  local variable=$1 file line value argument shadowed='' lacks
  shift
  for file in /etc/default/grub.d/*.cfg; do
    [[ -f $file ]] || continue
    while IFS= read -r line || [[ -n $line ]]; do
      [[ $line =~ ^[[:blank:]]*(export[[:blank:]]+)?$variable(\+?)=(.*)$ ]] || continue
      value=${BASH_REMATCH[3]}
      lacks=''
      for argument; do
        [[ " ${value//[\"\']/ } " == *" $argument "* ]] || lacks=yes
      done
      if [[ -z $lacks ]]; then
        shadowed=''
      elif [[ -z ${BASH_REMATCH[2]} && $value != *"\$$variable"* && $value != *"\${$variable"* ]]; then
        shadowed=$file
      fi
    done <"$file"
  done
  printf '%s' "$shadowed"
}
