# Steps for files.

# put_file PATH MODE OWNER GROUP SHA256 SEEN < base64
put_file() {
  local path=$1 mode=$2 owner=$3 group=$4 sum=$5 seen=$6 beside got
  expect "$path" "$seen" "$sum"
  make_beside "$path"
  if base64 -d | dd of="$beside" conv=fsync status=none &&
    got=$(sha256sum -- "$beside") && [[ ${got%% *} == "$sum" ]] &&
    chown -- "$owner:$group" "$beside" && chmod -- "$mode" "$beside" &&
    (keep "$path" "$beside") && mv -fT -- "$beside" "$path"; then
    return 0
  fi
  rm -f -- "$beside"
  fail "$path could not be written; it is as it was"
}
