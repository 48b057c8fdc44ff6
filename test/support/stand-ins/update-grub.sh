#!/bin/bash
# update-grub (which is: exec grub-mkconfig -o /boot/grub/grub.cfg), grub-mkconfig and grub2-mkconfig of a simulated
# host: the kernel's line with the arguments of /etc/default/grub, and whatever /etc/grub.d/40_custom has.
set -eu
output=
[[ ${0##*/} != update-grub ]] || output=/boot/grub/grub.cfg
while [[ $# -gt 0 ]]; do
  case $1 in
    -o | --output) output=$2; shift ;;
    --output=*) output=${1#*=} ;;
  esac
  shift
done
set -a
GRUB_CMDLINE_LINUX='' GRUB_CMDLINE_LINUX_DEFAULT=''
for file in /etc/default/grub /etc/default/grub.d/*.cfg; do
  # shellcheck source=/dev/null
  [[ ! -f $file ]] || . "$file"
done
echo 'Generating grub configuration file ...' >&2
config="### BEGIN /etc/grub.d/10_linux ###
menuentry 'Simulated' {
	linux	/boot/vmlinuz-5.4.0 root=UUID=2f1c ro $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT
}
### END /etc/grub.d/10_linux ###"
for other in 30_os-prober 40_custom; do
  [[ ! -f /etc/grub.d/$other ]] || config+="
### BEGIN /etc/grub.d/$other ###
$(</etc/grub.d/$other)
### END /etc/grub.d/$other ###"
done
if [[ -z $output ]]; then
  printf '%s\n' "$config"
else
  # In place, as the real one does.
  printf '%s\n' "$config" >"$output"
fi
echo 'done' >&2
