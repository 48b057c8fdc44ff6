#!/bin/bash
# update-grub and grub2-mkconfig of a simulated host: the kernel's line with the arguments of /etc/default/grub.
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
config="menuentry 'Simulated' {
	linux	/boot/vmlinuz-5.4.0 root=UUID=2f1c ro $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT
}"
if [[ -z $output ]]; then
  printf '%s\n' "$config"
else
  printf '%s\n' "$config" >"$output.new"
  mv "$output.new" "$output"
fi
echo 'done' >&2
