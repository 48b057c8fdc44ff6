# Steps for the boot loader.

# grub_writes_to MAKER FILE: writes the configuration of GRUB to a file. What an administrator has put in place of Debian's update-grub may do
# anything: that one is not given a file of ours.
grub_writes_to() {
  local maker=$1 target=$2
  "$maker" -o "$target" || fail "$maker failed; see its message above. Nothing was replaced"
}

# grub_is_plain PROGRAM MAKER CONFIG: whether there is no wrapper, or it is Debian's own, which is one line of shell.
grub_is_plain() {
  [[ $1 == "$2" ]] || {
    type -P "$2" >/dev/null && grep -q "$2 -o $3" "$(type -P "$1")"
  }
}

# What is written is on the disk: all of its file system, as that is what a rename is safe by. Old versions of sync
# (CentOS 7) know no -f, and are asked for everything, dead mounts too: so not for ever.
grub_sync() {
  sync -f "$1" 2>/dev/null || timeout -k 5 60 sync || fail "$1 could not be brought to the disk"
}

grub_check() {
  grub_compare "$@"
  [[ -z $grub_lack ]] ||
    fail "GRUB's configuration has no $grub_lack after it was written anew: something in /etc/default/grub.d or /etc/grub.d sets it again"
}

# update_grub PROGRAM MAKER CONFIG EFI_LINK ARGUMENT…: writes grub.cfg, once it is seen that every kernel gets the arguments.
#
# grub-mkconfig empties grub.cfg and writes it in place, without fsync: a power cut leaves half of it. Here the new one
# is written beside, brought to the disk, and renamed. GRUB reads a file system without its journal, so for a while
# after the rename it may still see the old directory: the old file keeps its blocks by a second name, so that what
# GRUB reads is the old configuration or the new one, each whole. (Freezing the file system would write the journal
# out; where /boot is on the root file system, whoever is ended between freezing and thawing hangs the machine.)
update_grub() {
  # shellcheck disable=SC2034 # grub_kernels is set by grub_compare
  local program=$1 maker=$2 config=$3 grub_config grub_kernels grub_lack fresh
  local -a described=(absent - - -) was=(absent - - -)
  find_grub_config "$config" "$4"
  shift 4
  type -P "$program" >/dev/null || fail "there is no $program on this host"
  [[ ! -f $grub_config ]] || keep_copy "$grub_config" "grub:$grub_config"
  describe "$grub_config"
  was=("${described[@]}")
  if ! grub_is_plain "$program" "$maker" "$config"; then
    "$program" || fail "$program failed; see its message above"
    grub_sync "$grub_config"
    describe "$grub_config"
    remember "grub:$grub_config" "${was[@]}" "${described[@]}"
    grub_check "$grub_config" "$@"
    return 0
  fi
  fresh=$grub_config.fcops-new
  rm -f -- "$fresh" "$fresh.new"
  (
    grub_writes_to "$maker" "$fresh"
    grub_check "$fresh" "$@"
    if [[ -e $grub_config ]] &&
      ! { chown --reference="$grub_config" -- "$fresh" && chmod --reference="$grub_config" -- "$fresh"; }; then
      fail "$fresh could not be given owner and mode of $grub_config"
    fi
    grub_sync "$fresh"
  ) || {
    rm -f -- "$fresh" "$fresh.new"
    exit 1
  }
  grub_replace "$grub_config" "$fresh"
}

# grub_replace CONFIG FRESH: a configuration that is on the disk takes the place of the one that is there.
grub_replace() {
  local config=$1 fresh=$2
  local -a described=(absent - - -)
  describe "$config" "$fresh"
  remember "grub:$config" "${described[@]}"
  remembered
  # A file system of EFI has no second names.
  if [[ -e $config ]] && ! ln -f -- "$config" "$config.fcops-before" 2>/dev/null; then
    cp -p -- "$config" "$config.fcops-before" || fail "$config could not be kept; it is as it was"
  fi
  mv -fT -- "$fresh" "$config" || fail "$config could not be replaced; it is as it was"
  grub_sync "$config"
}

# restore_grub CONFIG COPY SHA256 SEEN: the configuration of before, where nobody has written it anew since.
restore_grub() {
  local config=$1 copy=$2 sum=$3 seen=$4 fresh=$1.fcops-new got
  expect "$config" "$seen" "$sum"
  [[ -f $copy && ! -L $copy ]] || fail "the copy $copy is not there any more; $config is as it was"
  keep_copy "$config" "grub:$config"
  rm -f -- "$fresh"
  if ! cp -aT -- "$copy" "$fresh" || ! got=$(sha256sum -- "$fresh") || [[ ${got%% *} != "$sum" ]]; then
    rm -f -- "$fresh"
    fail "$config could not be put back; it is as it was"
  fi
  (grub_sync "$fresh") || {
    rm -f -- "$fresh"
    exit 1
  }
  grub_replace "$config" "$fresh"
}
