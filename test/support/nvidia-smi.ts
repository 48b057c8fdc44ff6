import type { PlainHost } from './host-set.ts';

/** nvidia-smi of a machine with its driver; while /opt/gpu-lost is there, the last of its cards is lost. */
const NVIDIA_SMI = `#!/bin/bash
for word; do case $word in --query-gpu=*) IFS=, read -ra fields <<<"\${word#*=}" ;; esac; done
cards=()
for path in /sys/bus/pci/devices/*; do
  [[ $(<"$path/vendor") == 0x10de && $(<"$path/class") == 0x03* ]] && cards+=("\${path##*/}")
done
[[ ! -e /opt/gpu-lost ]] || unset 'cards[-1]'
for index in "\${!cards[@]}"; do
  line=
  for field in "\${fields[@]}"; do
    case $field in
      pci.bus_id) value=0000\${cards[index]^^} ;;
      index) value=$index ;;
      serial) value=032$index ;;
      name) value='NVIDIA GeForce RTX 3080' ;;
      *) value=16 ;;
    esac
    line+="\${line:+, }$value"
  done
  echo "$line"
done
`;

/** Puts it in place on a host. */
export const installNvidiaSmi = (host: Pick<PlainHost, 'sh'>): Promise<string> =>
  host.sh(`cat >/usr/local/bin/nvidia-smi <<'END'\n${NVIDIA_SMI}END\nchmod 755 /usr/local/bin/nvidia-smi`);

/** What it is on a machine with one card, which answers, for `installProgram`. */
export const ONE_GPU = 'echo "00000000:21:00.0, NVIDIA GeForce RTX 3090, 98, 10240, 24268, 71"';
