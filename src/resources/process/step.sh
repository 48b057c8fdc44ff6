# Steps that start processes.

# worker_pids REPOSITORY: the processes that work on it; those of a daemon by what "daemon" says of it (daemons.sh).
daemon=()
worker_pids() {
  local -a workers=()
  if [[ ${#daemon[@]} -gt 0 ]]; then fcops_find_daemons "${daemon[@]}"; else fcops_find_workers; fi
  set -- "$1" ${workers[@]+"${workers[@]}"}
  while [[ $# -gt 2 ]]; do
    [[ $3 != "$1" ]] || echo "$2"
    set -- "$1" "${@:4}"
  done
}

# The session that brings the steps may be older than the limits which this run has set: a worker gets those of
# /etc/security/limits.d as far as the kernel allows; in a container what its own limits allow.
raise_limits() {
  local most
  raise_limit() {
    if ulimit "$1" "$2" 2>/dev/null; then return 0; fi
    ulimit -S "$1" "$(ulimit -H "$1")" || true
    echo "the limit $1 of what is started is $(ulimit "$1"): this host does not allow $2" >&2
  }
  read -r most </proc/sys/fs/nr_open
  raise_limit -n "$((most < 10000000 ? most : 10000000))"
  raise_limit -u unlimited
}

# What a P1 task that has ended left in its directory holds on to its huge pages. Nothing is removed but below a
# mounted hugetlbfs, in the directory of one task.
remove_leftovers() {
  [[ -n $1 && -d $1 && ! -L $1 ]] || return 0
  [[ $1 =~ ^/opt/hugepages/layer_labels/[0-9]+p1$ ]] || fail "$1 is not the directory of a P1 task"
  [[ $(stat -f -c %T -- "$1") == hugetlbfs ]] || fail "$1 is on no hugetlbfs: what a task writes there would be files on a disk"
  find "$1" -xdev -mindepth 1 -delete || fail "what the task before left in $1 could not be removed"
}

# Free huge pages of $1 KiB on all NUMA nodes, in $free.
free_pages() {
  local file pages
  local -a files=(/sys/devices/system/node/node[0-9]*/hugepages/hugepages-"$1"kB/free_hugepages)
  free=0
  [[ -e ${files[0]} ]] || files=(/sys/kernel/mm/hugepages/hugepages-"$1"kB/free_hugepages)
  for file in "${files[@]}"; do
    read -r pages 2>/dev/null <"$file" && free=$((free + pages))
  done
}

# log_end UNIT LOG: the last lines of what a process has said, in the journal where it has a unit.
log_end() {
  if [[ -n $1 ]]; then journalctl -u "$1" -n 8 -o cat --no-pager; else tail -n 5 -- "$2"; fi 2>/dev/null || true
}

# ready_unit UNIT: nothing that systemd has in mind for it is in the way of a start: another start after a while, or that
# it was started too often.
ready_unit() {
  case $(systemctl is-active -- "$1" 2>/dev/null) in
    activating | deactivating) systemctl stop -- "$1" || fail "$1 could not be stopped" ;;
  esac
  systemctl reset-failed -- "$1" 2>/dev/null || true
}

# start_process NAME REPOSITORY LOG LEFTOVERS PAGE_KIB PAGES [DAEMON…] 3< SCRIPT; $by_unit may run it
start_process() {
  local unit=${by_unit-} name=$1 repository=$2 log=$3 script free try
  daemon=("${@:7}")
  # shellcheck disable=SC2034 # for ready.sh
  started=$repository started_log=$log started_unit=$unit
  script=$(cat <&3)
  if [[ -n $(worker_pids "$repository") ]]; then
    echo "$name runs by now"
    return 0
  fi
  remove_leftovers "$4"
  if [[ -n $5 ]]; then
    free_pages "$5"
    [[ $free -ge $6 ]] || fail "$name needs $6 huge pages of $(($5 / 1024)) MiB, and $free are free: others hold them, or fewer were allocated than planned"
  fi
  if [[ -n $unit ]]; then ready_unit "$unit"; else raise_limits; fi
  # What it leaves running keeps none of our files open, and knows nothing of this run.
  env -u FCOPS_RUN bash -euo pipefail /dev/fd/3 </dev/null 3<<<"exec 3<&-; $script" || fail "$name could not be started"
  for try in {1..300}; do
    [[ -z $(worker_pids "$repository") ]] || break
    # systemctl comes back before the script of a unit does: that may have old logs to remove, or wait for a disk.
    [[ $try -lt 20 || (-n $unit && $(systemctl is-active -- "$unit" 2>/dev/null) == active) ]] || break
    sleep 0.5
  done
  # A worker that finds its port taken or its miner gone has ended by then.
  sleep 2
  if [[ -z $(worker_pids "$repository") ]]; then
    # systemd would go on with it behind the back of whoever reads this.
    [[ -z $unit ]] || systemctl stop -- "$unit" || true
    log_end "$unit" "$log" >&2
    fail "$name does not run${unit:+; journalctl -u $unit has more}"
  fi
}
