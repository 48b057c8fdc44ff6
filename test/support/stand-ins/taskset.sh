#!/bin/bash
# taskset of a simulated host: this machine has not the CPUs of the made-up one, so they are only checked.
set -eu
if [[ $1 != -c && $1 != --cpu-list ]]; then
  echo 'taskset: the stand-in of a simulated host knows only: taskset --cpu-list LIST COMMAND...' >&2
  exit 1
fi
last=$(cat /sys/devices/system/cpu/online)
last=${last##*-}
IFS=, read -ra ranges <<<"$2"
usable=
for range in "${ranges[@]}"; do
  if [[ ! $range =~ ^[0-9]+(-[0-9]+)?$ ]]; then
    echo "taskset: failed to parse CPU list: $2" >&2
    exit 1
  fi
  [[ ${range%-*} -gt $last ]] || usable=yes
done
if [[ -z $usable ]]; then
  echo "taskset: failed to set pid 0's affinity: Invalid argument" >&2
  exit 1
fi
shift 2
exec "$@"
