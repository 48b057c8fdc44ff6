# Who is changing this host. What is written in a lock says only who; that somebody holds it, the kernel says.

# The start time of a process in $started, by which it is known for sure; empty where there is no such process.
# shellcheck disable=SC2034 # for the caller
fcops_started() {
  local stat
  local -a fields
  started=''
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  read -r -a fields <<<"${stat##*) }"
  started=${fields[19]-}
}

# The holder in $holder: who, run and since when, with tabs between; empty where nobody but the run $1 is at work.
fcops_find_holder() {
  local own=$1 file text run pid start boot now started
  holder=''
  for file in /var/lib/fcops/lock /var/lib/fcops/session; do
    { IFS= read -r text <"$file"; } 2>/dev/null || continue
    [[ -z $own || $text != *$'\t'"$own"$'\t'* ]] || continue
    if ! flock -s -n "$file" true; then
      holder=$text
      return 0
    fi
  done
  # A runner that was killed leaves its step running, and nobody may begin beside that.
  read -r now </proc/sys/kernel/random/boot_id
  for file in /var/lib/fcops/runs/*/step; do
    run=${file%/step}
    run=${run##*/}
    { read -r pid start boot <"$file"; } 2>/dev/null || continue
    [[ -z $own || $run != "$own"* ]] || continue
    [[ $boot == "$now" ]] || continue
    fcops_started "$pid"
    [[ -n $started && $started == "$start" ]] || continue
    { IFS= read -r holder <"${file%/step}/holder"; } 2>/dev/null || holder=$'a run that was killed\t'$run$'\t'
    return 0
  done
}
