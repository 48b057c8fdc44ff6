fcops_find_holder ''
[[ -z $holder ]] || printf 'lock\t%s\n' "$holder"
