# The state of GRUB's own configuration, one line: same, owed REASON, or none REASON where there is no GRUB.

# grub_config_state debian|redhat ARGUMENT…
grub_config_state() {
  local family=$1 grub_config line argument kernels=0 program=update-grub
  shift
  [[ $family == debian ]] || program=grub2-mkconfig
  find_grub_config "$family"
  if ! type -P "$program" >/dev/null || [[ ! -e /etc/default/grub || ! -d ${grub_config%/*} ]]; then
    echo "none this host is not started by GRUB: there is no $program, no /etc/default/grub, or no ${grub_config%/*}"
    return 0
  fi
  if [[ ! -e $grub_config ]]; then
    echo "owed $grub_config is not there"
    return 0
  fi
  while IFS= read -r line; do
    [[ $line =~ ^[[:blank:]]*linux ]] || continue
    grub_line_counts "$line" || continue
    kernels=$((kernels + 1))
    for argument; do
      [[ " ${line//$'\t'/ } " == *" $argument "* ]] && continue
      echo "owed a kernel lacks $argument"
      return 0
    done
  done <"$grub_config"
  if [[ $kernels -eq 0 ]]; then
    echo "none $grub_config starts no kernel by itself (its entries are elsewhere: add the arguments with grubby)"
  elif [[ /etc/default/grub -nt $grub_config ]]; then
    echo 'owed it is older than /etc/default/grub'
  else
    echo same
  fi
}
