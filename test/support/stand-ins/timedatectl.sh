#!/bin/bash
# timedatectl of a simulated host.
set -eu
zone() { local target; target=$(readlink /etc/localtime); echo "${target#*zoneinfo/}"; }
while [[ ${1-} == --no* || ${1-} == -H ]]; do shift; done
case ${1-status} in
  set-timezone)
    if [[ ! -f /usr/share/zoneinfo/$2 ]]; then
      echo "Failed to set time zone: Invalid or not installed time zone '$2'" >&2
      exit 1
    fi
    ln -sfn "../usr/share/zoneinfo/$2" /etc/localtime
    [[ ! -e /etc/timezone ]] || echo "$2" >/etc/timezone
    ;;
  set-ntp) [[ $2 =~ ^(1|yes|true|on)$ ]] && echo yes >/run/systemd/ntp || echo no >/run/systemd/ntp ;;
  show)
    ntp=$(cat /run/systemd/ntp 2>/dev/null || echo no)
    case " $* " in
      *Timezone*--value* | *--value*Timezone*) zone ;;
      *NTP*--value* | *--value*NTP*) echo "$ntp" ;;
      *) printf 'Timezone=%s\nLocalRTC=no\nCanNTP=yes\nNTP=%s\nNTPSynchronized=%s\n' "$(zone)" "$ntp" "$ntp" ;;
    esac
    ;;
  status) printf '                Time zone: %s\n' "$(zone)" ;;
  list-timezones) cd /usr/share/zoneinfo && find [A-Z]* -type f | sort ;;
  *) echo "Unknown command verb $1." >&2; exit 1 ;;
esac
