# Steps that change single lines and leave the others byte for byte.

# edit_lines LINE [OLD…] < text: prints the text with exactly one LINE, standing where the first OLD or LINE was; the
# other OLD lines are left out. Where there was none, LINE comes at the end. An empty LINE is none: the OLD lines go.
# Ends with 3 where an OLD line is not there any more.
edit_lines() {
  local line=$1 current candidate known found='' present='' placed='' out=''
  local -a lines=()
  shift
  mapfile lines
  for candidate in "$@"; do
    known=''
    for current in ${lines[@]+"${lines[@]}"}; do
      [[ ${current%$'\n'} != "$candidate" ]] || known=yes
    done
    if [[ -n $known ]]; then present=yes; else found=missing; fi
  done
  for current in ${lines[@]+"${lines[@]}"}; do
    known=''
    [[ -z $line || ${current%$'\n'} != "$line" ]] || known=yes
    for candidate in "$@"; do
      [[ ${current%$'\n'} != "$candidate" ]] || known=yes
    done
    if [[ -z $known ]]; then
      out+=$current
    elif [[ -z $placed && -n $line ]]; then
      placed=yes
      # The last line of a text may have no end, and keeps it so.
      if [[ $current == *$'\n' ]]; then out+=$line$'\n'; else out+=$line; fi
    fi
  done
  # Some of what the plan saw is gone and some is not: somebody is at work here.
  [[ -z $found || (-z $present && (-n $placed || -z $line)) ]] || return 3
  if [[ -z $placed && -n $line ]]; then
    [[ -z $out || $out == *$'\n' ]] || out+=$'\n'
    out+=$line$'\n'
  fi
  printf '%s' "$out"
}

# edit_file PATH LINE [OLD…]
edit_file() {
  local path=$1 from=$1 beside status=0
  shift
  [[ ! -L $path && (! -e $path || -f $path) ]] || fail "$path is not a regular file; nothing was done to it"
  make_beside "$path"
  if [[ -e $path ]]; then
    cp -a -- "$path" "$beside" || status=1
  else
    chmod 0644 "$beside" || status=1
    from=/dev/null
  fi
  if [[ $status -eq 0 ]]; then
    edit_lines "$@" <"$from" | dd of="$beside" conv=fsync status=none || status=$?
  fi
  if [[ $status -eq 0 ]] && (keep "$path" "$beside") && mv -fT -- "$beside" "$path"; then return 0; fi
  rm -f -- "$beside"
  [[ $status -ne 3 ]] || fail "$path has changed since the plan was made; nothing was done to it. Run again."
  fail "$path could not be written; it is as it was"
}
