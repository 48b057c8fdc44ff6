#!/bin/bash
# apt-get of a simulated host: installs packages of a fixed list by writing them into the database of dpkg.
set -eu
known=/usr/share/simulated-host/packages
status=/var/lib/dpkg/status
verb='' simulate='' packages=()
while [[ $# -gt 0 ]]; do
  case $1 in
    -o | -t | -c) shift ;;
    -s | --simulate | --dry-run) simulate=yes ;;
    -*) ;;
    *) if [[ -z $verb ]]; then verb=$1; else packages+=("$1"); fi ;;
  esac
  shift
done
installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

add() { # packages
  local package copy
  copy=$(mktemp "$status.XXXXXX")
  cp "$status" "$copy"
  for package; do
    printf '\nPackage: %s\nStatus: install ok installed\nPriority: optional\nSection: utils\nInstalled-Size: 1\nMaintainer: Simulated host\nArchitecture: all\nVersion: 1.0-1\nDescription: stand-in\n' "$package" >>"$copy"
    : >"/var/lib/dpkg/info/$package.list"
    printf 'Setting up %s (1.0-1) ...\n' "$package"
  done
  chmod 644 "$copy"
  mv "$copy" "$status"
}

missing='' wanted=()
case $verb in
  update)
    mkdir -p /var/lib/apt/periodic
    touch /var/lib/apt/periodic/update-success-stamp
    echo 'Reading package lists... Done'
    ;;
  install)
    printf 'Reading package lists...\nBuilding dependency tree...\n'
    for package in ${packages[@]+"${packages[@]}"}; do
      name=${package%%=*}
      if installed "$name"; then
        echo "$name is already the newest version (1.0-1)."
      elif grep -qxF -- "$name" "$known"; then
        wanted+=("$name")
      else
        echo "E: Unable to locate package $name" >&2
        missing=yes
      fi
    done
    [[ -z $missing ]] || exit 100
    [[ -n $simulate || ${#wanted[@]} -eq 0 ]] || add "${wanted[@]}"
    ;;
  remove | purge)
    [[ ${#packages[@]} -eq 0 ]] || dpkg --force-depends --purge "${packages[@]}"
    ;;
  clean | autoclean | autoremove | check) ;;
  *) echo "E: Invalid operation $verb" >&2; exit 100 ;;
esac
