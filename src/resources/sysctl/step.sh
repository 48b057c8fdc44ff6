# Steps for kernel settings.

# set_sysctl KEY VALUE…
set_sysctl() {
  local file
  local -a now
  while [[ $# -gt 0 ]]; do
    file=/proc/sys/${1//.//}
    read -r -a now <"$file" || fail "the kernel does not tell $1"
    remember_value "sysctl:$1" "${now[*]-}" "$2"
    { printf '%s\n' "$2" >"$file"; } 2>/dev/null || fail "the kernel refuses $1 = $2"
    read -r -a now <"$file"
    [[ "${now[*]-}" == "$2" ]] || fail "the kernel made $1 = ${now[*]-} of $2"
    shift 2
  done
}
