# What can be told before anything is changed, asked from the host itself: each check beside the others and with an end of
# its own, so that what is dead costs its few seconds once. Rows on standard output; changes nothing, and writes no file
# but the one that wget reads a password from, for root alone, in memory where there is room.

# Seconds for a connection, and for all of one answer.
fcops_connect=5 fcops_answer=8

# fcops_text64: standard input as one field, a little of it.
fcops_text64() { head -c 4096 | base64 -w 0; }

# fcops_client HOST PORT METHOD TARGET: one request of HTTP whose further headers and body are on standard input; the
# answer as it comes, after a line that says that there was a connection.
fcops_client() {
  exec 3<>"/dev/tcp/$1/$2" || exit 7
  echo connected
  printf '%s %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n' "$3" "$4" "$1" >&3
  cat >&3
  exec head -c 16384 <&3
}

# fcops_request HOST PORT METHOD TARGET: the same within its seconds; its status, as timeout gives it, is the last line.
fcops_request() {
  LC_ALL=C timeout -k 1 "$fcops_answer" bash -c "$(declare -f fcops_client)"$'\nfcops_client "$@"' fcops "$@" 2>&1
  printf '\nended %s\n' "$?"
}

# check_api HOST PORT: whether lotus-miner answers there, and what it allows who has the token.
check_api() {
  local body=${fcops_token//\\/\\\\} answer
  body="{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.AuthVerify\",\"params\":[\"${body//\"/\\\"}\"]}"
  answer=$(
    printf 'Authorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s' \
      "$fcops_token" "${#body}" "$body" | fcops_request "$1" "$2" POST /rpc/v0 | tr -d '\0' | fcops_text64
  )
  printf 'api\t%s\n' "$answer"
}

# check_port HOST PORT: only whether anybody takes a connection there.
check_port() {
  local answer
  answer=$(LC_ALL=C timeout -k 1 "$fcops_connect" bash -c 'exec 3<>"/dev/tcp/$1/$2" && echo connected' fcops "$1" "$2" 2>&1
    printf '\nended %s\n' "$?")
  printf 'api\t%s\n' "$(fcops_text64 <<<"$answer")"
}

# fcops_curl_words URL WORD…: a configuration of curl, with what nobody may see in a list of processes.
fcops_curl_words() {
  local secret=${fcops_credentials//\\/\\\\}
  secret=${secret//\"/\\\"}
  [[ -z $2 || -z $secret ]] || printf 'user = "%s"\n' "$secret"
  secret=${1//\\/\\\\}
  printf 'url = "%s"\n' "${secret//\"/\\\"}"
}

# fcops_by_curl URL LOGIN OPTION…: `<http code> <where it ended>` and what curl complained of, then its status.
fcops_by_curl() {
  local url=$1 login=$2
  shift 2
  fcops_curl_words "$url" "$login" |
    LC_ALL=C timeout -k 1 $((fcops_answer + 2)) curl -q --config - -sSL --proto '=http,https' --max-redirs 5 \
      --connect-timeout "$fcops_connect" --max-time "$fcops_answer" \
      -o /dev/null -w 'code %{http_code} %{url_effective}\n' "$@" 2>&1
  printf '\nended %s\n' "${PIPESTATUS[1]}"
}

# fcops_by_wget URL LOGIN
fcops_by_wget() {
  local secrets='' status=0
  if [[ -n $2 && -n $fcops_credentials ]]; then
    secrets=$(umask 077 && mktemp) || { printf 'ended none\n'; return; }
    printf 'http_user = %s\nhttp_password = %s\n' "${fcops_credentials%%:*}" "${fcops_credentials#*:}" >"$secrets"
  fi
  printf '%s\n' "$1" | WGETRC=${secrets:-/dev/null} LC_ALL=C timeout -k 1 $((fcops_answer + 2)) \
    wget -nv -S --spider --tries=1 --timeout="$fcops_connect" --max-redirect=5 -i - 2>&1 || status=$?
  [[ -z $secrets ]] || rm -f -- "$secrets"
  printf '\nended %s\n' "$status"
}

# fcops_by_bash URL LOGIN: where there is neither of them; only plain HTTP, and no redirect is followed.
fcops_by_bash() {
  local host port target secret=''
  [[ $1 =~ ^http://([^/:@]+)(:([0-9]+))?(/.*)?$ && -z ${http_proxy-} ]] || { printf 'ended none\n'; return; }
  host=${BASH_REMATCH[1]} port=${BASH_REMATCH[3]:-80} target=${BASH_REMATCH[4]:-/}
  [[ -z $2 || -z $fcops_credentials ]] || secret=$(printf %s "$fcops_credentials" | base64 -w 0)
  {
    [[ -z $secret ]] || printf 'Authorization: Basic %s\r\n' "$secret"
    printf '\r\n'
  } | fcops_request "$host" "$port" HEAD "$target"
}

# fcops_fetch URL PROXY LOGIN: whether a download of it would begin, asked by what would do it: the way, and what it said.
fcops_fetch() {
  local way answer
  # shellcheck disable=SC2030 # each check is a shell of its own
  [[ -z $2 ]] || export http_proxy=$2 https_proxy=$2
  if type -P curl >/dev/null; then
    way=curl
    answer=$(fcops_by_curl "$1" "$3" -I)
    # A server that does not know HEAD, or does not allow it, is asked for the first byte.
    if [[ $answer =~ code\ (400|403|405|501)\  ]]; then answer=$(fcops_by_curl "$1" "$3" -r 0-0 --max-filesize 1048576); fi
  elif type -P wget >/dev/null; then
    way=wget
    answer=$(fcops_by_wget "$1" "$3")
  else
    way=bash
    answer=$(fcops_by_bash "$1" "$3")
  fi
  printf '%s\t%s' "$way" "$(printf '%s\n' "$answer" | tr -d '\0' | fcops_text64)"
}

# check_archive URL SHA256 DIRECTORY PROXY: what is on the host already is not asked for.
check_archive() {
  local line=''
  { IFS= read -r line <"$3/.fcops-archive"; } 2>/dev/null
  if [[ $line == "sha256 $2" ]]; then
    printf 'archive\t%s\there\n' "$1"
  else
    printf 'archive\t%s\t%s\n' "$1" "$(fcops_fetch "$1" "$4" login)"
  fi
}

# check_name NAME
check_name() {
  local status=0 first=''
  first=$(LC_ALL=C timeout -k 1 "$fcops_connect" getent ahosts "$1" 2>/dev/null) || status=$?
  first=${first%%[[:space:]]*}
  printf 'name\t%s\t%s\t%s\n' "$1" "$status" "$first"
}

# Sources of apt: `URL SUITE` a line.
fcops_apt_sources() {
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -r $file ]] || continue
    sed -nE 's/^[[:blank:]]*deb[[:blank:]]+(\[[^]]*\][[:blank:]]+)?(https?:\/\/[^[:blank:]]+)[[:blank:]]+([^[:blank:]#]+).*/\2 \3/p' "$file"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -r $file ]] || continue
    awk 'function told() {
        count = split(uris, uri, " ")
        split(suites, suite, " ")
        if (on && (" " types " ") ~ / deb /) for (at = 1; at <= count; at++) if (uri[at] ~ /^https?:/) print uri[at], suite[1]
        types = uris = suites = field = ""; on = 1
      }
      BEGIN { on = 1 }
      /^#/ { next }
      /^[ \t]*$/ { told(); next }
      /^[^ \t]/ { field = tolower(substr($0, 1, index($0, ":") - 1)); sub(/^[^:]*:/, "") }
      field == "types" { types = types " " $0 }
      field == "uris" { uris = uris " " $0 }
      field == "suites" { suites = suites " " $0 }
      field == "enabled" && tolower($0) ~ /no|false/ { on = 0 }
      END { told() }' "$file"
  done
}

# Repositories of yum: the address of an index a line, as far as it can be told without yum.
fcops_yum_sources() {
  local version='' file line
  { while IFS= read -r line; do [[ $line != VERSION_ID=* ]] || version=${line#*=}; done </etc/os-release; } 2>/dev/null
  version=${version//\"/}
  for file in /etc/yum.repos.d/*.repo; do
    [[ -r $file ]] || continue
    awk -F ' *= *' 'function told() {
        if (on && base != "") { sub(/[ ,].*/, "", base); sub(/\/*$/, "", base); print base "/repodata/repomd.xml" }
        else if (on && list != "") print list
        base = list = ""; on = 1
      }
      BEGIN { on = 1 }
      /^[ \t]*#/ { next }
      /^\[/ { told(); next }
      $1 == "enabled" && $2 == "0" { on = 0 }
      $1 == "baseurl" { base = substr($0, index($0, "=") + 1); sub(/^ */, "", base) }
      $1 == "mirrorlist" || $1 == "metalink" { list = substr($0, index($0, "=") + 1); sub(/^ */, "", list) }
      END { told() }' "$file"
  done | sed -E "s/\\\$releasever/$version/g; s/\\\$basearch/$(uname -m)/g; s/\\\$infra/stock/g; s/\\\$contentdir/centos/g" |
    # With a variable that only yum knows, the server is all that can be asked.
    sed -nE 's!^(https?://[^/]*/)[^$]*\$.*!\1!; /^https?:/p'
}

# fcops_shown URL: without a login.
fcops_shown() {
  if [[ $1 =~ ^(https?://)[^/@]*@(.*)$ ]]; then printf '%s%s' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"; else printf %s "$1"; fi
}

# check_source OURS PROXY URL…: the first that is there counts.
check_source() {
  local ours=$1 proxy=$2 url answer=''
  shift 2
  for url; do
    answer=$(fcops_fetch "$url" "$proxy" '')
    [[ $(base64 -d <<<"${answer#*$'\t'}" 2>/dev/null) =~ (code|HTTP/[0-9.]+)\ 404 ]] || break
  done
  printf 'source\t%s\t%s\t%s\n' "$ours" "$(fcops_shown "$1")" "$answer"
}

# fcops_missing apt|yum NAME…: those that are not installed.
fcops_missing() {
  local manager=$1 name line missing=''
  local -A there=()
  shift
  if [[ $manager == apt ]]; then
    # shellcheck disable=SC2016 # ${Package} is for dpkg-query
    while IFS= read -r line; do
      [[ $line != *' ok installed' ]] || there[${line%% *}]=1
    done < <(timeout -k 1 "$fcops_answer" dpkg-query -W -f='${Package} ${Status}\n' "$@" 2>/dev/null || true)
    [[ -r /var/lib/dpkg/status ]] || return 0
    for name; do [[ -n ${there[$name]-} ]] || missing+=" $name"; done
  else
    type -P rpm >/dev/null || return 0
    for name; do timeout -k 1 "$fcops_answer" rpm -q --quiet -- "$name" >/dev/null 2>&1 || missing+=" $name"; done
  fi
  printf 'missing\tknown\t%s\n' "${missing# }"
}

# check_packages apt|yum PROXY MIRROR NAME…: which are missing, and what packages come from. One index a server is asked for, of six at the most.
check_packages() {
  local proxy=$2 mirror=${3%/} line url suite codename='' count=0
  local manager=$1
  local -A known=()
  shift 3
  fcops_missing "$manager" "$@" &
  if [[ $manager == apt ]]; then
    line=$(LC_ALL=C apt-config dump Acquire::http::Proxy 2>/dev/null)
    [[ ! $line =~ \"(http[^\"]+)\" ]] || proxy=${BASH_REMATCH[1]}
    { while IFS= read -r line; do [[ $line != VERSION_CODENAME=* ]] || codename=${line#*=}; done </etc/os-release; } 2>/dev/null
    if [[ -n $mirror ]]; then
      known[$mirror]=1
      if [[ -n $codename ]]; then
        check_source ours "$proxy" "$mirror/dists/$codename/InRelease" "$mirror/dists/$codename/Release" &
      else
        check_source ours "$proxy" "$mirror/" &
      fi
    fi
    while read -r url suite; do
      url=${url%/}
      [[ -z ${known[$url]-} && $count -lt 6 ]] || continue
      known[$url]=1 count=$((count + 1))
      case $suite in
        */) suite=$url/${suite#/} suite=${suite%/} ;;
        *) suite=$url/dists/$suite ;;
      esac
      check_source own "$proxy" "${suite%/.}/InRelease" "${suite%/.}/Release" &
    done < <(fcops_apt_sources)
  else
    while IFS= read -r line; do
      [[ ! $line =~ ^proxy[[:blank:]]*=[[:blank:]]*(http.*)$ ]] || proxy=${BASH_REMATCH[1]}
    done 2>/dev/null </etc/yum.conf
    while IFS= read -r url; do
      line=${url#*://}
      line=${line%%/*}
      [[ -z ${known[$line]-} && $count -lt 6 ]] || continue
      known[$line]=1 count=$((count + 1))
      check_source own "$proxy" "$url" &
    done < <(fcops_yum_sources)
  fi
  wait
  printf 'sources\t%s\n' "${#known[@]}"
}

# fcops_own WORKER… -- DAEMON…: the processes that the host is to run, by their number, with the repository of each.
fcops_own() {
  local -A wanted=()
  workers=()
  while [[ $# -gt 0 && $1 != -- ]]; do
    wanted[$1]=1
    shift
  done
  shift
  [[ ${#wanted[@]} -eq 0 ]] || fcops_find_workers
  [[ $# -eq 0 ]] || fcops_find_daemons "$@"
  while [[ $# -gt 0 ]]; do
    wanted[$6]=1
    shift 6
  done
  set -- ${workers[@]+"${workers[@]}"}
  while [[ $# -gt 0 ]]; do
    [[ -z ${wanted[$2]-} ]] || own[$1]=$2
    shift 2
  done
}

# fcops_repository PID: that of the process, or of the one that has started it, in $repository; empty: it is none of ours.
fcops_repository() {
  local pid=$1 line fields hops
  repository=''
  for ((hops = 0; hops < 8; hops++)); do
    [[ $pid =~ ^[1-9][0-9]*$ && $pid -gt 1 ]] || return 0
    if [[ -n ${own[$pid]-} ]]; then
      repository=${own[$pid]}
      return 0
    fi
    { IFS= read -r line <"/proc/$pid/stat"; } 2>/dev/null || return 0
    # shellcheck disable=SC2206 # a letter and numbers
    fields=(${line##*) })
    pid=${fields[1]-}
  done
}

# fcops_command PID: what it was called with, shortly, in $escaped; a thread of the kernel by its name in brackets.
fcops_command() {
  local word text='' name=''
  { while IFS= read -r -d '' word && [[ ${#text} -lt 160 ]]; do text+=" $word"; done <"/proc/$1/cmdline"; } 2>/dev/null
  if [[ -z $text ]]; then
    { IFS= read -r name <"/proc/$1/comm"; } 2>/dev/null
    text=" [$name]"
  fi
  fcops_escape "${text:1:160}"
}

# check_listeners PATTERN WORKER… -- DAEMON…: who listens on ports (hexadecimal, with | between). `partly`: not all processes
# could be looked through in time.
check_listeners() {
  local pattern=$1 line local_address inode pid repository escaped file how=seen
  local -A own=() holders=()
  local -a workers=() lines=()
  shift
  while IFS= read -r line; do lines+=("$line"); done < <(
    grep -hosE "^ *[0-9]+: [0-9A-F]+:($pattern) [0-9A-F]+:0000 0A .*" /proc/net/tcp /proc/net/tcp6
  )
  if [[ ${#lines[@]} -gt 0 ]]; then
    fcops_own "$@"
    # One pass over all that is open: `/proc/4711/fd socket:[12345]`.
    while read -r file line; do
      if [[ $file == ended ]]; then
        [[ $line != 124 && $line != 137 ]] || how=partly
        continue
      fi
      inode=${line#socket:\[}
      file=${file#/proc/}
      [[ -n ${holders[${inode%\]}]-} ]] || holders[${inode%\]}]=${file%%/*}
    done < <(timeout -k 1 "$fcops_answer" find /proc/[0-9]*/fd -lname 'socket:*' -printf '%h %l\n' 2>/dev/null
      printf 'ended %s\n' "$?")
  fi
  for line in ${lines[@]+"${lines[@]}"}; do
    read -r _ local_address _ _ _ _ _ _ _ inode _ < <(printf '%s\n' "$line")
    pid=${holders[$inode]-}
    repository='' escaped=''
    if [[ -n $pid ]]; then
      fcops_repository "$pid"
      fcops_command "$pid"
    fi
    printf 'listener\t%s\t%s\t%s\t%s\t%s\n' "$((16#${local_address#*:}))" "${local_address%:*}" "$pid" "$repository" "$escaped"
  done
  printf 'listeners\t%s\n' "$how"
}

# fcops_sample: the time that each process has had so far, in hundredths of a second, into "ticks".
fcops_sample() {
  local line pid fields
  ticks=()
  while IFS= read -r line; do
    pid=${line%% *}
    # shellcheck disable=SC2206 # a letter and numbers
    fields=(${line##*) })
    [[ $pid =~ ^[0-9]+$ && ${fields[11]-} =~ ^[0-9]+$ && ${fields[12]-} =~ ^[0-9]+$ ]] || continue
    ticks[pid]=$((fields[11] + fields[12]))
  done < <(cat /proc/[0-9]*/stat 2>/dev/null)
}
# fcops_uptime: hundredths of a second, in $uptime.
fcops_uptime() {
  local seconds=0.00
  read -r seconds _ </proc/uptime
  seconds=${seconds/./}
  uptime=$((10#$seconds))
}

# check_cores WORKER… -- DAEMON…: who else is at work: more than half a core within a second, and where.
check_cores() {
  local uptime begun passed pid used line fields where cpu repository escaped task
  local -A own=()
  local -a workers=() ticks=() before=() busy=()
  fcops_sample
  for pid in "${!ticks[@]}"; do before[pid]=${ticks[pid]}; done
  fcops_uptime
  begun=$uptime
  sleep 1
  fcops_sample
  fcops_uptime
  passed=$((uptime - begun))
  [[ $passed -gt 0 ]] || return 0
  for pid in "${!ticks[@]}"; do
    [[ -n ${before[pid]-} ]] || continue
    used=$(((ticks[pid] - before[pid]) * 100 / passed))
    [[ $used -le 50 ]] || busy+=("$pid" "$used")
  done
  [[ ${#busy[@]} -eq 0 ]] || fcops_own "$@"
  set -- ${busy[@]+"${busy[@]}"}
  while [[ $# -gt 0 ]]; do
    pid=$1 used=$2
    shift 2
    fcops_repository "$pid"
    [[ -z $repository ]] || continue
    where=''
    # The cores of its threads that run now, or else that of the process.
    for task in "/proc/$pid/task"/*/stat "/proc/$pid/stat"; do
      { IFS= read -r line <"$task"; } 2>/dev/null || continue
      # shellcheck disable=SC2206 # a letter and numbers
      fields=(${line##*) })
      cpu=${fields[36]-}
      [[ $cpu =~ ^[0-9]+$ && ",$where" != *",$cpu,"* ]] || continue
      [[ ${fields[0]} != R && ($task != "/proc/$pid/stat" || -n $where) ]] || where+=$cpu,
    done
    fcops_command "$pid"
    printf 'busy\t%s\t%s\t%s\t%s\n' "$pid" "$used" "${where%,}" "$escaped"
  done
  printf 'cores\tseen\n'
}

# check_address ADDRESS: the addresses of the machine, as fcops_addresses tells them.
check_address() {
  local addresses status=0
  addresses=$(fcops_addresses "$1") || status=$?
  printf 'address\t%s\t%s\n' "$status" "$(fcops_text64 <<<"$addresses")"
}

# check_clock: who keeps the clock, as fcops_clock says it.
check_clock() {
  local line
  while IFS= read -r line; do
    [[ $line == begin* || $line == end* ]] || printf 'clock\t%s\n' "$line"
  done < <(fcops_clock)
}
# fcops_now ROW: seconds since 1970.
fcops_now() { printf 'clock\t%s\t%s\n' "$1" "$(LC_ALL=C date +%s.%N)"; }

# fcops_all: reads the secrets from standard input, makes the checks of the function fcops_checks beside each other, and
# prints what comes within so many seconds. What hangs (a process whose memory is on a dead mount) is left behind.
fcops_all() {
  local fd line left end=$((SECONDS + $1))
  fcops_now begin
  fcops_token='' fcops_credentials=''
  IFS= read -r fcops_token
  IFS= read -r fcops_credentials
  exec {fd}< <(
    # By exec: a redirection that ends again keeps what was there before, and who reads it waits for its end.
    exec </dev/null 2>/dev/null
    fcops_checks
    wait
    printf 'checked\n'
  )
  while left=$((end - SECONDS)) && [[ $left -gt 0 ]] && IFS= read -r -t "$left" line <&"$fd"; do
    [[ $line != checked ]] || break
    printf '%s\n' "$line"
  done
  exec {fd}<&-
  fcops_now end
  printf 'over\n'
}
