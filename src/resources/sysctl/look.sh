# fcops_sysctl KEY…: the live values, and whether this host may change them (containers have parts of /proc/sys
# read-only). No value: the kernel has no such setting.
fcops_sysctl() {
  local key file mode rows=''
  local -a fields
  for key; do
    file=/proc/sys/${key//.//}
    if [[ ! -e $file ]]; then
      rows+=$'sysctl\t'$key$'\n'
    elif read -r -a fields <"$file"; then
      mode=rw
      [[ -w $file ]] || mode=ro
      rows+=$'sysctl\t'$key$'\t'$mode$'\t'"${fields[*]-}"$'\n'
    else
      rows+=$'nosysctl\t'$key$'\n'
    fi
  done
  # At once: printf would write each row by itself, and make a packet of it.
  echo -n "$rows"
} 2>/dev/null
