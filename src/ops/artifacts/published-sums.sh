# What the server of the archives says of their sums: asked from a host, as hosts download from it. One row with the way,
# the status of what asked, that of the server, what it complained of, and the file; changes nothing, and leaves nothing
# behind. The password is in no argument list.

# Seconds for a connection and for all of the answer; bytes that are read of it.
fcops_connect=10 fcops_answer=40 fcops_most=1048576

# fcops_sums URL PROXY < USER:PASSWORD, a line that may be empty
fcops_sums() {
  local url=$1 way=none status=0 work
  fcops_credentials=''
  IFS= read -r fcops_credentials
  [[ -z $2 ]] || export http_proxy=$2 https_proxy=$2
  if [[ -d /dev/shm && -w /dev/shm ]]; then export TMPDIR=/dev/shm; fi
  # A server may send without an end.
  ulimit -f $((fcops_most * 2 / 1024))
  work=$(umask 077 && mktemp -d) || { printf 'sums\tnowhere\t1\t\t\t\nover\n'; return; }
  : >"$work/body" && : >"$work/said"
  if type -P curl >/dev/null; then
    way=curl
    fcops_sums_curl "$url" "$work" || status=$?
  elif type -P wget >/dev/null; then
    way=wget
    fcops_sums_wget "$url" "$work" || status=$?
  fi
  printf 'sums\t%s\t%s\t%s\t%s\t%s\nover\n' "$way" "$status" "$(cat "$work/code" 2>/dev/null)" \
    "$(head -c 4096 -- "$work/said" | base64 -w 0)" "$(head -c "$fcops_most" -- "$work/body" | base64 -w 0)"
  rm -f -- "$work/body" "$work/said" "$work/code" "$work/wgetrc"
  rmdir -- "$work"
}

# fcops_sums_quoted TEXT: as a value of a configuration of curl.
fcops_sums_quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

fcops_sums_curl() {
  {
    [[ -z $fcops_credentials ]] || printf 'user = %s\n' "$(fcops_sums_quoted "$fcops_credentials")"
    printf 'url = %s\n' "$(fcops_sums_quoted "$1")"
  } | LC_ALL=C timeout -k 1 $((fcops_answer + 5)) curl -q --config - -sSL --fail --proto '=http,https' --max-redirs 5 \
    --connect-timeout "$fcops_connect" --max-time "$fcops_answer" --max-filesize "$fcops_most" \
    -o "$2/body" -w '%{http_code}' >"$2/code" 2>"$2/said"
}

fcops_sums_wget() {
  local status=0
  if [[ -n $fcops_credentials ]]; then
    printf 'http_user = %s\nhttp_password = %s\n' "${fcops_credentials%%:*}" "${fcops_credentials#*:}" >"$2/wgetrc"
  else
    : >"$2/wgetrc"
  fi
  printf '%s\n' "$1" | WGETRC=$2/wgetrc LC_ALL=C timeout -k 1 $((fcops_answer + 5)) \
    wget -nv -S --tries=1 --timeout="$fcops_connect" --max-redirect=5 -O "$2/body" -i - >/dev/null 2>"$2/said" || status=$?
  # The first answer may have asked for the password.
  sed -nE 's|^ *HTTP/[0-9.]+ ([0-9]{3}).*|\1|p' "$2/said" | tail -n 1 >"$2/code"
  return "$status"
}
