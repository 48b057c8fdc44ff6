# The state of GRUB's own configuration, one line: same, owed REASON, or none REASON where there is no GRUB; and a
# second one, shadowed FILE, where something beside /etc/default/grub has the last word. By content, never by time:
# clocks are set back, and archives unpacked.

# grub_config_state debian|redhat ARGUMENT…
grub_config_state() {
  local family=$1 grub_config grub_kernels grub_lack program=update-grub variable=GRUB_CMDLINE_LINUX_DEFAULT shadowed=''
  shift
  [[ $family == debian ]] || program=grub2-mkconfig variable=GRUB_CMDLINE_LINUX
  find_grub_config "$family"
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
  # CentOS 7 does not read it.
  if [[ $family == debian ]] || grep -qs default/grub.d "$(type -P grub2-mkconfig)"; then
    shadowed=$(grub_shadowed "$variable" "$@")
  fi
  [[ -z $shadowed ]] || echo "shadowed $shadowed"
}
