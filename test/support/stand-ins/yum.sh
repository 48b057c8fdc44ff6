#!/bin/bash
# yum of a simulated CentOS 7 host. As the real one it installs what it finds and only mentions the rest.
set -eu
known=/usr/share/simulated-host/packages
database=/var/lib/rpm/simulated
verb='' packages=()
while [[ $# -gt 0 ]]; do
  case $1 in
    -c | -d | -e | -x) shift ;;
    -*) ;;
    *) if [[ -z $verb ]]; then verb=$1; else packages+=("$1"); fi ;;
  esac
  shift
done
case $verb in
  install)
    wanted=()
    for package in ${packages[@]+"${packages[@]}"}; do
      if grep -qxF -- "$package" "$database"; then
        echo "Package $package-1.0-1.noarch already installed and latest version"
      elif grep -qxF -- "$package" "$known"; then
        wanted+=("$package")
      else
        echo "No package $package available."
        absent=yes
      fi
    done
    if [[ ${#wanted[@]} -eq 0 ]]; then
      if [[ -n ${absent-} ]]; then echo 'Error: Nothing to do' >&2; exit 1; fi
      echo 'Nothing to do'
      exit
    fi
    printf '%s\n' "${wanted[@]}" >>"$database"
    printf 'Installed:\n  %s\nComplete!\n' "${wanted[*]}"
    ;;
  remove | erase)
    for package in "${packages[@]}"; do sed -i "/^$package\$/d" "$database"; done
    ;;
  makecache | clean | check-update | repolist) ;;
  *) echo "No such command: $verb. Please use /usr/bin/yum --help" >&2; exit 1 ;;
esac
