# fcops_packages_apt NAME…: read where dpkg writes it, while no change of it is waiting to be merged: dpkg-query takes
# ten times as long, a twelfth of all that a run without changes costs a host. The last row says how it ended.
fcops_packages_apt() {
  local database=/var/lib/dpkg lines status IFS=$'\n'
  local -a waiting=("$database"/updates/[0-9]*)
  if [[ ! -e ${waiting[0]} ]]; then
    printf -v lines 'Package: %s\n' "$@"
    # The status is one of the three lines after the name.
    lines=$(grep -A 3 -xF -e "${lines%$'\n'}" "$database/status" 2>/dev/null)
    status=$?
    # shellcheck disable=SC2086 # a row for each line
    [[ $status -gt 1 ]] || printf 'dpkg\t%s\n' $lines
  fi
  if [[ ${status:-2} -gt 1 ]]; then
    # shellcheck disable=SC2016 # ${Package} is for dpkg-query
    dpkg-query -W -f='package\t${Package}\t${db:Status-Status}\n' "$@" 2>/dev/null
    status=$?
  fi
  IFS=' '
  printf 'packages\tapt\t%s\t%s\n' "$status" "$*"
}

# fcops_packages_yum NAME…: rpm says "not installed" for all where its database cannot be read; so does its
# standard error, which is empty else.
fcops_packages_yum() {
  local errors status
  {
    errors=$(rpm -q --qf 'package\t%{NAME}\tinstalled\n' "$@" 2>&1 >&3)
    status=$?
  } 3>&1
  [[ -z $errors ]] || status=2
  [[ $status -gt 125 || -n $errors ]] || status=0
  printf 'packages\tyum\t%s\t%s\n' "$status" "$*"
}
