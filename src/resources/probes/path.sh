# Reads "how sha path" lines: how is never, unless or always. One stat and one sha256sum for all of them.
fcops_paths() {
  local how sum path mode rest type
  local -a paths=() files=()
  local -A hows=() sums=()
  while read -r how sum path; do
    paths+=("$path")
    hows[$path]=$how
    sums[$path]=$sum
  done
  while IFS=$'\t' read -r type path mode rest; do
    # A path that is not there is a message of stat's, on the same stream.
    [[ $type == path ]] || { printf 'nopath\t%s\n' "$type"; continue; }
    printf 'path\t%s\t%s\t%s\n' "$path" "$mode" "$rest"
    case $mode in
      8???) [[ ${hows[$path]} == never || $((${rest##*$'\t'})) -gt 4194304 ]] || files+=("$path") ;;
      a???)
        rest=$(readlink -- "$path")
        printf 'link\t%s\t%s\n' "$path" "${rest//[$'\t\n']/?}"
        ;;
    esac
  done < <(stat --printf 'path\t%n\t%f\t%U\t%G\t%Y\t%s\n' -- "${paths[@]}" 2>&1)
  [[ ${#files[@]} -gt 0 ]] || return 0
  while read -r sum path; do
    printf 'sum\t%s\t%s\n' "$path" "$sum"
    [[ ${hows[$path]} == always || $sum != "${sums[$path]}" ]] || continue
    printf 'text\t%s\t%s\n' "$path" "$(head -c 262145 -- "$path" | base64 -w 0)"
  done < <(sha256sum -- "${files[@]}")
}
