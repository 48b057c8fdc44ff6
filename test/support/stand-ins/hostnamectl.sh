#!/bin/bash
# hostnamectl of a simulated host.
set -eu
while [[ ${1-} == -* ]]; do shift; done
case ${1-status} in
  set-hostname | hostname)
    if [[ -z ${2-} ]]; then hostname; exit; fi
    if [[ ! $2 =~ ^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$ ]]; then
      echo "Could not set static hostname: Invalid static hostname '$2'" >&2
      exit 1
    fi
    echo "$2" >/etc/hostname
    hostname "$2"
    ;;
  status | show) printf ' Static hostname: %s\n' "$(cat /etc/hostname)" ;;
  *) echo "Unknown command verb $1." >&2; exit 1 ;;
esac
