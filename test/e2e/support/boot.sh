#!/bin/bash
# Boots one host under systemd-nspawn, again and again as long as it asks for a reboot. Runs in mount and PID
# namespaces of its own, so its mounts and all processes of the host are gone with it.
set -eu
# The /proc of the machine, where this process has the number that the outside knows.
read -r outside _ </proc/self/stat
mount -t proc proc /proc
name=$1 root=$2 seed=$3 work=$4 bridge=$5 raid0=$6
# What nspawn keeps there of a host keeps it from starting again.
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
mount -t tmpfs tmpfs "$work"
mkdir "$work"/{upper,scratch,root,raid0}
mount -t overlay -o "lowerdir=$seed:$root,upperdir=$work/upper,workdir=$work/scratch" overlay "$work/root"
extra=()
if [[ -n $raid0 ]]; then
  mount -t tmpfs -o "size=$raid0,mode=755" /dev/md0 "$work/raid0"
  # Lines of "bytes path": sparse files below /opt/raid0.
  while read -r bytes path; do
    [[ -n $path ]] || continue
    mkdir -p "$work/raid0/${path%/*}"
    truncate -s "$bytes" "$work/raid0/$path"
  done <<<"$FCOPS_SPARSE"
  extra=(--bind="$work/raid0:/opt/raid0")
fi
unset FCOPS_SPARSE
# Where this machine has the old control groups, a systemd that knows no more of them (Debian 13) gets the new ones.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
while :; do
  status=0
  systemd-nspawn --quiet --boot --register=no --keep-unit --machine="$name" --hostname="$name" \
    --directory="$work/root" --network-bridge="$bridge" --console=pipe --resolv-conf=off --timezone=off \
    --link-journal=no "${extra[@]}" </dev/null 3>&- &
  # The outside looks for the host below this process.
  echo "$outside" >&3
  wait "$!" || status=$?
  [[ $status -eq 133 ]] || exit "$status"
done
