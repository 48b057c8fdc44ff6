# fcops_paths HOW SHA256 PATH …: how is never, sum, unless or always. One stat, which has words for those that are not
# there, and one sha256sum for all of them. Where every file is as it shall be, nothing is
# gone through line by line: bash is slow at that, and fifty hosts may be one machine. What is on a mount that may hang
# is looked at beside the rest (far), and not at all where that does not answer.
fcops_paths() {
  local line sums expected='' IFS=$'\n'
  local through why='' how=${1-}
  local -a own=() others=() compared=() always=() summed=() far=()
  [[ $how != far ]] || shift
  while [[ $# -gt 0 ]]; do
    # shellcheck disable=SC2154 # of mounts/network.sh
    if [[ ${#fcops_net[@]} -gt 0 && $how != far ]]; then
      fcops_through "$3"
      if [[ -n $through ]]; then
        if fcops_net_answers "$through"; then
          far+=("$1" "$2" "$3")
        else
          fcops_no_path "$3" "$through $why"
        fi
        shift 3
        continue
      fi
    fi
    # A link is never followed: it may lead to a mount that hangs. Whose it is, nobody asks.
    if [[ -L $3 || ! -e $3 || ( $EUID -eq 0 && -O $3 && -G $3 ) ]]; then own+=("$3"); else others+=("$3"); fi
    if [[ $1 != never && ! -L $3 && -f $3 ]]; then
      case $1 in
        always) always+=("$3") ;;
        sum) summed+=("$3") ;;
        *)
          compared+=("$3")
          expected+="$2  $3"$'\n'
          ;;
      esac
    fi
    shift 3
  done
  set -f
  # The + is for bash 4.2, to which an empty array is not set.
  fcops_stat root root ${own[@]+"${own[@]}"}
  fcops_stat %U %G ${others[@]+"${others[@]}"}
  if [[ $((${#compared[@]} + ${#always[@]} + ${#summed[@]})) -gt 0 ]]; then
    sums=$(exec sha256sum -- ${compared[@]+"${compared[@]}"} ${always[@]+"${always[@]}"} ${summed[@]+"${summed[@]}"})
    # shellcheck disable=SC2086 # a field for each line; a row each would be as many writes, and packets
    set -- $sums
    IFS=$'\t'
    printf 'sum\t%s\n' "$*"
    IFS=$'\n'
    if [[ ${#always[@]} -gt 0 ]]; then
      for line in "${always[@]}"; do fcops_text text "$line" "$line"; done
    fi
    if [[ $sums$'\n' != "$expected"* ]]; then
      for line in $sums; do
        [[ $'\n'$expected != *$'\n'"$line"$'\n'* ]] || continue
        line=${line#*  }
        [[ $'\n'$expected != *"  $line"$'\n'* ]] || fcops_text text "$line" "$line"
      done
    fi
  fi
  set +f
  [[ ${#far[@]} -gt 0 ]] || return 0
  # shellcheck disable=SC2034 # of mounts/network.sh
  fcops_patience=5
  ! fcops_within fcops_paths far "${far[@]}" || return 0
  while [[ ${#far[@]} -gt 0 ]]; do
    fcops_no_path "${far[2]}" 'the file system that it is on did not answer within 5 s'
    far=("${far[@]:3}")
  done
}

# fcops_stat OWNER GROUP PATH…: stat goes through all users and groups for each name that it has to tell, which takes as
# long as the rest of it; so what is root's own is not asked for one.
fcops_stat() {
  local names=$1'\t'$2 said
  shift 2
  [[ $# -gt 0 ]] || return 0
  { said=$(exec stat --printf "path\\t%n\\t%f\\t$names\\t%Y\\t%s\\t%N\\n" -- "$@" 2>&1 >&3); } 3>&1
  # shellcheck disable=SC2086 # a row for each line, in one write
  [[ -z $said ]] || printf 'nopath\t%s\n' $said
}

fcops_no_path() {
  printf "nopath\tlook: '%s': %s\n" "$1" "$2"
}
