# Steps for packages.

# Whether the package lists are there and not older than a day. Their own times are the server's, so it is the
# directories that an update writes to that tell.
fresh_apt_lists() {
  compgen -G '/var/lib/apt/lists/*_*' >/dev/null &&
    [[ -n $(find /var/lib/apt/lists /var/lib/apt/lists/partial /var/lib/apt/periodic/update-success-stamp \
      -maxdepth 0 -mmin -1440 2>/dev/null) ]]
}

# with_lock PROGRAM LOG PATTERN COMMAND…: runs the command again until it does not print the pattern, which says that
# somebody holds the lock of the program; for ten minutes at the most. $left has the seconds that are left.
with_lock() {
  local program=$1 log=$2 pattern=$3 status end=$((SECONDS + 600)) left
  shift 3
  while :; do
    left=$((SECONDS < end ? end - SECONDS : 0))
    status=0
    "$@" 2>&1 | tee "$log" || status=$?
    [[ $status -ne 0 ]] && grep -qE "$pattern" "$log" || return "$status"
    [[ $SECONDS -lt $end ]] || fail "another program has held the lock of $program for 10 minutes: look what it does, then run again"
    sleep 5
  done
}

# run_apt ARGUMENT…: apt-get. $FCOPS_RUN/apt.log has its output.
run_apt() {
  with_lock apt "$FCOPS_RUN/apt.log" 'Could not get lock|Unable to (acquire|lock)' call_apt "$@"
}

# Old versions of apt-get (Ubuntu 18.04) do not know how to wait, and end at once.
call_apt() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -y -q -o "DPkg::Lock::Timeout=$left" \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# install_apt NAME…
install_apt() {
  local log=$FCOPS_RUN/apt.log updated='' unknown
  type -P apt-get >/dev/null || fail 'there is no apt-get on this host'
  if ! fresh_apt_lists; then
    run_apt update || fail 'apt-get update failed; see its message above, mend the sources of /etc/apt, then run again'
    updated=yes
  fi
  while :; do
    if run_apt install "$@"; then return 0; fi
    if grep -q 'dpkg --configure -a' "$log"; then
      # An earlier installation was cut off, by a power cut for example.
      DEBIAN_FRONTEND=noninteractive dpkg --configure -a || fail 'dpkg was interrupted before, and dpkg --configure -a fails'
      if run_apt install "$@"; then return 0; fi
    fi
    unknown=$(sed -nE "s/^E: Unable to locate package ([^ ]+).*/\1/p; s/^E: Package '([^']+)' has no installation candidate.*/\1/p; s/^E: Couldn't find any package by (glob|regex) '([^']+)'.*/\2/p" "$log" | sort -u | tr '\n' ' ')
    [[ -n $unknown ]] || fail 'apt-get could not install the packages; see its message above'
    [[ -z $updated ]] || fail "no source of /etc/apt has the package ${unknown% }; add the source or take it out of \"packages\", then run again"
    run_apt update || fail 'apt-get update failed; see its message above, mend the sources of /etc/apt, then run again'
    updated=yes
  done
}

# install_yum NAME…: yum is content where one of many can be installed, so each is looked for afterwards.
install_yum() {
  local name missing='' status=0
  type -P yum >/dev/null || fail 'there is no yum on this host'
  # It would wait without end itself.
  with_lock yum "$FCOPS_RUN/yum.log" 'holding the yum lock|Existing lock' \
    yum -y -q --setopt=exit_on_lock=1 install "$@" || status=$?
  for name; do
    rpm -q -- "$name" >/dev/null 2>&1 || missing+=" $name"
  done
  [[ -z $missing ]] || fail "yum did not install$missing (status $status); see its message above: add the repository (many are in epel-release) or take it out of \"packages\", then run again"
}
