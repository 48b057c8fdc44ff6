# Steps for links.

# put_link PATH TARGET SEEN [there]: with "there" only where the target is.
put_link() {
  local path=$1 target=$2 seen=$3 beside at=$2
  expect "$path" "$seen" "link:$target"
  [[ ! -d $path || -L $path ]] || fail "$path is a directory; a link cannot take its place"
  [[ $target == /* ]] || at=${path%/*}/$target
  [[ -z ${4-} || -e $at ]] || fail "$target is not there, so $path is not made a link to it; it is as it was"
  make_beside "$path" -u
  if ln -s -- "$target" "$beside" && (keep "$path" "$beside") && mv -fT -- "$beside" "$path"; then return 0; fi
  rm -f -- "$beside"
  fail "$path could not be made; it is as it was"
}
