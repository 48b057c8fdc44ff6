# Steps for packages.

# Whether the package lists are there, not older than a day, and not older than the sources they are of. Their own
# times are the server's, so it is the directories that an update writes to that tell.
fresh_apt_lists() {
  compgen -G '/var/lib/apt/lists/*_*' >/dev/null &&
    [[ -z $(find /etc/apt/sources.list /etc/apt/sources.list.d -type f -newer /var/lib/apt/lists/partial 2>/dev/null) ]] &&
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

# What asked for packages, by their names: set by install_packages from "NAME=KEY NAME=KEY".
declare -A fcops_asked=()

# without NAME…: an advice for each key of the inventory that asked for these, how to do without them.
without() {
  local name key
  local -A names=()
  advice=()
  for name; do
    key=${fcops_asked[$name]-}
    [[ -z $key ]] || names[$key]+=", $name"
  done
  for key in "${!names[@]}"; do
    case $key in
      variables.packages) advice+=("or leave out of variables.packages what can wait (${names[$key]#, })") ;;
      *) advice+=("or do without: $key: null (${names[$key]#, })") ;;
    esac
  done
}

# no_network LOG NAME…: fails where the log says that a server could not be reached: the cause first. Where others have
# answered it is not the network.
no_network() {
  local log=$1 line cause=''
  local -a advice
  shift
  [[ -e $log ]] && ! grep -qE '^(Hit|Get):[0-9]' "$log" || return 0
  while IFS= read -r line; do
    if [[ $line =~ (Temporary\ failure\ resolving|[Cc]ould\ not\ resolve(\ host)?:?)\ \'?([A-Za-z0-9._-]+) ]]; then
      cause="this host cannot resolve the name ${BASH_REMATCH[3]%.}"
    elif [[ $line =~ Network\ is\ unreachable|No\ route\ to\ host ]]; then
      cause="this host has no route to its package sources"
    elif [[ $line =~ [Cc]onnection\ refused|[Cc]onnection\ timed\ out|Could\ not\ connect|Unable\ to\ connect|too\ slow ]]; then
      cause="this host cannot connect to its package sources"
    fi
    [[ -z $cause ]] || break
  done <"$log"
  [[ -n $cause ]] || return 0
  without "$@"
  because "$cause" "${line#"${line%%[! ]*}"}" "not installed: $*" -- \
    'give it a route and a name server, or set variables.proxy, or variables.aptMirror to a mirror that it reaches' \
    ${advice[@]+"${advice[@]}"}
}

# unknown_packages WHERE NAME…: fails for packages that no source has, those first.
unknown_packages() {
  local where=$1 name keys=''
  shift
  for name; do keys+=", $name by ${fcops_asked[$name]-the role}"; done
  because "no source of $where has the package $(printf '%s, ' "$@" | sed 's/, $//')" "asked for:${keys#,}" -- \
    'correct the name, add a source that has it, or take it out of the inventory'
}

# The lines of a log of apt that say what is wrong.
telling_lines() {
  grep -E '^(E:|dpkg: error|Errors were encountered| [a-z0-9.+-]+ : |The following packages have unmet)' "$1" | tail -n 8
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
  [[ -z $refused ]] || because "nothing was installed: it would have${refused#,}, which the inventory does not allow" -- \
    'name it in variables.allowRemoval or variables.allowUpgrade, or take out what needs it'
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

# Lists of packages anew. apt ends well where it could not reach its sources: what comes of that is seen later.
update_apt() {
  run_apt update || {
    no_network "$FCOPS_RUN/apt.log" "$@"
    because 'apt-get update failed' "$(telling_lines "$FCOPS_RUN/apt.log")" -- 'mend the sources of /etc/apt'
  }
  cp -f -- "$FCOPS_RUN/apt.log" "$FCOPS_RUN/apt-update.log"
}

# install_apt MAY_REMOVE MAY_UPGRADE NAME…
install_apt() {
  local log=$FCOPS_RUN/apt.log updated='' unknown may_remove=$1 may_upgrade=$2
  shift 2
  type -P apt-get >/dev/null || fail 'there is no apt-get on this host'
  if ! fresh_apt_lists; then
    update_apt "$@"
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
    if [[ -n $updated ]]; then
      # Packages are unknown where no list could be fetched, too.
      no_network "$log" "$@"
      no_network "$FCOPS_RUN/apt-update.log" "$@"
      # shellcheck disable=SC2086 # one word each
      [[ -z $unknown ]] || unknown_packages /etc/apt $unknown
    fi
    # A list of some hours ago may name files that the server has no more.
    if [[ -n $updated ]] || { [[ -z $unknown ]] && ! grep -qE '^E: (Failed to fetch|Unable to fetch)' "$log"; }; then
      because "apt-get could not install $*" "$(telling_lines "$log")"
    fi
    update_apt "$@"
    updated=yes
  done
}

# install_yum MAY_REMOVE MAY_UPGRADE NAME…: yum is content where one of many can be installed, so each is looked for
# afterwards.
install_yum() {
  local name status=0 removes='' may_remove=$1 may_upgrade=$2 changes
  local -a missing=()
  shift 2
  type -P yum >/dev/null || fail 'there is no yum on this host'
  changes=$(fcops_yum_changes 300 "$@") || true
  [[ -z $changes ]] || refuse_changes "$may_remove" "$may_upgrade" <<<"$changes"
  # It would wait without end itself.
  with_lock yum "$FCOPS_RUN/yum.log" 'holding the yum lock|Existing lock' \
    yum -y -q --setopt=exit_on_lock=1 install "$@" || status=$?
  for name; do
    rpm -q -- "$name" >/dev/null 2>&1 || missing+=("$name")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  no_network "$FCOPS_RUN/yum.log" "${missing[@]}"
  unknown_packages 'yum (many are in epel-release)' "${missing[@]}"
}

# install_packages apt|yum "NAME=KEY …" MAY_REMOVE MAY_UPGRADE NAME…: KEY is what of the inventory asked for it.
install_packages() {
  local manager=$1 pair
  for pair in $2; do fcops_asked[${pair%%=*}]=${pair#*=}; done
  shift 2
  "install_$manager" "$@"
}
