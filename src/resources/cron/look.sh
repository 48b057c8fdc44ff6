# fcops_crontabs USER…: read where cron keeps them, as `crontab -l` would need a process for each.
fcops_crontabs() {
  local user file spool=/var/spool/cron
  [[ ! -d $spool/crontabs ]] || spool=$spool/crontabs
  for user; do
    file=$spool/$user
    if ! type -P crontab >/dev/null; then
      printf 'nocrontab\t%s\n' "$user"
    elif [[ -e $file ]]; then
      fcops_text crontab "$user" "$file"
    else
      printf 'crontab\t%s\t\n' "$user"
    fi
  done
}
