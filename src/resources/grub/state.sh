# The state of GRUB's own configuration, one line: same, owed REASON, or none REASON where there is no GRUB; and a
# second one, shadowed FILE, where something beside /etc/default/grub has the last word. By content, never by time:
# clocks are set back, and archives unpacked.

# grub_config_state PROGRAM MAKER CONFIG EFI_LINK VARIABLE ARGUMENT… (core/distributions.ts)
grub_config_state() {
  local program=$1 maker=$2 grub_config grub_kernels grub_lack variable=$5 shadowed=''
  find_grub_config "$3" "$4"
  shift 5
  if ! type -P "$program" >/dev/null || [[ ! -e /etc/default/grub || ! -d ${grub_config%/*} ]]; then
    echo "none this host is not started by GRUB: there is no $program, no /etc/default/grub, or no ${grub_config%/*}"
    return 0
  fi
  if [[ ! -e $grub_config ]]; then
    echo "owed $grub_config is not there"
  else
    grub_compare "$grub_config" "$@"
    if [[ $grub_kernels -eq 0 ]]; then
      echo "none $grub_config starts no kernel by itself (its entries are elsewhere: add the arguments with grubby)"
      return 0
    fi
    if [[ -n $grub_lack ]]; then echo "owed a kernel lacks $grub_lack"; else echo same; fi
  fi
  # GRUB's own program does not read it, unless the distribution has taught it to; behind a wrapper it does.
  if [[ $program != "$maker" ]] || grep -qs default/grub.d "$(type -P "$maker")"; then
    shadowed=$(grub_shadowed "$variable" "$@")
  fi
  [[ -z $shadowed ]] || echo "shadowed $shadowed"
}
