# Steps for directories.

# put_directory PATH MODE OWNER GROUP
put_directory() {
  [[ ! -e $1 || -d $1 ]] || fail "$1 is there and is not a directory"
  mkdir -p -- "$1" || fail "$1 could not be made"
  set_ownership "$@"
}
