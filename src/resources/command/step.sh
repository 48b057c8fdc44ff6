# Steps for commands.

# run_guarded NAME 3< GUARD 4< SCRIPT: runs the script where the guard does not succeed, and looks that it does then.
run_guarded() {
  local guard script
  guard=$(cat <&3)
  script=$(cat <&4)
  if run_script "$guard" >/dev/null 2>&1; then return 0; fi
  run_script "$script" -euo pipefail || fail "$1 failed"
  run_script "$guard" >/dev/null 2>&1 || fail "$1 ran, and what it shall reach is not reached: its check still fails"
}

# run_script TEXT OPTION…: by a bash that reads it from a file descriptor, so that it stands in no list of processes.
# What the script leaves running keeps none of our files open, and knows nothing of this run.
run_script() {
  env -u FCOPS_RUN bash "${@:2}" /dev/fd/3 </dev/null 3<<<"exec 3<&-; $1" 4<&-
}
