# Steps for the boot loader and for hugepages.

# update_grub debian|redhat ARGUMENT…: writes grub.cfg, then looks that every kernel gets the arguments.
update_grub() {
  local family=$1 grub_config line argument
  shift
  find_grub_config "$family"
  [[ ! -f $grub_config ]] || keep "$grub_config"
  if [[ $family == debian ]]; then
    type -P update-grub >/dev/null || fail 'there is no update-grub on this host'
    update-grub || fail 'update-grub failed; see its message above'
  else
    type -P grub2-mkconfig >/dev/null || fail 'there is no grub2-mkconfig on this host'
    grub2-mkconfig -o "$grub_config" || fail 'grub2-mkconfig failed; see its message above'
  fi
  while IFS= read -r line; do
    grub_line_counts "$line" || continue
    for argument; do
      [[ " ${line//$'\t'/ } " == *" $argument "* ]] ||
        fail "$grub_config has no $argument after it was written anew: something in /etc/default/grub.d may set it again"
    done
  done <"$grub_config"
}

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
