# fcops_packages_apt NAME…: read where dpkg writes it, while no change of it is waiting to be merged: dpkg-query takes
# ten times as long, a twelfth of all that a run without changes costs a host. The last row says how it ended.
fcops_packages_apt() {
  local database=/var/lib/dpkg lines status line name='' rows='' IFS=$'\n'
  local -a waiting=("$database"/updates/[0-9]*) missing=()
  local -A there=()
  if [[ ! -e ${waiting[0]} ]]; then
    printf -v lines 'Package: %s\n' "$@"
    # The status is one of the three lines after the name.
    lines=$(exec grep -A 3 -xF -e "${lines%$'\n'}" "$database/status" 2>/dev/null)
    status=$?
  fi
  if [[ ${status:-2} -gt 1 ]]; then
    # shellcheck disable=SC2016 # ${Package} is for dpkg-query
    lines=$(exec dpkg-query -W -f='Package: ${Package}\nStatus: ${Status}\n' "$@" 2>/dev/null)
    status=$?
  fi
  set -f
  # shellcheck disable=SC2086 # a here-string is read a byte at a time
  for line in $lines; do
    case $line in
      'Package: '*) name=${line#Package: } ;;
      'Status: '*' '*' installed') there[$name]=1 ;;
      *) continue ;;
    esac
    rows+=$'\t'$line
  done
  [[ -z $rows ]] || printf 'dpkg%s\n' "$rows"
  set +f
  IFS=' '
  printf 'packages\tapt\t%s\t%s\n' "$status" "$*"
  [[ $status -le 1 ]] || return 0
  for name; do
    [[ -n ${there[$name]-} ]] || missing+=("$name")
  done
  # Only where something is missing: it takes a second.
  [[ ${#missing[@]} -eq 0 ]] || fcops_apt_changes 40 "${missing[@]}" | fcops_beside apt
}

# fcops_packages_yum NAME…: rpm says "not installed" for all where its database cannot be read; so does its
# standard error, which is empty else.
fcops_packages_yum() {
  local errors status name
  local -a missing=()
  {
    errors=$(rpm -q --qf 'package\t%{NAME}\tinstalled\n' "$@" 2>&1 >&3)
    status=$?
  } 3>&1
  [[ -z $errors ]] || status=2
  # It ends with the number of those that are missing.
  if [[ -z $errors && $status -gt 0 && $status -le 125 ]]; then
    status=0
    for name; do
      rpm -q --quiet -- "$name" >/dev/null 2>&1 || missing+=("$name")
    done
  fi
  printf 'packages\tyum\t%s\t%s\n' "$status" "$*"
  # What yum knows already is enough: a look fetches nothing.
  [[ ${#missing[@]} -eq 0 ]] || fcops_yum_changes 40 -C "${missing[@]}" | fcops_beside yum
}

# Says of each row on standard input that it is of a package beside those that were asked for.
fcops_beside() {
  local line
  while IFS= read -r line; do
    printf 'beside\t%s\t%s\n' "$1" "$line"
  done
}
