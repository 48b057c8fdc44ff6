# fcops_drift KEY…: of each of these that a run has changed on this host: which run was the last, what was there before, what
# it left, and what is there now. base.sh describes paths.
fcops_drift() {
  local directory line key
  local -A wanted=() left=() by=()
  local -a described=()
  for key; do wanted[$key]=yes; done
  if [[ -e /var/lib/fcops/stamp ]]; then printf 'stamp\n'; fi
  if cd /var/lib/fcops/runs 2>/dev/null; then
    # In the order of their names, which is that of their times.
    for directory in r-[0-9]*; do
      [[ -f $directory/kept && ! -L $directory ]] || continue
      while IFS= read -r line; do
        [[ $line == change$'\t'*$'\t'* ]] || continue
        line=${line#*$'\t'}
        key=${line%%$'\t'*}
        [[ -n $key && -n ${wanted[$key]-} ]] || continue
        left[$key]=${line#*$'\t'}
        by[$key]=$directory
      done <"$directory/kept"
    done
  fi
  for key; do
    [[ -n ${by[$key]-} ]] || continue
    described=(- - - -)
    [[ $key != /* ]] || describe "$key"
    (
      IFS=$'\t'
      printf 'left\t%s\t%s\t%s\t%s\n' "$key" "${by[$key]}" "${left[$key]}" "${described[*]}"
    )
  done
  printf 'end\n'
}
