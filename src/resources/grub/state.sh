# The state of GRUB's own configuration, one line: same, owed REASON, or none REASON where there is no GRUB; and a
# second one, shadowed FILE, where something beside /etc/default/grub has the last word. By content, never by time:
# clocks are set back, and archives unpacked.

# grub_find_shadow VARIABLE ARGUMENT…: the file of /etc/default/grub.d that sets the variable anew, without what it was
# before and without the arguments, in $shadowed; empty where /etc/default/grub has the last word.
grub_find_shadow() {
  local variable=$1 file line value argument lacks
  shift
  shadowed=''
  for file in /etc/default/grub.d/*.cfg; do
    [[ -f $file ]] || continue
    while IFS= read -r line || [[ -n $line ]]; do
      [[ $line =~ ^[[:blank:]]*(export[[:blank:]]+)?$variable(\+?)=(.*)$ ]] || continue
      value=${BASH_REMATCH[3]}
      lacks=''
      for argument; do
        [[ " ${value//[\"\']/ } " == *" $argument "* ]] || lacks=yes
      done
      if [[ -z $lacks ]]; then
        shadowed=''
      elif [[ -z ${BASH_REMATCH[2]} && $value != *"\$$variable"* && $value != *"\${$variable"* ]]; then
        shadowed=$file
      fi
    done <"$file"
  done
}

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
    grub_find_shadow "$variable" "$@"
  fi
  [[ -z $shadowed ]] || echo "shadowed $shadowed"
}
