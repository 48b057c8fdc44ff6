# What a host has written down itself, as parts of one question (parts.sh): the ends of logs, journals of runs of fcops, its
# kernel's messages. Changes nothing. Rows besides those of parts.sh:
#   env NAMES       see profile-secrets.sh
#   absent NAME     there is no such file

# sup_env PROFILE
sup_env() {
  local names
  # shellcheck disable=SC2016 # for another bash
  names=$(
    timeout -k 1 10 bash --noprofile --norc -c "$(declare -f source_profile secret_variables)"'
      [[ ! -r $1 ]] || source_profile "$1"
      secret_variables' bash "$1"
  )
  printf 'env\t%s\t.\n' "$names"
}

# sup_log NAME PATH UNIT BYTES: the end of a file, and of the journal of a unit where there is one.
sup_log() {
  part_limit=$4
  if [[ -f $2 ]]; then
    part_text "log $1" 8 tail -c "$4" -- "$2"
  elif [[ -z $3 ]]; then
    part_row absent "log $1"
  fi
  # shellcheck disable=SC2016 # for another bash
  [[ -z $3 ]] || part_text "journal $1" 8 bash -c 'set -o pipefail
    journalctl --quiet --no-pager -o short-iso -n 2000 -u "$1" | tail -c "$2"' bash "$3" "$4"
}

# sup_runs COUNT BYTES: the newest ones. Of a run its journal alone: its steps hold secrets.
sup_runs() {
  local run
  local -a runs=()
  part_limit=$2
  for run in /var/lib/fcops/runs/*/; do [[ ! -f ${run}journal ]] || runs+=("$run"); done
  [[ ${#runs[@]} -gt 0 ]] || return 0
  while IFS= read -r run; do
    run=${run%/}
    part_text "run ${run##*/}" 5 tail -c "$2" -- "$run/journal"
  done < <(printf '%s\n' "${runs[@]}" | sort | tail -n "$1")
}

# sup_kernel EXPRESSION DAYS BYTES: the messages that match.
sup_kernel() {
  # shellcheck disable=SC2016,SC2034 # for another bash; parts.sh reads it
  part_limit=$3
  # shellcheck disable=SC2016 # for another bash
  part_text kernel 25 bash -c 'if type -P journalctl >/dev/null; then
      said=$(timeout -k 1 18 journalctl --quiet --no-pager -o short-iso --since "$2 days ago" _TRANSPORT=kernel |
        grep -aiE -e "$1" | tail -c "$3")
      [[ -z $said ]] || { printf "%s\n" "$said"; exit 0; }
    fi
    timeout -k 1 5 dmesg | grep -aiE -e "$1" | tail -c "$3"
    exit "${PIPESTATUS[0]}"' bash "$1" "$2" "$3"
}

# Without arguments of programs, which may be secrets.
sup_system() {
  part_text uptime 5 uptime
  part_text memory 5 cat /proc/meminfo
  part_text mounts 5 cat /proc/self/mounts
  part_text processes 8 ps -eo pid,ppid,stat,etime,rss,pcpu,wchan:24,comm
}
