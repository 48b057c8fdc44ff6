#!/bin/bash
# systemctl of a simulated host: its state is files, its messages and exit codes are those of systemd.
# shellcheck disable=SC2317 # "each" calls its function by name
set -u
state=/run/systemd/stand-in
[[ -d $state/pid ]] || mkdir -p "$state"/{active,failed,loaded,pid}
unit_paths=(/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /lib/systemd/system /usr/lib/systemd/system)
manager_keys=(DefaultLimitNOFILE DefaultLimitNPROC)

die() { printf '%s\n' "$2" >&2; exit "$1"; }
full_name() { case $1 in *.service | *.target | *.timer | *.socket | *.mount | *.path | *.slice) echo "$1" ;; *) echo "$1.service" ;; esac; }

# The file that describes unit $1; nothing where there is none.
fragment() {
  local directory
  for directory in "${unit_paths[@]}"; do
    if [[ -e $directory/$1 || -L $directory/$1 ]]; then echo "$directory/$1"; return; fi
  done
}
masked() { [[ -L /etc/systemd/system/$1 && $(readlink "/etc/systemd/system/$1") == /dev/null ]]; }
# Values of key $2 in unit $1, one a line; an empty value forgets those before it, as in systemd.
unit_values() {
  local file values=() line
  for file in "$(fragment "$1")" "/etc/systemd/system/$1.d"/*.conf; do
    [[ -f $file ]] || continue
    while IFS= read -r line; do
      [[ $line == "$2"=* ]] || continue
      if [[ -n ${line#*=} ]]; then values+=("${line#*=}"); else values=(); fi
    done <"$file"
  done
  [[ ${#values[@]} -eq 0 ]] || printf '%s\n' "${values[@]}"
}
unit_value() {
  local values
  values=$(unit_values "$1" "$2")
  echo "${values##*$'\n'}"
}
# The text of a file of the state; nothing where there is none.
kept() { [[ ! -e $state/$1 ]] || echo "$(<"$state/$1")"; }
# Changes whenever a file of the unit does.
stamp() { stat -c '%n %Y %i' "$(fragment "$1")" "/etc/systemd/system/$1.d"/*.conf 2>/dev/null; }
remember() { stamp "$1" >"$state/loaded/$1"; }

unit_file_state() {
  local file link
  file=$(fragment "$1")
  [[ -n $file ]] || return 0
  if masked "$1"; then echo masked; return; fi
  for link in /etc/systemd/system/*.{wants,requires}/"$1"; do
    if [[ -L $link ]]; then echo enabled; return; fi
  done
  if grep -q '^\[Install\]' "$file"; then echo disabled; else echo static; fi
}
active_state() {
  local pid type
  if [[ -e $state/failed/$1 ]]; then echo failed; return; fi
  if [[ ! -e $state/active/$1 ]]; then echo inactive; return; fi
  type=$(unit_value "$1" Type)
  pid=$(kept "pid/$1")
  if [[ -z $pid || $type == oneshot ]] || kill -0 "$pid" 2>/dev/null || [[ $(unit_value "$1" RemainAfterExit) == yes ]]; then
    echo active
  else
    echo inactive
  fi
}

# One command line of a unit file: the prefixes of systemd are cut, a leading - forgives a failure.
run_line() {
  local line=$1 forgive=
  while [[ $line == [-@:+!]* ]]; do
    [[ $line != -* ]] || forgive=yes
    line=${line:1}
  done
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash -c "exec $line" </dev/null >>"/var/log/$2.log" 2>&1 || [[ -n $forgive ]]
}
run_lines() {
  local line
  while IFS= read -r line; do run_line "$line" "$1" || return 1; done < <(unit_values "$1" "$2")
}
start_unit() {
  local type
  [[ -n $(fragment "$1") ]] || die 5 "Failed to start $1: Unit $1 not found."
  ! masked "$1" || die 1 "Failed to start $1: Unit $1 is masked."
  [[ $(active_state "$1") != active ]] || return 0
  remember "$1"
  rm -f "$state/failed/$1" "$state/pid/$1"
  # What the distribution ships belongs to a machine that was booted: it counts as started, and does not run.
  if [[ $(fragment "$1") != /etc/* ]]; then touch "$state/active/$1"; return; fi
  type=$(unit_value "$1" Type)
  if [[ $type == oneshot ]]; then
    if ! { run_lines "$1" ExecStartPre && run_lines "$1" ExecStart; }; then
      touch "$state/failed/$1"
      printf 'Job for %s failed because the control process exited with error code.\nSee "systemctl status %s" and "journalctl -xeu %s" for details.\n' "$1" "$1" "$1" >&2
      exit 1
    fi
    [[ $(unit_value "$1" RemainAfterExit) != yes ]] || touch "$state/active/$1"
  else
    (
      setsid "$0" --run "$1" </dev/null >/dev/null 2>&1 &
      echo $! >"$state/pid/$1"
    )
    touch "$state/active/$1"
  fi
}
stop_unit() {
  [[ -n $(fragment "$1") ]] || die 5 "Failed to stop $1: Unit $1 not loaded."
  local pid
  pid=$(kept "pid/$1")
  [[ $(fragment "$1") != /etc/* ]] || run_lines "$1" ExecStop || true
  [[ -z $pid ]] || kill -- "-$pid" 2>/dev/null
  rm -f "$state/active/$1" "$state/failed/$1" "$state/pid/$1"
}

enable_unit() {
  local target link
  [[ -n $(fragment "$1") ]] || die 1 "Failed to enable unit: Unit file $1 does not exist."
  ! masked "$1" || die 1 "Failed to enable unit: Unit file /etc/systemd/system/$1 is masked."
  for target in $(unit_values "$1" WantedBy); do
    link=/etc/systemd/system/$target.wants/$1
    [[ ! -L $link ]] || continue
    mkdir -p "${link%/*}"
    ln -s "$(fragment "$1")" "$link"
    echo "Created symlink $link → $(fragment "$1")." >&2
  done
  remember "$1"
}
disable_unit() {
  local link
  [[ -n $(fragment "$1") ]] || die 1 "Failed to disable unit: Unit file $1 does not exist."
  for link in /etc/systemd/system/*.{wants,requires}/"$1"; do
    [[ -L $link ]] || continue
    rm -f "$link"
    echo "Removed $link." >&2
  done
}

manager_value() {
  local file line value=
  case $1 in DefaultLimitNOFILE) value=524288 ;; DefaultLimitNPROC) value=95998 ;; esac
  for file in /etc/systemd/system.conf /usr/lib/systemd/system.conf.d/*.conf /etc/systemd/system.conf.d/*.conf; do
    [[ -f $file ]] || continue
    while IFS= read -r line; do
      [[ $line != "$1"=* ]] || value=${line#*=}
    done <"$file"
  done
  echo "${value##*:}"
}
load_manager() {
  local key
  for key in "${manager_keys[@]}"; do manager_value "$key" >"$state/$key"; done
}
daemon_reload() {
  local file
  rm -f "$state"/loaded/*
  for file in /etc/systemd/system/*.* /etc/systemd/system/*.wants/*; do
    [[ ! -f $file ]] || remember "${file##*/}"
  done
}

# Properties in systemd's own order, which is not that of the question.
show_unit() {
  local unit=$1 file load=not-found reload=no sub=dead active type pid
  file=$(fragment "$unit")
  [[ -z $file ]] || load=loaded
  ! masked "$unit" || load=masked
  active=$(active_state "$unit")
  type=$(unit_value "$unit" Type)
  pid=$(kept "pid/$unit")
  [[ $active != active ]] || { sub=running; [[ $type != oneshot ]] || sub=exited; }
  [[ $active != failed ]] || sub=failed
  [[ ! -e $state/loaded/$unit || $(stamp "$unit") == "$(kept "loaded/$unit")" ]] || reload=yes
  printf '%s\n' "Type=${type:-simple}" "MainPID=${pid:-0}" "Id=$unit" "Names=$unit" \
    "LoadState=$load" "ActiveState=$active" "SubState=$sub" "FragmentPath=$file" \
    "UnitFileState=$(unit_file_state "$unit")" "NeedDaemonReload=$reload"
}
show_manager() {
  local key
  for key in "${manager_keys[@]}"; do echo "$key=$(kept "$key")"; done
  echo "SystemState=running"
}
# What was shown before is shown again while no file of the unit or of the state is newer: the real systemctl
# answers from memory, and a look at fifty hosts must not measure this script.
is_fresh() {
  local newer
  [[ -e $1 && ! -e $state/pid/$2 ]] || return 1
  for newer in "$state" "$state"/{active,failed,loaded} "${unit_paths[@]}" /etc/systemd/system/*.{wants,requires,d} /etc/systemd/system/"$2"{,.d/*}; do
    [[ ! -e $newer || $1 -nt $newer ]] || return 1
  done
}
describe() {
  local shown=$state/shown/$1
  if ! is_fresh "$shown" "$1"; then
    mkdir -p "$state/shown"
    if [[ $1 == manager ]]; then show_manager; else show_unit "$1"; fi >"$shown"
  fi
}
show() {
  local wanted=,$properties, key value unit first=yes
  if [[ $# -eq 0 ]]; then set -- manager; fi
  for unit; do
    [[ -n $first ]] || echo
    first=
    if [[ $unit != manager && $unit != *.* ]]; then unit=$unit.service; fi
    describe "$unit"
    while IFS='=' read -r key value; do
      [[ $wanted == ,, || $wanted == *",$key,"* ]] || continue
      if [[ -n $only_value ]]; then echo "$value"; else echo "$key=$value"; fi
    done <"$state/shown/$unit"
  done
}

if [[ ${1-} == --run ]]; then
  # A service of systemd inherits nothing from who asked for its start, least of all a lock.
  for fd in "/proc/$BASHPID/fd"/*; do
    fd=${fd##*/}
    if [[ $fd -gt 2 && $fd -lt 255 ]]; then eval "exec $fd>&-"; fi
  done
  if run_lines "$2" ExecStartPre && run_lines "$2" ExecStart; then exit; fi
  touch "$state/failed/$2"
  exit 1
fi

# The machine goes down and comes back at once: nothing runs, what was in memory is gone, enabled units are started.
if [[ ${1-} == --reboot ]]; then
  sleep 0.3
  kill -KILL -1 2>/dev/null
  # A machine that hangs on its way down is at its boot of before.
  [[ ! -e /opt/never-goes-down ]] || exit 0
  rm -f "$state"/{active,failed,loaded,pid,shown}/*
  echo "$(</proc/sys/kernel/random/uuid)" >/proc/sys/kernel/random/boot_id
  date +%s.%N >>/var/log/reboots
  for link in /etc/systemd/system/*.wants/*; do
    [[ ! -L $link || $(readlink -f "$link") != /etc/* ]] || (start_unit "${link##*/}")
  done
  exit 0
fi

verb='' now='' quiet='' properties='' only_value='' units=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --now) now=yes ;;
    -q | --quiet) quiet=yes ;;
    -p | --property) properties+=,$2; shift ;;
    -p*) properties+=,${1#-p} ;;
    --property=*) properties+=,${1#*=} ;;
    -P) properties+=,$2; only_value=yes; shift ;;
    --value) only_value=yes ;;
    --) ;;
    -*) ;;
    *) if [[ -z $verb ]]; then verb=$1; else units+=("$1"); fi ;;
  esac
  shift
done
properties=${properties#,}
[[ -e $state/DefaultLimitNOFILE ]] || load_manager

worst=0
each() { local unit; for unit in "${units[@]}"; do "$1" "$(full_name "$unit")"; done; }
case $verb in
  enable) each enable_unit; [[ -z $now ]] || each start_unit ;;
  disable) each disable_unit; [[ -z $now ]] || each stop_unit ;;
  reenable) each disable_unit; each enable_unit ;;
  mask) for unit in "${units[@]}"; do ln -sfn /dev/null "/etc/systemd/system/$(full_name "$unit")"; done ;;
  unmask) for unit in "${units[@]}"; do ! masked "$(full_name "$unit")" || rm "/etc/systemd/system/$(full_name "$unit")"; done ;;
  start) each start_unit ;;
  stop) each stop_unit ;;
  restart | reload-or-restart | try-restart) each stop_unit; each start_unit ;;
  reload) ;;
  reset-failed) rm -f "$state"/failed/* ;;
  daemon-reload) daemon_reload ;;
  daemon-reexec) daemon_reload; load_manager ;;
  show) show ${units[@]+"${units[@]}"} ;;
  is-active | is-failed)
    for unit in "${units[@]}"; do
      found=$(active_state "$(full_name "$unit")")
      [[ -n $quiet ]] || echo "$found"
      [[ $found == "${verb#is-}" ]] || worst=3
    done
    [[ $worst -eq 0 || $verb == is-active ]] || worst=1
    exit "$worst"
    ;;
  is-enabled)
    for unit in "${units[@]}"; do
      unit=$(full_name "$unit")
      found=$(unit_file_state "$unit")
      [[ -n $found ]] || die 1 "Failed to get unit file state for $unit: No such file or directory"
      [[ -n $quiet ]] || echo "$found"
      [[ $found == enabled || $found == static ]] || worst=1
    done
    exit "$worst"
    ;;
  is-system-running) echo running ;;
  reboot) setsid "$0" --reboot </dev/null >/dev/null 2>&1 & ;;
  list-units) ;;
  status) each active_state ;;
  cat) for unit in "${units[@]}"; do cat "$(fragment "$(full_name "$unit")")" || exit 1; done ;;
  *) die 1 "Unknown command verb $verb (this systemctl is the stand-in of a simulated host)." ;;
esac
exit 0
