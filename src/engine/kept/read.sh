# fcops_kept RUN…: what these runs, which belong together, keep on this host, and what later ones have changed. A run has
# one directory or several, RUN and RUN with a letter behind it, one for each time that steps were sent.
fcops_kept() {
  local directory name line key last='' since=0 counted=''
  for name; do [[ ! $name > $last ]] || last=$name; done
  if cd /var/lib/fcops/runs 2>/dev/null; then
    for directory in r-[0-9]*; do
      [[ -d $directory && ! -L $directory ]] || continue
      # Names of runs are of one length.
      name=${directory:0:${#last}}
      if [[ " $* " == *" $name "* ]]; then
        if [[ ! -f $directory/kept ]]; then
          printf 'run\t%s\t%s\tnone\n' "$name" "$directory"
          continue
        fi
        printf 'run\t%s\t%s\tkept\n' "$name" "$directory"
        while IFS= read -r line; do printf '%s\t%s\n' "$directory" "$line"; done <"$directory/kept"
      elif [[ $name > $last ]]; then
        [[ $name == "$counted" ]] || since=$((since + 1))
        counted=$name
        [[ -f $directory/kept ]] || continue
        while IFS=$'\t' read -r line key _; do
          [[ $line != change ]] || printf 'later\t%s\t%s\n' "$name" "$key"
        done <"$directory/kept"
      fi
    done
  fi
  printf 'end\t%s\n' "$since"
}
