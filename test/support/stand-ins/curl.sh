#!/bin/bash
# curl of a simulated host where this machine has neither curl nor wget: what put_archive asks of it, over plain
# HTTP, with the exit codes of curl. A body that is not as long as the server said is 18.
set -u
output='' url='' format='' credentials=''
while [[ $# -gt 0 ]]; do
  case $1 in
    -o) output=$2; shift ;;
    -w) format=$2; shift ;;
    --url) url=$2; shift ;;
    --config)
      while IFS= read -r line; do
        [[ $line =~ ^user\ =\ \"(.*)\"$ ]] || continue
        credentials=${BASH_REMATCH[1]}
        credentials=${credentials//\\\"/\"}
        credentials=${credentials//\\\\/\\}
      done
      shift
      ;;
    --proto | --connect-timeout | --speed-limit | --speed-time | --retry | --max-filesize) shift ;;
  esac
  shift
done
die() { printf 'curl: (%s) %s\n' "$1" "$2" >&2; exit "$1"; }

[[ $url =~ ^http://([^:/]+)(:([0-9]+))?(/.*)$ ]] || die 3 'URL rejected'
host=${BASH_REMATCH[1]} port=${BASH_REMATCH[3]:-80} path=${BASH_REMATCH[4]}
getent ahosts "$host" >/dev/null || die 6 "Could not resolve host: $host"
{ exec 3<>"/dev/tcp/$host/$port"; } 2>/dev/null || die 7 "Failed to connect to $host port $port"
printf 'GET %s HTTP/1.0\r\nHost: %s\r\n' "$path" "$host" >&3
[[ -z $credentials ]] || printf 'Authorization: Basic %s\r\n' "$(printf %s "$credentials" | base64 -w 0)" >&3
printf '\r\n' >&3

read -r _ code _ <&3 || die 52 'Empty reply from server'
length=''
while IFS= read -r line <&3; do
  line=${line%$'\r'}
  [[ -n $line ]] || break
  [[ ${line,,} != content-length:* ]] || length=${line##* }
done
[[ -z $format ]] || printf %s "$code"
[[ $code == 2?? ]] || die 22 "The requested URL returned error: $code"
cat <&3 >"$output" || die 23 'Failure writing output to destination'
[[ -z $length || $(stat -c %s "$output") == "$length" ]] || die 18 'end of response with bytes missing'
