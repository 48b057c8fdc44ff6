#!/bin/bash
# Stands where systemd is in a booted host, and starts it after it has put made-up files over /proc and /sys:
# the kernel's settings are one for the whole machine, so a host gets a copy of its own, and the hardware is
# that of the test.
set -eu
made=/usr/share/simulated
if [[ ! -d /run/simulated ]]; then
  mkdir /run/simulated
  cp -a "$made/." /run/simulated/
  # The boot loader: the kernel's arguments are those of the first entry.
  if [[ -e /run/simulated/proc/cmdline ]]; then
    sed -nE 's/^[[:blank:]]*linux[[:blank:]]+/BOOT_IMAGE=/p' /boot/grub/grub.cfg | head -n 1 >/run/simulated/proc/cmdline
  fi
  copy=/run/simulated/proc/sys
  cat /proc/sys/kernel/random/boot_id >"$copy/kernel/random/boot_id"
  mkdir -p /run/simulated/live
  for key in hostname domainname; do
    : >"/run/simulated/live/$key"
    mount --bind "/proc/sys/kernel/$key" "/run/simulated/live/$key"
  done
  : >/run/simulated/live/uuid
  mount --bind /proc/sys/kernel/random/uuid /run/simulated/live/uuid
  mount --bind "$copy" /proc/sys
  for key in hostname domainname; do mount --bind "/run/simulated/live/$key" "/proc/sys/kernel/$key"; done
  mount --bind /run/simulated/live/uuid /proc/sys/kernel/random/uuid
  for part in sys/devices/system/cpu sys/devices/system/node sys/bus/pci/devices sys/block proc/{cpuinfo,meminfo,cmdline}; do
    if [[ -e /run/simulated/$part && -e /$part ]]; then mount --bind "/run/simulated/$part" "/$part"; fi
  done
  if [[ -e /run/simulated/dev/nvidiactl ]]; then : >/dev/nvidiactl; fi
  # When it starts itself anew, and for the managers of users, this shall not come in between.
  mount --bind /usr/lib/systemd/real/systemd /usr/lib/systemd/systemd
fi
exec /usr/lib/systemd/real/systemd "$@"
