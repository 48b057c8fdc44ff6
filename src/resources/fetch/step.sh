# Steps that download one large file: broken off, it goes on where it was.

# fetch_file URL SHA256 PATH < USER:PASSWORD in base64, or nothing. Below PATH.part until its sum has been checked: what
# is at PATH is whole.
fetch_file() {
  local url=$1 sum=$2 path=$3 part=$3.part credentials got tries other
  credentials=$(base64 -d)
  if [[ -f $path ]]; then
    echo "$path is there by now"
    return 0
  fi
  [[ ! -e $path && ! -L $path && ! -L $part ]] || fail "$path or $part is there and is no file; move it away, then run again"
  mkdir -p -- "${path%/*}" || fail "${path%/*} could not be made"
  if fetch_kept "$sum" "$path"; then return 0; fi
  # How much it will be, for who watches; what is not known is not said.
  fetch_size "$url" "$credentials" >"$part.size" || true
  # A connection breaks off more than once in a night; each try goes on where the last one was.
  for tries in 1 2 3 4 5; do
    if fetch_part "$url" "$part" "$credentials"; then break; fi
    [[ $tries -lt 5 ]] || because "$url: the connection broke off $tries times; $(stat -c %s -- "$part" 2>/dev/null || echo 0) bytes are here" --again 'run again: it goes on where it was'
    sleep 2
  done
  got=$(sha256sum <"$part") || fail "$part could not be read"
  if [[ ${got%% *} != "$sum" ]]; then
    mv -f -- "$part" "$path.wrong" || fail "$part could not be moved away"
    rm -f -- "$part.size"
    # They are large: one is enough.
    for other in "${path%/*}"/*.wrong; do
      [[ $other == "$path.wrong" || ! -f $other || -L $other ]] || rm -f -- "$other" || true
    done
    because "the file at $url is not the one of the inventory; it was not used" \
      "its sha256 is ${got%% *}, wanted is $sum; it is kept as $path.wrong" --again \
      'compare the sum with the one that its publisher gives, and correct bootstrap.snapshot.sha256 or its url; then run again: the file that was kept is taken where it has the corrected sum, and one of another url is downloaded'
  fi
  dd if=/dev/null of="$part" conv=notrunc,fsync status=none || fail "$part could not be written to the disk"
  mv -T -- "$part" "$path" || fail "$part could not be moved to $path"
  rm -f -- "$path.wrong" "$part.size"
}

# fetch_kept SUM PATH: takes a file that was refused when another sum was wanted, where it has this one. Whether one was
# made for another path is nothing to its bytes.
fetch_kept() {
  local sum=$1 path=$2 kept got
  for kept in "${path%/*}"/*.wrong; do
    [[ -f $kept && ! -L $kept ]] || continue
    got=$(sha256sum <"$kept") || continue
    [[ ${got%% *} == "$sum" ]] || continue
    dd if=/dev/null of="$kept" conv=notrunc,fsync status=none || fail "$kept could not be written to the disk"
    mv -T -- "$kept" "$path" || fail "$kept could not be moved to $path"
    rm -f -- "$path.part" "$path.part.size"
    echo "$kept has the sum that is wanted: it was taken as $path, and nothing was downloaded"
    return 0
  done
  return 1
}

# fetch_size URL CREDENTIALS: the length that the server tells, if it does.
fetch_size() {
  type -P curl >/dev/null || return 0
  curl_user "$2" | curl -q --config - -sSIL --fail --proto '=http,https' --connect-timeout 20 --max-time 60 --url "$1" 2>/dev/null |
    tr -d '\r' | sed -nE 's/^[Cc]ontent-[Ll]ength: ([0-9]+)$/\1/p' | tail -n 1
}

# curl_user USER:PASSWORD: the line of a configuration of curl, if there are any.
curl_user() {
  local credentials=${1//\\/\\\\}
  credentials=${credentials//\"/\\\"}
  [[ -z $credentials ]] || printf 'user = "%s"\n' "$credentials"
}

# fetch_part URL PART CREDENTIALS: status 1 where the connection broke off; fails where another try is of no use.
fetch_part() {
  if type -P curl >/dev/null; then
    fetch_curl "$@"
  elif type -P wget >/dev/null; then
    fetch_wget "$@"
  else
    fail 'there is neither curl nor wget on this host: install one of them, then run again'
  fi
}

fetch_curl() {
  local url=$1 part=$2 credentials=$3 said code error status=0
  # The status of the server on standard output, and then why curl gave up.
  said=$(
    curl_user "$credentials" |
      curl -q --config - -sSL --fail --proto '=http,https' --connect-timeout 20 --speed-limit 1000 --speed-time 60 \
        -C - -o "$part" -w '%{http_code}\n' --url "$url" 2>&1
  ) || status=$?
  code=$(grep -xE '[0-9]{3}' <<<"$said" | tail -n 1) || true
  error=$(grep '^curl:' <<<"$said" | head -n 1) || true
  case $status in
    0) return 0 ;;
    18 | 28 | 52 | 55 | 56 | 92)
      echo "the connection broke off: $error"
      return 1
      ;;
    22)
      # Nothing is left of it: all of it is here.
      [[ $code != 416 ]] || return 0
      fetch_refused "$url" "$code"
      ;;
    33) fetch_again "$url" "$part" ;;
    5 | 6) no_way "$url" 'this host cannot resolve the name of the server' ;;
    7) no_way "$url" 'this host cannot connect to the server; is it up, and the port right?' ;;
    23) fail "$url does not fit: the disk of ${part%/*} is too full, $(($(free_bytes "${part%/*}") / 1048576)) MiB are free" ;;
    *) fail "$url could not be downloaded: $error" ;;
  esac
}

# A server that cannot go on in the middle of a file: it is downloaded from its beginning.
fetch_again() {
  echo "the server of $1 cannot go on where the download was: it begins anew"
  rm -f -- "$2" || fail "$2 could not be removed"
  return 1
}

fetch_wget() {
  local url=$1 part=$2 credentials=$3 secrets said code status=0
  secrets=$(mktemp) || fail 'nothing can be written in the directory for temporary files'
  [[ -z $credentials ]] || printf 'http_user = %s\nhttp_password = %s\n' "${credentials%%:*}" "${credentials#*:}" >"$secrets"
  said=$(WGETRC=$secrets wget -c -nv --tries=1 --timeout=60 -O "$part" -- "$url" 2>&1) || status=$?
  rm -f -- "$secrets"
  case $status in
    0) return 0 ;;
    3) fail "$url does not fit: the disk of ${part%/*} is too full, $(($(free_bytes "${part%/*}") / 1048576)) MiB are free" ;;
    4)
      ! grep -q 'unable to resolve' <<<"$said" || no_way "$url" 'this host cannot resolve the name of the server'
      echo "the connection broke off, or there was none: $(tail -n 1 <<<"$said")"
      return 1
      ;;
    6) fetch_refused "$url" 401 ;;
    8)
      code=$(sed -nE 's/.*ERROR ([0-9]{3}).*/\1/p' <<<"$said" | tail -n 1)
      [[ $code != 416 ]] || return 0
      fetch_refused "$url" "$code"
      ;;
    *) fail "$url could not be downloaded: $(tail -n 1 <<<"$said")" ;;
  esac
}

fetch_refused() {
  case $2 in
    401 | 403) fail "$1: the server refuses the download ($2): user and password of artifacts are given below artifacts.url alone" ;;
    404) fail "$1: the server has no such file (404): see bootstrap.snapshot.url in the inventory" ;;
    *) fail "$1: the server${http_proxy:+, or the proxy $http_proxy,} answers with an error ($2)" ;;
  esac
}
