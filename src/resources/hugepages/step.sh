# Steps for huge pages.

# allocate_hugepages UNIT KIB PAGES_OF_NODE_0 …: has the unit do it, and waits until it has.
allocate_hugepages() {
  local unit=$1 kib=$2 node total second state short=''
  local -a pages=() wanted
  shift 2
  wanted=("$@")
  systemctl restart "$unit" || fail "$unit failed; journalctl -u $unit has more"
  for ((second = 0; second < 600; second++)); do
    # First the unit, then the pages: what it does between the two looks is not missed.
    state=$(systemctl show -p SubState "$unit") || true
    pages=()
    while read -r _ _ node total _; do
      [[ -z $node ]] || pages[node]=$total
    done < <(fcops_hugepages "$kib")
    short=''
    for node in "${!wanted[@]}"; do
      [[ ${pages[node]-0} -eq ${wanted[node]} ]] || short+=", node $node has ${pages[node]-0} of ${wanted[node]}"
    done
    [[ -n $short ]] || return 0
    # Ten minutes are enough for 2 TiB.
    [[ $state == SubState=running || $state == SubState=start* ]] || break
    sleep 1
  done
  fail "pages of $kib KiB${short#,}. Memory that runs for a while is in pieces too small for them: start the machine anew, then run again"
}
