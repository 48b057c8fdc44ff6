# What installing packages would do to those that are there: a row for each, "removed NAME VERSION", or "upgraded NAME
# VERSION NEW", or "downgraded NAME VERSION NEW", with tabs. Nothing is changed, and no lock is waited for.

# fcops_apt_changes SECONDS NAME…: no rows and status 1 where apt cannot tell: a name that it does not know, lists that
# are not there. Its caches in memory, as a look writes nothing.
fcops_apt_changes() {
  local seconds=$1 shown line word
  local removed='^(Remv|Purg) ([^ ]+) \[([^]]*)\]' changed='^Inst ([^ ]+) \[([^]]*)\] \(([^ )]+)'
  shift
  shown=$(LC_ALL=C timeout "$seconds" apt-get -s -q -o Debug::NoLocking=true -o Dir::Cache::pkgcache= \
    -o Dir::Cache::srcpkgcache= install -- "$@" 2>/dev/null </dev/null) || return 1
  while IFS= read -r line; do
    if [[ $line =~ $removed ]]; then
      printf 'removed\t%s\t%s\n' "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
    elif [[ $line =~ $changed && ${BASH_REMATCH[2]} != "${BASH_REMATCH[3]}" ]]; then
      word=upgraded
      ! dpkg --compare-versions "${BASH_REMATCH[3]}" lt "${BASH_REMATCH[2]}" || word=downgraded
      printf '%s\t%s\t%s\t%s\n' "$word" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
    fi
  done <<<"$shown"
}

# fcops_yum_changes SECONDS ARGUMENT…: from the table of what yum would do. A long name has a line of its own there.
fcops_yum_changes() {
  local seconds=$1 line section='' name='' version
  local -a fields
  shift
  while IFS= read -r line; do
    case $line in
      'Installing'*:) section=installed ;;
      'Updating'*:) section=upgraded ;;
      'Downgrading'*:) section=downgraded ;;
      'Removing'*:) section=removed ;;
      'Transaction Summary'*) break ;;
      ' '*)
        read -r -a fields <<<"$line"
        if [[ ${fields[0]-} == replacing ]]; then
          name=${fields[1]-}
          printf 'removed\t%s\t%s\n' "${name%.*}" "${fields[2]-}"
          continue
        fi
        version=${fields[1]-}
        [[ ${line:1:1} == ' ' ]] || { name=${fields[0]-} version=${fields[2]-}; }
        [[ -n $name && -n $version && $section != installed && -n $section ]] || continue
        if [[ $section == removed ]]; then
          printf 'removed\t%s\t%s\n' "$name" "$version"
        else
          printf '%s\t%s\t%s\t%s\n' "$section" "$name" \
            "$(rpm -q --qf '%{VERSION}-%{RELEASE}' -- "$name" 2>/dev/null)" "$version"
        fi
        ;;
    esac
  done < <(LC_ALL=C timeout "$seconds" yum --assumeno --setopt=exit_on_lock=1 install "$@" 2>/dev/null </dev/null)
}
