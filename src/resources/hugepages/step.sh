# Steps for huge pages.

# hugepages_users: of the tasks that are to use them, "NAME=NODE:PAGES,NODE:PAGES", in $can those that find theirs in
# the array `pages`, in their order, and in $cannot the others.
hugepages_users() {
  local user share node fits
  local -a left=() after=() shares
  can='' cannot=''
  for node in "${!pages[@]}"; do left[node]=${pages[node]}; done
  for user; do
    fits=yes
    for node in "${!left[@]}"; do after[node]=${left[node]}; done
    IFS=, read -r -a shares <<<"${user#*=}"
    for share in "${shares[@]}"; do
      node=${share%:*}
      after[node]=$((${after[node]-0} - ${share#*:}))
      [[ ${after[node]} -ge 0 ]] || fits=''
    done
    if [[ -n $fits ]]; then
      for node in "${!after[@]}"; do left[node]=${after[node]}; done
      can+=", ${user%%=*}"
    else
      cannot+=", ${user%%=*}"
    fi
  done
}

# allocate_hugepages UNIT KIB USERS PAGES_OF_NODE_0 …: has the unit do it, and waits until it has. What it came to is
# seen at the nodes, and told even where the unit has failed.
allocate_hugepages() {
  local unit=$1 kib=$2 users=$3 node total second state='' short='' said failed='' all=0 there=0 can cannot size
  local -a pages=() wanted reasons
  shift 3
  wanted=("$@")
  said=$(systemctl restart "$unit" 2>&1) || failed=yes
  for ((second = 0; second < 600; second++)); do
    # First the unit, then the pages: what it does between the two looks is not missed.
    state=$(systemctl show -p SubState "$unit") || true
    pages=()
    while read -r _ _ node total _; do
      [[ -z $node ]] || pages[node]=$total
    done < <(fcops_hugepages "$kib")
    short='' all=0 there=0
    for node in "${!wanted[@]}"; do
      all=$((all + wanted[node]))
      there=$((there + ${pages[node]-0}))
      [[ ${pages[node]-0} -eq ${wanted[node]} ]] || short+=", node $node has ${pages[node]-0} of ${wanted[node]}"
    done
    # Ten minutes are enough for 2 TiB.
    [[ -n $short && ($state == SubState=running || $state == SubState=start*) ]] || break
    sleep 1
  done
  [[ -n $short || -n $failed ]] || return 0
  [[ -n $short ]] || because "all pages are there, and $unit failed nevertheless" "$said" -- "journalctl -u $unit"
  size="$((kib >> 10)) MiB"
  [[ $kib -lt 1048576 ]] || size="$((kib >> 20)) GiB"
  reasons=("$there of $all pages of $size are there:${short#,}")
  if [[ -n $users ]]; then
    # shellcheck disable=SC2086 # one word each
    hugepages_users $users
    [[ -z $can ]] || reasons+=("with these can start:${can#,}")
    [[ -z $cannot ]] || reasons+=("cannot start for want of pages:${cannot#,}")
  fi
  if [[ $there -ge $all ]]; then
    reasons+=('the pages lie on other nodes than they shall')
  else
    reasons+=('memory that has been in use is in pieces too small for more')
  fi
  because "${reasons[@]}" -- 'start the machine anew' \
    'where it comes out short right after a start, give the profile fewer P1 tasks'
}
