# fcops_boot_risks: what keeps machines from booting, as far as it is seen before; rows with tabs between.
fcops_boot_risks() {
  local number=0 source target type options file name
  while read -r source target type options _; do
    number=$((number + 1))
    # A file system of a disk that is not there stops the boot; one of the network is only waited for.
    [[ $source == /dev/* || $source == *=* ]] || continue
    [[ $source != \#* && $target == /?* && $type != swap ]] || continue
    case ,$options, in *,nofail,* | *,noauto,* | *,_netdev,*) continue ;; esac
    printf 'fstab\t%s\t%s\t%s\n' "$number" "$source" "$target"
  done < <(cat /etc/fstab 2>/dev/null; echo)
  for file in /sys/block/md*/md/degraded; do
    [[ -r $file ]] || continue
    read -r number <"$file" || continue
    [[ $number == 0 ]] || { name=${file#/sys/block/}; printf 'array\t%s\t%s\n' "${name%%/*}" "$number"; }
  done
  while read -r name _; do
    [[ -z $name ]] || printf 'unit\t%s\n' "$name"
  done < <(timeout 10 systemctl list-units --failed --plain --no-legend --no-pager 2>/dev/null | head -n 20)
  printf 'over\n'
}
