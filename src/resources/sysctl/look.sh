# fcops_sysctl KEY…: the live values, and whether this host may change them (containers have parts of /proc/sys
# read-only). No value: the kernel has no such setting.
fcops_sysctl() {
  local key file mode
  local -a fields
  for key; do
    file=/proc/sys/${key//.//}
    if [[ ! -e $file ]]; then
      printf 'sysctl\t%s\n' "$key"
    elif read -r -a fields 2>/dev/null <"$file"; then
      mode=rw
      [[ -w $file ]] || mode=ro
      printf 'sysctl\t%s\t%s\t%s\n' "$key" "$mode" "${fields[*]-}"
    else
      printf 'nosysctl\t%s\n' "$key"
    fi
  done
}
