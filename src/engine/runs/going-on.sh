# fcops_going_on RUN: the runs of steps of an operation that go on here, by name, a row each.
fcops_going_on() {
  local directory pid start boot now started
  read -r now </proc/sys/kernel/random/boot_id
  for directory in "/var/lib/fcops/runs/$1"*/; do
    directory=${directory%/}
    [[ -d $directory ]] || continue
    # One that has not said its number yet is about to begin.
    if read -r pid start boot 2>/dev/null <"$directory/pid"; then
      [[ $boot == "$now" ]] || continue
      fcops_started "$pid"
      [[ -n $started && $started == "$start" ]] || continue
    fi
    printf 'run\t%s\n' "${directory##*/}"
  done
  printf 'over\n'
}
