# fcops_find_daemons PROGRAM COMMAND FLAGS VARIABLES FALLBACK REPOSITORY …: those that run a command (lotus daemon) on one of
# these repositories, added to the array "workers" as number and repository, in turn. Flags win over variables, of which
# the first counts. Where none runs this is one process.
fcops_find_daemons() {
  local file programs=$1 at
  local -a words
  for ((at = 7; at <= $#; at += 6)); do programs+="|${!at}"; done
  while IFS= read -r file; do
    words=()
    { while IFS= read -r -d '' word; do words+=("$word"); done <"$file"; } 2>/dev/null || continue
    # It has ended meanwhile.
    [[ ${#words[@]} -gt 0 ]] || continue
    file=${file%/cmdline}
    for ((at = 1; at <= $#; at += 6)); do
      fcops_is_daemon "$file" "${@:at:6}" || continue
      workers+=("${file#/proc/}" "${@:at+5:1}")
      break
    done
  done < <(grep -lzsxE -e "(.*/)?($programs)" /proc/[0-9]*/cmdline)
}

# fcops_is_import PID: whether it only imports a chain, for hours, and ends.
fcops_is_import() { grep -qszxE -e '--?halt-after-import(=true)?' "/proc/$1/cmdline"; }

# fcops_drop_imports: takes the imports out of "workers".
fcops_drop_imports() {
  set -- ${workers[@]+"${workers[@]}"}
  workers=()
  while [[ $# -gt 0 ]]; do
    fcops_is_import "$1" || workers+=("$1" "$2")
    shift 2
  done
}

# fcops_is_daemon /proc/PID PROGRAM COMMAND FLAGS VARIABLES FALLBACK REPOSITORY: whether the process with these words is one.
fcops_is_daemon() {
  local next=1 word name open='' home='' repository=''
  local -A environment=()
  # A script has its shell before it.
  [[ ${words[0]##*/} != @(ba|da|)sh ]] || next=2
  word=${words[next - 1]-}
  [[ ${word##*/} == "$2" ]] || return 1
  for (( ; next < ${#words[@]}; next++)); do
    word=${words[next]}
    [[ $word != "$3" ]] || break
    if [[ $word == -* ]]; then
      open=yes
      name=${word#-}
      name=${name#-}
      [[ $word != *=* ]] || open=''
      [[ ",$4," == *",${name%%=*},"* ]] || continue
      # What follows is its value, be it called like the command.
      repository=${word#*=}
      [[ -z $open ]] || { next=$((next + 1)) && repository=${words[next]-}; }
      open=''
    else
      # A word after a flag that is not known here may be its value; any other is another command.
      [[ -n $open ]] || return 1
      open=''
    fi
  done
  # With a word behind it, it is a short command: lotus daemon stop.
  [[ ${words[next]-} == "$3" && (-z ${words[next + 1]-} || ${words[next + 1]} == -*) ]] || return 1
  { while IFS= read -r -d '' word; do
    [[ $word != ?*=* ]] || environment[${word%%=*}]=${word#*=}
  done <"$1/environ"; } 2>/dev/null || return 1
  home=${environment[HOME]-}
  for name in ${5//,/ }; do [[ -n $repository ]] || repository=${environment[$name]-}; done
  [[ -n $repository ]] || repository=$home/$6
  # shellcheck disable=SC2088 # lotus takes it for the home, too
  case $repository in
    /*) ;;
    '~' | '~/'*) repository=$home${repository#'~'} ;;
    *) repository=$(readlink -- "$1/cwd")/$repository ;;
  esac
  while [[ $repository == *//* ]]; do repository=${repository//\/\///}; done
  repository=${repository%/}
  [[ $repository != "$7" ]] || return 0
  # By a link. What is below another directory of / may be on a mount that hangs, which nobody has asked.
  name=${repository#/}
  word=${7#/}
  [[ ${name%%/*} == "${word%%/*}" && $repository -ef $7 ]]
}
