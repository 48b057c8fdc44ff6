# fcops_hugepages KIB…: pages of each NUMA node. A machine without nodes counts as one; no row but the first: the
# kernel has no pages of that size.
fcops_hugepages() {
  local kib directory node total free
  for kib; do
    printf 'hugepages\t%s\n' "$kib"
    for directory in /sys/devices/system/node/node[0-9]*; do
      node=${directory##*/node}
      directory=$directory/hugepages/hugepages-${kib}kB
      if [[ $node == '[0-9]*' ]]; then
        node=0
        directory=/sys/kernel/mm/hugepages/hugepages-${kib}kB
      fi
      read -r total <"$directory/nr_hugepages" || continue
      read -r free <"$directory/free_hugepages" || continue
      printf 'hugepages\t%s\t%s\t%s\t%s\n' "$kib" "$node" "$total" "$free"
    done
  done
} 2>/dev/null
