# fcops_addresses ADDRESS: the IPv4 addresses of the machine, `10.0.0.50 ens1f0` a line (without the interface where there is
# no ip), that one first: of a long list not all may come back. Fails where nobody tells them.
fcops_addresses() {
  local wanted=$1 all='' on address
  if type -P ip >/dev/null; then
    while read -r _ on _ address _; do all+="${address%/*} $on"$'\n'; done < <(timeout -k 1 5 ip -o -4 addr show 2>/dev/null)
  else
    for address in $(timeout -k 1 5 hostname -I 2>/dev/null); do [[ $address == *:* ]] || all+="$address"$'\n'; done
  fi
  [[ -n $all ]] || return 1
  grep -E "^${wanted//./[.]}( |\$)" <<<"$all" || true
  printf %s "$all"
}
