# Steps for the boot loader.

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
