# Reads "how sha path" lines: how is never, unless or always. One stat and one sha256sum for all of them; a
# second stat only for paths that are not there, for its words.
fcops_paths() {
  local how sum path mode rest
  local -a paths=() missing=() files=()
  local -A hows=() sums=() sizes=()
  while read -r how sum path; do
    hows[$path]=$how
    sums[$path]=$sum
    if [[ -e $path || -L $path ]]; then paths+=("$path"); else missing+=("$path"); fi
  done
  if [[ ${#missing[@]} -gt 0 ]]; then
    while IFS= read -r rest; do
      printf 'nopath\t%s\n' "$rest"
    done < <(stat --printf '' -- "${missing[@]}" 2>&1)
  fi
  [[ ${#paths[@]} -gt 0 ]] || return 0
  while IFS=$'\t' read -r path mode rest; do
    printf 'path\t%s\t%s\t%s\n' "$path" "$mode" "$rest"
    case $mode in
      8???)
        sizes[$path]=${rest##*$'\t'}
        [[ ${hows[$path]} == never || ${sizes[$path]} -gt 4194304 ]] || files+=("$path")
        ;;
      a???)
        rest=$(readlink -- "$path")
        printf 'link\t%s\t%s\n' "$path" "${rest//[$'\t\n']/?}"
        ;;
    esac
  done < <(stat --printf '%n\t%f\t%U\t%G\t%Y\t%s\n' -- "${paths[@]}")
  [[ ${#files[@]} -gt 0 ]] || return 0
  while read -r sum path; do
    printf 'sum\t%s\t%s\n' "$path" "$sum"
    [[ ${hows[$path]} == always || $sum != "${sums[$path]}" ]] || continue
    fcops_text text "$path" "$path" "${sizes[$path]}"
  done < <(sha256sum -- "${files[@]}")
}
