# fcops_entries DIRECTORY…: what is in each, up to 500 names; "mounted" of what has a file system of its own or lies on
# one that may hang, which is not looked into.
fcops_entries() (
  table='' through='' escaped=''
  IFS= read -r -d '' table 2>/dev/null </proc/self/mountinfo
  shopt -s nullglob dotglob
  set +f
  for directory; do
    # shellcheck disable=SC2154 # of mounts/network.sh
    [[ ${#fcops_net[@]} -eq 0 ]] || fcops_through "$directory"
    if [[ -n $through || $table == *" $directory "* ]]; then
      printf 'entries\t%s\tmounted\n' "$directory"
      continue
    fi
    # A link is never followed.
    [[ -d $directory && ! -L $directory ]] || continue
    names=("$directory"/*)
    printf 'entries\t%s\t%s' "$directory" "${#names[@]}"
    for name in ${names[@]+"${names[@]:0:500}"}; do
      fcops_escape "${name##*/}"
      printf '\t%s' "$escaped"
    done
    printf '\n'
  done
)
