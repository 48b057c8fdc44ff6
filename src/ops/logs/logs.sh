# The last lines of logs, and with FCOPS_FOLLOW=yes what is added to them, as rows with tabs between:
#   env NAMES               see profile-secrets.sh
#   refused MESSAGE         grep does not take the expression; in base64
#   absent LOG              there is no such file; LOG counts from 0
#   at LOG FILE OFFSET      it is read from there; FILE: its number on its file system, or a place in the journal
#   missed LOG              it is another one than before, and the rest of that one could not be found
#   rotated LOG             what comes now stands in another file of that name
#   truncated LOG           it is shorter than before, and read from its beginning
#   data LOG OFFSET BYTES   in base64, and where the file is read on; with an expression whole lines, without those
#                           that do not match. OFFSET -: that comes with a row of its own
#   beat                    somebody still has to take this
#   over                    that is all
# $FCOPS_LOGS: their paths; $FCOPS_UNITS: for each the unit whose journal it is, or empty; $FCOPS_FROM: for each "FILE OFFSET"
# where it is read on, or empty; $FCOPS_GREP; $FCOPS_LINES.

row() {
  local IFS=$'\t'
  printf '%s\n' "$*" || exit 0
}

# bytes FD FROM TO
bytes() {
  dd "if=/proc/self/fd/$1" bs=65536 iflag=skip_bytes,count_bytes "skip=$2" "count=$(($3 - $2))" 2>/dev/null
}

# whole_lines FD FROM TO: where the last whole line ends that ends by then; FROM where none does.
whole_lines() {
  local part
  if (($3 > $2)) && [[ -n $(bytes "$1" $(($3 - 1)) "$3" | tr -d '\0') ]]; then
    part=$(bytes "$1" "$2" "$3" | tail -n 1 | wc -c)
    printf '%s\n' $(($3 - part))
  else
    printf '%s\n' "$3"
  fi
}

# encoded LOG OFFSET: standard input as rows of data.
encoded() { base64 -w 349524 | sed "s/^/data\t$1\t$2\t/"; }

matching() { grep -aE -- "$FCOPS_GREP"; }

# give LOG TO: what the file has up to there.
give() {
  local log=$1 end fd=${fds[$1]} from=${offsets[$1]}
  while ((from < $2)); do
    end=$((from + 262144 < $2 ? from + 262144 : $2))
    if [[ -n $FCOPS_GREP ]]; then
      # The rest of a line comes later, unless there is none: or it is longer than what is taken at a time.
      [[ $FCOPS_FOLLOW != yes && $end == "$2" ]] || end=$(whole_lines "$fd" "$from" "$end")
      ((end > from)) || { (($2 - from >= 262144)) || return 0; end=$((from + 262144)); }
      bytes "$fd" "$from" "$end" | matching | encoded "$log" -
      row at "$log" "${files[$log]}" "$end"
    else
      bytes "$fd" "$from" "$end" | encoded "$log" "$end"
    fi
    from=$end
    offsets[log]=$end
  done
}

# beginning FD SIZE: where the last lines begin.
beginning() {
  local window=1048576 from part
  while :; do
    from=$(($2 > window ? $2 - window : 0))
    if ((from == 0)) || (($(bytes "$1" "$from" "$2" | head -c -1 | wc -l) >= FCOPS_LINES)); then
      part=$(bytes "$1" "$from" "$2" | tail -n "$FCOPS_LINES" | wc -c)
      printf '%s\n' $(($2 - part))
      return 0
    fi
    window=$((window * 16))
  done
}

# take LOG PATH OFFSET: reads a file from there.
take() {
  local fd
  [[ -f $2 && -r $2 ]] || return 1
  { exec {fd}<"$2"; } 2>/dev/null || return 1
  fds[$1]=$fd
  files[$1]=$(stat -L -c %i -- "/proc/self/fd/$fd")
  offsets[$1]=$3
}

leave() {
  local fd=${fds[$1]}
  exec {fd}<&-
  fds[$1]=''
}

# of_journal ARGUMENTS…: entries, and the place after them in a last line that begins with "-- cursor: ".
of_journal() { journalctl --quiet --all --no-pager -o cat --show-cursor "$@" 2>/dev/null; }

# give_journal LOG LINES: what the journal of a unit has since its place is known, or its last lines; sets its new place.
give_journal() {
  local log=$1 place arguments=(-u "${FCOPS_UNITS[$1]}")
  if [[ -n ${files[$log]} ]]; then
    arguments+=(--after-cursor "${files[$log]}")
  elif [[ -n $2 && -z $FCOPS_GREP ]]; then
    arguments+=(-n "$2")
  fi
  # The lines go out, and the last of them, which is the place, comes here.
  place=$(
    {
      {
        of_journal "${arguments[@]}" |
          if [[ -n $FCOPS_GREP ]]; then grep -aE -e "$FCOPS_GREP" -e '^-- cursor: '; else cat; fi |
          if [[ -n $2 && -n $FCOPS_GREP ]]; then tail -n $(($2 + 1)); else cat; fi |
          tee /dev/fd/8 | tail -n 1 >&7
      } 8>&1 | sed '$d' | encoded "$log" - >&9
    } 7>&1
  )
  [[ $place == '-- cursor: '* ]] || return 0
  files[log]=${place#-- cursor: }
  row at "$log" "${files[$log]}" 0
}

# is_journal LOG: whether what it says is in the journal of its unit; not where its start script runs it still.
is_journal() {
  [[ -n ${FCOPS_UNITS[$1]} ]] || return 1
  systemctl is-active --quiet "${FCOPS_UNITS[$1]}" 2>/dev/null && return 0
  [[ -z $(of_journal -u "${FCOPS_UNITS[$1]}" -n 1) && -f ${FCOPS_LOGS[$1]} ]] || return 0
  return 1
}

# newest: the place of what the units said last, in $newest; one question for all of them.
newest() {
  local log units=()
  for log in "${!FCOPS_UNITS[@]}"; do
    [[ -z ${journals[$log]} ]] || units+=(-u "${FCOPS_UNITS[$log]}")
  done
  newest=''
  [[ ${#units[@]} -eq 0 ]] || newest=$(of_journal -n 1 "${units[@]}" | tail -n 1)
}

# begin LOG: from where it was left off, or with its last lines.
begin() {
  local log=$1 path=${FCOPS_LOGS[$1]} from=${FCOPS_FROM[$1]} file offset old size end
  file=${from%% *} offset=${from#* }
  fds[log]='' journals[log]=''
  if [[ $file == s=* ]] || { [[ -z $file ]] && is_journal "$log"; }; then
    journals[log]=yes
    files[log]=$file
    if [[ -n $file ]]; then give_journal "$log" ''; else give_journal "$log" "$FCOPS_LINES"; fi
    [[ -n ${files[$log]} ]] || row absent "$log"
    return 0
  fi
  if [[ -n $file ]]; then
    if [[ $(stat -L -c %i -- "$path" 2>/dev/null) == "$file" ]]; then
      take "$log" "$path" "$offset" || true
    else
      # It may have been moved away meanwhile.
      old=$(find "${path%/*}" -maxdepth 2 -type f -inum "$file" 2>/dev/null | head -n 1)
      if [[ -z $old ]] || ! take "$log" "$old" "$offset"; then
        row missed "$log"
        take "$log" "$path" 0 || true
      fi
    fi
    [[ -n ${fds[$log]} ]] || { row absent "$log"; return 0; }
    row at "$log" "${files[$log]}" "${offsets[$log]}"
    return 0
  fi
  take "$log" "$path" 0 || { row absent "$log"; return 0; }
  size=$(stat -L -c %s -- "/proc/self/fd/${fds[$log]}")
  if [[ -n $FCOPS_GREP ]]; then
    end=$size
    [[ $FCOPS_FOLLOW != yes ]] || end=$(whole_lines "${fds[$log]}" 0 "$size")
    ((end == 0)) || bytes "${fds[$log]}" 0 "$end" | matching | tail -n "$FCOPS_LINES" | encoded "$log" -
    offsets[log]=$end
    row at "$log" "${files[$log]}" "$end"
  else
    offsets[log]=$(beginning "${fds[$log]}" "$size")
    row at "$log" "${files[$log]}" "${offsets[$log]}"
    give "$log" "$size"
  fi
}

# go_on_journals: what the units have said since.
go_on_journals() {
  local log before=$newest
  newest
  [[ -n $newest && $newest != "$before" ]] || return 0
  for log in "${!FCOPS_LOGS[@]}"; do
    [[ -z ${journals[$log]} ]] || give_journal "$log" ''
  done
}

# go_on: what has been added to each since, and to those that have come in its place.
go_on() {
  local name size file log path paths=()
  local -A sizes=() numbers=()
  for log in "${!FCOPS_LOGS[@]}"; do
    paths+=("${FCOPS_LOGS[$log]}")
    [[ -z ${fds[$log]} ]] || paths+=("/proc/self/fd/${fds[$log]}")
  done
  while IFS=$'\t' read -r file size name; do
    numbers[$name]=$file
    sizes[$name]=$size
  done < <(stat -L -c $'%i\t%s\t%n' -- "${paths[@]}" 2>/dev/null)
  for log in "${!FCOPS_LOGS[@]}"; do
    [[ -z ${journals[$log]} ]] || continue
    path=${FCOPS_LOGS[$log]}
    if [[ -n ${fds[$log]} ]]; then
      size=${sizes[/proc/self/fd/${fds[$log]}]:-}
      [[ -n $size ]] || continue
      if ((size < offsets[log])); then
        offsets[log]=0
        row truncated "$log"
        row at "$log" "${files[$log]}" 0
      fi
      give "$log" "$size"
      [[ -n ${numbers[$path]:-} && ${numbers[$path]} != "${files[$log]}" ]] || continue
      leave "$log"
    fi
    [[ -z ${numbers[$path]:-} ]] || {
      take "$log" "$path" 0 || continue
      row rotated "$log"
      row at "$log" "${files[$log]}" 0
    }
  done
}

exec 9>&1
fds=() files=() offsets=() journals=() newest=''
# A profile that waits for something keeps nobody from the logs.
row env "$(
  timeout -k 1 10 bash --noprofile --norc -c "$(declare -f source_profile secret_variables)"'
    [[ ! -r $1 ]] || source_profile "$1"
    secret_variables' bash "$FCOPS_PROFILE" 2>/dev/null </dev/null
)"
if [[ -n $FCOPS_GREP ]]; then
  refused=$(grep -E -- "$FCOPS_GREP" </dev/null 2>&1)
  if (($? > 1)); then
    row refused "$(printf '%s' "$refused" | base64 -w 0)"
    exit 0
  fi
fi
for log in "${!FCOPS_LOGS[@]}"; do begin "$log"; done
[[ $FCOPS_FOLLOW != yes ]] || go_on_journals
while [[ $FCOPS_FOLLOW == yes ]]; do
  row beat
  sleep 0.5
  go_on
  go_on_journals
done
row over
