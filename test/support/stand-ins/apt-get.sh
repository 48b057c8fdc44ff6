#!/bin/bash
# apt-get of a simulated host: installs packages of a fixed list by writing them into the database of dpkg. What
# installing one does to others stands in the list `effects`: "NEW removes OLD", "NEW changes OLD VERSION".
set -eu
known=/usr/share/simulated-host/packages
effects=/usr/share/simulated-host/effects
status=/var/lib/dpkg/status
verb='' simulate='' no_remove='' packages=()
while [[ $# -gt 0 ]]; do
  case $1 in
    -o | -t | -c) shift ;;
    -s | --simulate | --dry-run) simulate=yes ;;
    --no-remove) no_remove=yes ;;
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

version_of() { dpkg-query -W -f '${Version}' "$1"; }

# rewrite PACKAGE [VERSION]: without a version it is not there any more.
rewrite() {
  local copy
  copy=$(mktemp "$status.XXXXXX")
  awk -v package="$1" -v version="${2-}" 'BEGIN { RS = ""; ORS = "\n\n" }
    index($0 "\n", "Package: " package "\n") == 1 { if (version == "") next; sub(/\nVersion: [^\n]*/, "\nVersion: " version) }
    { print }' "$status" >"$copy"
  chmod 644 "$copy"
  mv "$copy" "$status"
}

# do_to_others NAME…: what installing these does to others; with $simulate it is only said, as apt-get -s says it.
do_to_others() {
  local new does other version
  [[ -e $effects ]] || return 0
  while read -r new does other version; do
    [[ " $* " == *" $new "* ]] && installed "$other" || continue
    if [[ $does == removes ]]; then
      if [[ -n $no_remove ]]; then
        echo 'E: Packages need to be removed but remove is disabled.' >&2
        return 100
      fi
      if [[ -n $simulate ]]; then echo "Remv $other [$(version_of "$other")]"; else rewrite "$other"; fi
    elif [[ -n $simulate ]]; then
      echo "Inst $other [$(version_of "$other")] ($version Simulated:1/stable [all])"
    else
      rewrite "$other" "$version"
    fi
  done <"$effects"
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
    [[ ${#wanted[@]} -gt 0 ]] || exit 0
    do_to_others "${wanted[@]}" || exit
    if [[ -n $simulate ]]; then
      printf 'Inst %s (1.0-1 Simulated:1/stable [all])\n' "${wanted[@]}"
      printf 'Conf %s (1.0-1 Simulated:1/stable [all])\n' "${wanted[@]}"
    else
      add "${wanted[@]}"
    fi
    ;;
  remove | purge)
    [[ ${#packages[@]} -eq 0 ]] || dpkg --force-depends --purge "${packages[@]}"
    ;;
  clean | autoclean | autoremove | check) ;;
  *) echo "E: Invalid operation $verb" >&2; exit 100 ;;
esac
