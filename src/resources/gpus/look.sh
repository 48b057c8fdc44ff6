# fcops_gpus FIELDS: what the NVIDIA driver says of its GPUs. A driver that hangs keeps its program in the kernel, and no
# signal ends that: it is asked beside, and left behind.
fcops_gpus() {
  local fd text='' status escaped
  if [[ ! -e /dev/nvidiactl && ! -e /sys/module/nvidia ]]; then
    printf 'gpus\tnot loaded\n'
    return 0
  fi
  if [[ -z $(type -P nvidia-smi) ]]; then
    printf 'gpus\tnobody\n'
    return 0
  fi
  exec {fd}< <(
    exec </dev/null 2>&1
    timeout -k 1 5 nvidia-smi --query-gpu="$1" --format=csv,noheader,nounits
    printf '%s\0' "$?"
  )
  if IFS= read -r -d '' -t 6 text <&"$fd"; then
    status=${text##*$'\n'}
    text=${text%"$status"}
    fcops_escape "${text:0:4096}"
    printf 'gpus\tasked\t%s\t%s\n' "$status" "$escaped"
  else
    printf 'gpus\tlate\n'
  fi
  exec {fd}<&-
}
