# shellcheck disable=SC2016 # ${Package} is for dpkg-query
# fcops_packages_apt NAME…: one dpkg-query for all. The last row says how it ended.
fcops_packages_apt() {
  dpkg-query -W -f='package\t${Package}\t${db:Status-Status}\t${Version}\n' "$@" 2>/dev/null
  printf 'packages\tapt\t%s\t%s\n' "$?" "$*"
}

# fcops_packages_yum NAME…: rpm says "not installed" for all where its database cannot be read; so does its
# standard error, which is empty else.
fcops_packages_yum() {
  local errors status
  {
    errors=$(rpm -q --qf 'package\t%{NAME}\tinstalled\t%{VERSION}-%{RELEASE}\n' "$@" 2>&1 >&3)
    status=$?
  } 3>&1
  [[ -z $errors ]] || status=2
  [[ $status -gt 125 || -n $errors ]] || status=0
  printf 'packages\tyum\t%s\t%s\n' "$status" "$*"
}
