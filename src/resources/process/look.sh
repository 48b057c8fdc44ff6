# fcops_unit_of PID: the unit of fcops that it is in, in $unit; empty where it is in none. Whatever else the path has, it
# ends in the unit: 0::/system.slice/system-fcops\\x2dp1.slice/fcops-p1@3.service
fcops_unit_of() {
  local line
  unit=''
  { while IFS= read -r line; do
    [[ ! $line =~ /(fcops-[a-z0-9-]+(@[0-9]+)?\.service)$ ]] || { unit=${BASH_REMATCH[1]} && break; }
  done <"/proc/$1/cgroup"; } 2>/dev/null || true
}

# fcops_processes NAMES SECRET_NAMES PROGRAM… -- REPOSITORY… [-- DAEMON…]: the workers of these repositories, known by what
# they work on, and daemons (daemons.sh). Names, with commas between, of variables whose values come back as they are, and
# of those of which only the sha256 does. Where nothing runs this is one process.
fcops_processes() {
  local names=",$1," secret_names=",$2," file pid word line rest pages up boot value unit sum changed variables
  local -a programs=() workers fields pids=() exes=()
  local -A wanted=() sums=()
  shift 2
  while [[ $1 != -- ]]; do
    programs+=("$1")
    shift
  done
  shift
  while [[ $# -gt 0 && $1 != -- ]]; do
    wanted[$1]=1
    shift
  done
  workers=()
  [[ ${#wanted[@]} -eq 0 ]] || fcops_find_workers
  if [[ $# -gt 0 ]]; then
    shift
    fcops_find_daemons "$@"
    fcops_drop_imports
    while [[ $# -gt 0 ]]; do
      wanted[$6]=1
      shift 6
    done
  fi
  set -- ${workers[@]+"${workers[@]}"}
  while [[ $# -gt 0 ]]; do
    if [[ -n ${wanted[$2]-} ]]; then
      pids+=("$1" "$2")
      exes+=("/proc/$1/exe")
    fi
    shift 2
  done
  if [[ ${#pids[@]} -gt 0 ]]; then
    boot=0
    while read -r word value _; do
      [[ $word != btime ]] || { boot=$value; break; }
    done </proc/stat
    stat -L --printf 'procexe\t%n\t%d:%i\n' -- "${exes[@]}" 2>/dev/null
    stat --printf 'procpath\t%n\t%N\n' -- "${exes[@]}" 2>/dev/null
  fi
  set -- ${pids[@]+"${pids[@]}"}
  while [[ $# -gt 0 ]]; do
    pid=$1
    { read -r line <"/proc/$pid/stat"; } 2>/dev/null || { shift 2; continue; }
    # shellcheck disable=SC2206 # a letter and numbers; a here-string is read a byte at a time
    fields=(${line##*) })
    rest='' pages=''
    { while IFS=$':\t' read -r word value; do
      case $word in
        HugetlbPages) pages=${value//[!0-9]/} ;;
        Cpus_allowed_list) rest=$value && break ;;
      esac
    done <"/proc/$pid/status"; } 2>/dev/null
    variables=0
    { while IFS= read -r -d '' word; do
      variables=$((variables + 1))
      value=${word#*=}
      word=${word%%=*}
      if [[ $names == *",$word,"* ]]; then
        fcops_escape "$value"
        # shellcheck disable=SC2154 # fcops_escape answers in it
        printf 'procenv\t%s\t%s\t%s\n' "$pid" "$word" "$escaped"
      elif [[ $secret_names == *",$word,"* ]]; then
        sum=${sums[x$value]-}
        if [[ -z $sum ]]; then
          sum=$(printf '%s' "$value" | sha256sum)
          sums[x$value]=$sum
        fi
        printf 'procsum\t%s\t%s\t%s\n' "$pid" "$word" "${sum%% *}"
      fi
    done <"/proc/$pid/environ"; } 2>/dev/null
    # One without a variable has ended meanwhile. Ticks of a hundredth of a second, as the kernel shows them everywhere.
    [[ $variables -eq 0 ]] || {
      fcops_unit_of "$pid"
      printf 'process\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$2" "$pid" "$((boot + ${fields[19]:-0} / 100))" "$rest" \
        "${fields[1]:-}" "${fields[19]:-0}" "$pages" "$unit"
    }
    shift 2
  done
  for file in ${programs[@]+"${programs[@]}"}; do
    [[ ${#pids[@]} -gt 0 && -e $file ]] || continue
    # A script is run by an interpreter, whose program says nothing: then it counts when it was changed or linked.
    word=''
    IFS= LC_ALL=C read -r -n 2 word 2>/dev/null <"$file"
    changed=$(stat -L -c '%d:%i %Z' -- "$file") || continue
    up=$(stat -c %Y -- "$file")
    # What is no number would be reckoned with as an expression.
    [[ ${changed#* } =~ ^[0-9]+$ && $up =~ ^[0-9]+$ ]] || continue
    [[ $up -le ${changed#* } ]] || changed="${changed% *} $up"
    [[ $word == '#!' ]] && word=script || word=binary
    printf 'program\t%s\t%s\t%s\t%s\n' "$file" "${changed% *}" "${changed#* }" "$word"
  done
  printf 'processes\tseen\n'
}

# The same on a host with mounts that may hang: a program may be on one, or a process hang on it with its memory.
fcops_processes_safely() {
  # shellcheck disable=SC2154 # of mounts/network.sh
  if [[ ${#fcops_net[@]} -eq 0 ]]; then
    fcops_processes "$@"
  else
    fcops_within fcops_processes "$@"
  fi
}
