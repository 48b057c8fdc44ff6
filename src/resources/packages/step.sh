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

# refuse_changes MAY_REMOVE MAY_UPGRADE: fails where a row on standard input is of a package that is in neither list
# (names with blanks between). In $removes whether one is removed.
refuse_changes() {
  local may_remove=$1 may_upgrade=$2 what name version to refused=''
  removes=''
  while IFS=$'\t' read -r what name version to; do
    if [[ $what == removed ]]; then
      removes=yes
      [[ " $may_remove " == *" ${name%%:*} "* ]] || refused+=", $name ($version) removed"
    else
      [[ " $may_upgrade " == *" ${name%%:*} "* ]] || refused+=", $name ($version) $what to $to"
    fi
  done
  [[ -z $refused ]] || fail "nothing was installed: it would have${refused#,}, which the inventory does not allow. Name it in variables.allowRemoval or variables.allowUpgrade, or take out what needs it, then run again"
}

# apt_install MAY_REMOVE MAY_UPGRADE NAME…: what else it does is looked at right before, as the lists may be new.
apt_install() {
  local changes='' removes='' may_remove=$1 may_upgrade=$2
  local -a options=(--no-remove)
  shift 2
  if changes=$(fcops_apt_changes 300 "$@") && [[ -n $changes ]]; then
    refuse_changes "$may_remove" "$may_upgrade" <<<"$changes"
    [[ -z $removes ]] || options=()
    [[ $changes != *$'downgraded\t'* ]] || options+=(--allow-downgrades)
  fi
  run_apt install ${options[@]+"${options[@]}"} "$@"
}

# install_apt MAY_REMOVE MAY_UPGRADE NAME…
install_apt() {
  local log=$FCOPS_RUN/apt.log updated='' unknown may_remove=$1 may_upgrade=$2
  shift 2
  type -P apt-get >/dev/null || fail 'there is no apt-get on this host'
  if ! fresh_apt_lists; then
    run_apt update || fail 'apt-get update failed; see its message above, mend the sources of /etc/apt, then run again'
    updated=yes
  fi
  while :; do
    if apt_install "$may_remove" "$may_upgrade" "$@"; then return 0; fi
    if grep -q 'dpkg --configure -a' "$log"; then
      # An earlier installation was cut off, by a power cut for example.
      DEBIAN_FRONTEND=noninteractive dpkg --configure -a || fail 'dpkg was interrupted before, and dpkg --configure -a fails'
      if apt_install "$may_remove" "$may_upgrade" "$@"; then return 0; fi
    fi
    unknown=$(sed -nE "s/^E: Unable to locate package ([^ ]+).*/\1/p; s/^E: Package '([^']+)' has no installation candidate.*/\1/p; s/^E: Couldn't find any package by (glob|regex) '([^']+)'.*/\2/p" "$log" | sort -u | tr '\n' ' ')
    [[ -n $unknown ]] || fail 'apt-get could not install the packages; see its message above'
    [[ -z $updated ]] || fail "no source of /etc/apt has the package ${unknown% }; add the source or take it out of \"packages\", then run again"
    run_apt update || fail 'apt-get update failed; see its message above, mend the sources of /etc/apt, then run again'
    updated=yes
  done
}

# install_yum MAY_REMOVE MAY_UPGRADE NAME…: yum is content where one of many can be installed, so each is looked for
# afterwards.
install_yum() {
  local name missing='' status=0 removes='' may_remove=$1 may_upgrade=$2 changes
  shift 2
  type -P yum >/dev/null || fail 'there is no yum on this host'
  changes=$(fcops_yum_changes 300 "$@") || true
  [[ -z $changes ]] || refuse_changes "$may_remove" "$may_upgrade" <<<"$changes"
  # It would wait without end itself.
  with_lock yum "$FCOPS_RUN/yum.log" 'holding the yum lock|Existing lock' \
    yum -y -q --setopt=exit_on_lock=1 install "$@" || status=$?
  for name; do
    rpm -q -- "$name" >/dev/null 2>&1 || missing+=" $name"
  done
  [[ -z $missing ]] || fail "yum did not install$missing (status $status); see its message above: add the repository (many are in epel-release) or take it out of \"packages\", then run again"
}
