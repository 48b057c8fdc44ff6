# fcops_paths HOW SHA256 PATH …: how is never, unless or always. One stat and one sha256sum for all of them; a
# second stat only for paths that are not there, for its words. What is read line by line comes from a variable:
# bash reads a pipe byte by byte.
fcops_paths() {
  local line rest stats sums='' at=0 IFS=$'\n'
  local -a hows=() expected=() paths=() missing=() texts=() sizes=() files=()
  while [[ $# -gt 0 ]]; do
    if [[ -e $3 || -L $3 ]]; then
      hows+=("$1")
      expected+=("$2")
      paths+=("$3")
    else
      missing+=("$3")
    fi
    shift 3
  done
  if [[ ${#missing[@]} -gt 0 ]]; then
    set -f
    for line in $(stat --printf '' -- "${missing[@]}" 2>&1); do printf 'nopath\t%s\n' "$line"; done
    set +f
  fi
  [[ ${#paths[@]} -gt 0 ]] || return 0
  stats=$(stat --printf 'path\t%n\t%f\t%U\t%G\t%Y\t%s\t%N\n' -- "${paths[@]}")
  printf '%s\n' "$stats"
  set -f
  # stat answers in the order of the paths; one that has just gone is passed over.
  for line in $stats; do
    while [[ $at -lt ${#paths[@]} && $line != *$'\t'"${paths[at]}"$'\t'* ]]; do at=$((at + 1)); done
    rest=${line#*$'\t'*$'\t'}
    if [[ $rest == 8* && ${hows[at]} != never ]]; then
      rest=${rest%$'\t'*}
      sizes[at]=${rest##*$'\t'}
      [[ ${sizes[at]} -gt 4194304 ]] || files+=("$at")
    fi
    at=$((at + 1))
  done
  set +f
  [[ ${#files[@]} -gt 0 ]] || return 0
  for at in "${files[@]}"; do texts+=("${paths[at]}"); done
  sums=$(sha256sum -- "${texts[@]}")
  set -f
  # shellcheck disable=SC2086 # a row for each line
  printf 'sum\t%s\n' $sums
  set +f
  for at in "${files[@]}"; do
    [[ ${hows[at]} == always || $sums != *"${expected[at]}  ${paths[at]}"* ]] || continue
    fcops_text text "${paths[at]}" "${paths[at]}" "${sizes[at]}"
  done
}
