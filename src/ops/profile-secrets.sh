# secret_variables: what is exported and may be a secret by its name, as name=value with NULs between, in base64.
secret_variables() {
  local fcops_name
  while IFS= read -r fcops_name; do
    [[ $fcops_name != *PWD && ${fcops_name,,} =~ pass|pwd|psk|pin|auth|key|cred|bearer|secret|token|api_info ]] || continue
    printf '%s=%s\0' "$fcops_name" "${!fcops_name}"
  done < <(compgen -e) | head -c 65536 | base64 -w 0
}
