#!/bin/bash
# lspci of a simulated host: the display controllers of the made-up machine.
set -eu
for device in /sys/bus/pci/devices/*; do
  address=${device##*/}
  printf '%s VGA compatible controller: %s\n' "${address#0000:}" "$(cat "$device/title")"
done
