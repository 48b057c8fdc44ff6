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
  local -a lines
  shift
  grub_kernels=0 grub_lack=''
  mapfile -t lines <"$file"
  for line in ${lines[@]+"${lines[@]}"}; do
    case $line in
      '### BEGIN '*) section=${line#'### BEGIN '} ;;
      '### END '*) section='' ;;
      *linux*)
        if [[ ${section##*/} != *linux* ]] || ! grub_line_counts "$line"; then continue; fi
        grub_kernels=$((grub_kernels + 1))
        for argument; do
          [[ -n $grub_lack || " ${line//$'\t'/ } " == *" $argument "* ]] || grub_lack=$argument
        done
        ;;
    esac
  done
}
