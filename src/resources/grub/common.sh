# What looking at GRUB's configuration and writing it have in common.

# The configuration that GRUB was installed with, in $grub_config.
# shellcheck disable=SC2034 # for the caller
find_grub_config() {
  case $1 in
    debian) grub_config=/boot/grub/grub.cfg ;;
    *)
      grub_config=/boot/grub2/grub.cfg
      # A machine that was started by EFI reads it from the EFI partition (CentOS 7).
      [[ ! -d /sys/firmware/efi || ! -e /etc/grub2-efi.cfg ]] || grub_config=$(readlink -f /etc/grub2-efi.cfg)
      ;;
  esac
}

# Whether a line of grub.cfg starts a kernel that gets GRUB_CMDLINE_LINUX_DEFAULT: rescue entries do not.
grub_line_counts() {
  [[ $1 =~ ^[[:blank:]]*linux(16|efi)?[[:blank:]] ]] &&
    [[ ! " $1 " =~ [[:blank:]](single|recovery|rescue)[[:blank:]] && $1 != *memtest* ]]
}
