# Steps for archives: a version is unpacked in a directory of its own, complete or not there at all.

# put_archive URL SHA256 DIRECTORY KEEP [LINK…] -- [MEMBER…] < USER:PASSWORD in base64, or nothing. LINKs lead into
# a version that is in use; MEMBERs are programs that the archive has to have.
put_archive() {
  local url=$1 sum=$2 directory=$3 keep=$4 parent=${3%/*} credentials work left
  local -a links=()
  shift 4
  while [[ $1 != -- ]]; do
    links+=("$1")
    shift
  done
  shift
  credentials=$(base64 -d)
  for left in "$parent"/.fcops.unpack.????????; do
    # A run that was cut off left it.
    [[ ! -d $left || -L $left ]] || rm -rf --one-file-system -- "$left"
  done
  if ! archive_intact "$directory" "$sum"; then
    if [[ -e $directory || -L $directory ]]; then
      [[ -d $directory && ! -L $directory && -f $directory/.fcops-archive ]] ||
        fail "$directory is there and was not made by fcops; move it away, then run again"
    fi
    mkdir -p -- "$parent" || fail "$parent could not be made"
    work=$(mktemp -d -- "$parent/.fcops.unpack.XXXXXXXX") || fail "nothing can be written in $parent"
    if ! (fill_archive "$url" "$sum" "$directory" "$work" "$credentials" "$@"); then
      rm -rf --one-file-system -- "$work"
      fail "$directory is as it was"
    fi
    rm -rf --one-file-system -- "$work"
  fi
  for left in "$@"; do
    # A program that lost its executable bit has it again, without another download.
    [[ -x $directory/$left ]] || chmod 0755 -- "$directory/$left" || fail "$directory/$left could not be made a program"
  done
  # The + is for bash 4.2, to which an empty array is not set.
  prune_archives "$directory" "$keep" ${links[@]+"${links[@]}"}
}

# Whether the directory has all files of the archive with this sum, by their sizes and times.
archive_intact() {
  local line
  [[ -f $1/.fcops-archive ]] || return 1
  {
    read -r line && [[ $line == "sha256 $2" ]] || return 1
    while IFS= read -r line; do
      [[ $(cd "$1" && stat -c '%s %Y %n' -- "${line#* * }" 2>/dev/null) == "$line" ]] || return 1
    done
  } <"$1/.fcops-archive"
}

# fill_archive URL SHA256 DIRECTORY WORK CREDENTIALS [MEMBER…]: everything in WORK, beside DIRECTORY, then one rename.
fill_archive() {
  local url=$1 sum=$2 directory=$3 work=$4 credentials=$5 got list size room need=0 file
  shift 5
  room=$(free_bytes "$work")
  download "$url" "$work" "$credentials" "$room"
  got=$(sha256sum <"$work/archive") || fail "$work/archive could not be read"
  [[ ${got%% *} == "$sum" ]] ||
    fail "the file at $url is not the one of the inventory: its sha256 is ${got%% *}, wanted is $sum. If it was published anew, correct artifacts.sha256"
  list=$(tar -tvf "$work/archive") || fail "the file at $url is not a tar archive, or not all of it"
  while read -r _ _ size _; do
    [[ ! $size =~ ^[0-9]+$ ]] || need=$((need + size))
  done <<<"$list"
  room=$(free_bytes "$work")
  [[ $need -lt $room ]] || fail "the disk of ${directory%/*} is too full: the archive unpacks to $((need / 1048576 + 1)) MiB, and $((room / 1048576)) MiB are free"
  if ! mkdir -- "$work/tree" || ! tar -xf "$work/archive" -C "$work/tree" --no-same-owner; then
    fail "the archive could not be unpacked in ${directory%/*}"
  fi
  for file; do
    [[ -f $work/tree/$file && ! -L $work/tree/$file && -x $work/tree/$file ]] ||
      fail "the archive at $url has no program $file that can be run at its top; it holds: $(cd "$work/tree" && find . -mindepth 1 -printf '%P ' | head -c 500)"
  done
  while IFS= read -r -d '' file; do
    dd if=/dev/null of="$file" conv=notrunc,fsync status=none || fail "$file could not be written to the disk"
  done < <(find "$work/tree" -type f -print0)
  {
    printf 'sha256 %s\n' "$sum" &&
      (cd "$work/tree" && find . -type f -exec stat -c '%s %Y %n' -- {} +)
  } | dd of="$work/marker" conv=fsync status=none || fail "the disk of ${directory%/*} is full"
  mv -- "$work/marker" "$work/tree/.fcops-archive" || fail "the archive could not be put in ${directory%/*}"
  if [[ -e $directory ]]; then
    mv -T -- "$directory" "$work/replaced" || fail "$directory could not be moved away"
  fi
  mv -T -- "$work/tree" "$directory" || fail "the archive could not be moved to $directory"
}

# Bytes that root may still write where the path is.
free_bytes() {
  local blocks unit
  read -r blocks unit < <(stat -f -c '%f %S' -- "$1")
  printf '%s' $((blocks * unit))
}

# download URL WORK CREDENTIALS ROOM: to WORK/archive. The credentials are in no argument list.
download() {
  if type -P curl >/dev/null; then
    download_curl "$@"
  elif type -P wget >/dev/null; then
    download_wget "$@"
  else
    fail 'there is neither curl nor wget on this host: install one of them, then run again'
  fi
}

download_curl() {
  local url=$1 work=$2 credentials=$3 room=$4 code status=0
  credentials=${credentials//\\/\\\\}
  credentials=${credentials//\"/\\\"}
  code=$(
    { [[ -z $credentials ]] || printf 'user = "%s"\n' "$credentials"; } |
      curl -q --config - -sSL --fail --proto '=http,https' --connect-timeout 20 --speed-limit 1000 --speed-time 60 \
        --retry 2 --max-filesize "$room" -o "$work/archive" -w '%{http_code}' --url "$url" 2>"$work/error"
  ) || status=$?
  case $status in
    0) return 0 ;;
    22) refused "$url" "$code" ;;
    5) no_way "$url" "this host cannot resolve the name of the server" ;;
    6) no_way "$url" "this host cannot resolve the name of the server" ;;
    7) no_way "$url" "this host cannot connect to the server; is it up, and the port right?" ;;
    18 | 52 | 56) fail "$url: the connection broke off; run again" ;;
    23 | 63) no_room "$url" "$work" ;;
    28) no_way "$url" "the server does not answer, or sends too slowly" ;;
    35 | 51 | 58 | 60 | 77) fail "$url: no trusted TLS connection: $(head -n 1 -- "$work/error")" ;;
    *) fail "$url could not be downloaded: $(head -n 1 -- "$work/error")" ;;
  esac
}

download_wget() {
  local url=$1 work=$2 credentials=$3 status=0 code
  # $work can be entered by root only.
  if [[ -n $credentials ]]; then
    printf 'http_user = %s\nhttp_password = %s\n' "${credentials%%:*}" "${credentials#*:}" >"$work/wgetrc"
  else
    : >"$work/wgetrc"
  fi
  WGETRC=$work/wgetrc wget -nv --tries=2 --timeout=60 -O "$work/archive" -- "$url" 2>"$work/error" || status=$?
  rm -f -- "$work/wgetrc"
  case $status in
    0) return 0 ;;
    3) no_room "$url" "$work" ;;
    6) refused "$url" 401 ;;
    8)
      code=$(sed -nE 's/.*ERROR ([0-9]{3}).*/\1/p' "$work/error")
      refused "$url" "${code##*$'\n'}"
      ;;
    4)
      ! grep -q 'unable to resolve' "$work/error" || no_way "$url" "this host cannot resolve the name of the server"
      no_way "$url" "this host cannot connect to the server, or the connection broke off: $(tail -n 1 -- "$work/error")"
      ;;
    *) fail "$url could not be downloaded: $(tail -n 1 -- "$work/error")" ;;
  esac
}

refused() {
  case $2 in
    401 | 403) fail "$1: the server refuses the user and password ($2): see artifacts.user and artifacts.password in the inventory" ;;
    404) fail "$1: the server has no such file (404): see artifacts.url and versions in the inventory" ;;
    *) fail "$1: the server${http_proxy:+, or the proxy $http_proxy,} answers with an error ($2)" ;;
  esac
}

# no_way URL CAUSE: fails where the server could not be reached, with the way that was tried, and the other that there is.
no_way() {
  local cause=$2
  if [[ -n ${http_proxy-} ]]; then
    # Not by replacement, where bash 5.2 makes what was found of each & in the address.
    [[ $2 != *'the server'* ]] || cause="${2%%the server*}the proxy $http_proxy${2#*the server}"
    fail "$1: $cause: see variables.proxy in the inventory"
  fi
  fail "$1: $2; where it gets out only through a proxy, set variables.proxy in the inventory"
}

no_room() {
  fail "$1 does not fit: the disk of ${2%/*} is too full, $(($(free_bytes "$2") / 1048576)) MiB are free"
}

# prune_archives DIRECTORY KEEP [LINK…]: of the other versions beside DIRECTORY the KEEP newest stay, and whatever is
# linked to, runs, or was not made by put_archive.
prune_archives() {
  local directory=$1 parent=${1%/*} keep=$2 other
  shift 2
  while IFS= read -r other; do
    other=$parent/$other
    [[ $other != "$directory" && -d $other && ! -L $other && -f $other/.fcops-archive ]] || continue
    if [[ $keep -gt 0 ]]; then
      keep=$((keep - 1))
      continue
    fi
    ! archive_in_use "$other" "$@" || continue
    printf 'removing %s\n' "$other"
    rm -rf --one-file-system -- "$other" || fail "$other could not be removed"
  done < <(find "$parent" -mindepth 1 -maxdepth 1 -type d -name '[A-Za-z0-9]*' -printf '%T@ %f\n' | sort -rn | cut -d ' ' -f 2-)
}

# archive_in_use DIRECTORY [LINK…]: whether one of the links, or one near the versions, leads into the directory, or a
# process runs from it.
archive_in_use() {
  local directory=$1 link target
  shift
  for link in "$@" "${directory%/*}"/* "${directory%/*/*}"/*; do
    [[ -L $link ]] || continue
    target=$(readlink -f -- "$link") || continue
    [[ $target/ != "$directory"/* ]] || return 0
  done
  while IFS= read -r target; do
    [[ $target/ != "$directory"/* ]] || return 0
  done < <(find /proc/[0-9]*/exe /proc/[0-9]*/cwd -maxdepth 0 -printf '%l\n' 2>/dev/null)
  return 1
}
