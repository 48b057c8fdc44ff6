# Steps for directories.

# put_directory PATH MODE OWNER GROUP
put_directory() {
  local path=$1
  local -a made=()
  [[ ! -e $1 || -d $1 ]] || fail "$1 is there and is not a directory"
  while [[ -n $path && ! -e $path ]]; do
    made=("$path" ${made[@]+"${made[@]}"})
    path=${path%/*}
  done
  # The + is for bash 4.2, to which an empty array is not set.
  for path in ${made[@]+"${made[@]}"}; do remember "$path" absent - - - directory 0755 root root; done
  mkdir -p -- "$1" || fail "$1 could not be made"
  set_ownership "$@"
}
