#!/bin/bash
# rpm -q of a simulated CentOS 7 host.
set -eu
database=/var/lib/rpm/simulated
format='%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\n' all='' packages=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --qf | --queryformat) format=$2; shift ;;
    --qf=* | --queryformat=*) format=${1#*=} ;;
    -qa) all=yes ;;
    -*) ;;
    *) packages+=("$1") ;;
  esac
  shift
done
[[ -z $all || ${#packages[@]} -gt 0 ]] || mapfile -t packages <"$database"
absent=0
for package in ${packages[@]+"${packages[@]}"}; do
  if grep -qxF -- "$package" "$database"; then
    line=${format//'%{NAME}'/$package}
    line=${line//'%{VERSION}'/1.0}
    line=${line//'%{RELEASE}'/1}
    line=${line//'%{ARCH}'/noarch}
    printf '%b' "$line"
  elif [[ -z $all ]]; then
    echo "package $package is not installed"
    absent=$((absent + 1))
  fi
done
exit "$absent"
