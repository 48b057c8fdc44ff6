import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { hardwareScript, parseHardware } from '../../../../src/ops/hardware/ask.ts';
import type { HardwareSeen } from '../../../../src/ops/hardware/seen.ts';

/** A module as dmidecode prints it. */
export const dimm = (
  slot: string,
  size = '64 GB',
  serial = `S${slot}`,
): string => `Handle 0x0022, DMI type 17, 92 bytes
Memory Device
	Array Handle: 0x0020
	Total Width: 72 bits
	Size: ${size}
	Form Factor: DIMM
	Locator: ${slot}
	Bank Locator: P0 CHANNEL A
	Manufacturer: ${size === 'No Module Installed' ? 'Unknown' : 'Samsung'}
	Serial Number: ${size === 'No Module Installed' ? 'Unknown' : serial}
	Part Number: ${size === 'No Module Installed' ? 'Unknown' : 'M393A8G40AB2-CWE    '}

`;

const cardSlot = (
  name: string,
  usage: string,
  address: string,
): string => `Handle 0x0028, DMI type 9, 17 bytes
System Slot Information
	Designation: ${name}
	Type: x16 PCI Express 4 x16
	Current Usage: ${usage}
	Bus Address: ${address}

`;

export const SMART = (warning = 0) =>
  `{\n  "critical_warning" : ${warning},\n  "temperature" : 310,\n  "avail_spare" : 100,\n  "percent_used" : 3,\n  "media_errors" : 0\n}\n`;

/** What stands in for a machine: files by path, links by path, and programs by name. */
export interface Machine {
  readonly files: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly programs: Readonly<Record<string, string>>;
}

const gpuFiles = (address: string, width: number): Readonly<Record<string, string>> => {
  const path = `/sys/bus/pci/devices/${address}`;
  return {
    [`${path}/class`]: '0x030000\n',
    [`${path}/vendor`]: '0x10de\n',
    [`${path}/current_link_width`]: `${width}\n`,
    [`${path}/max_link_width`]: '16\n',
  };
};
const nvmeFiles = (index: number): Readonly<Record<string, string>> => {
  const path = `/sys/class/nvme/nvme${index}`;
  return {
    [`${path}/address`]: `0000:4${index}:00.0\n`,
    [`${path}/state`]: 'live\n',
    [`${path}/model`]: 'SAMSUNG MZQL27T6HBLA-00A07              \n',
    [`${path}/serial`]: `S6CKNE0T${index}      \n`,
    [`${path}/firmware_rev`]: 'GDC5602Q\n',
    [`${path}/nvme${index}n1/size`]: '15002931888\n',
    [`/sys/block/nvme${index}n1/size`]: '15002931888\n',
  };
};

const show = (text: string): string => `cat <<'FCOPS_END'\n${text}FCOPS_END\n`;

/** A machine with two GPUs, two NVMe disks in a RAID 0, and eight modules, that nothing is wrong with. */
export const SOUND: Machine = {
  files: {
    '/sys/class/dmi/id/sys_vendor': 'Supermicro\n',
    '/sys/class/dmi/id/product_name': 'AS -4124GS-TNR\n',
    '/sys/class/dmi/id/product_serial': 'S411795X2A12345\n',
    ...gpuFiles('0000:21:00.0', 16),
    ...gpuFiles('0000:61:00.0', 16),
    '/sys/bus/pci/slots/7/address': '0000:61:00\n',
    '/dev/nvidiactl': '',
    '/proc/driver/nvidia/gpus/0000:21:00.0/information':
      'Model: \t\t NVIDIA GeForce RTX 3090\nIRQ:   \t\t 135\nGPU UUID: \t GPU-aaaa\n',
    '/proc/driver/nvidia/gpus/0000:61:00.0/information':
      'Model: \t\t NVIDIA GeForce RTX 3090\nGPU UUID: \t GPU-bbbb\n',
    ...nvmeFiles(0),
    ...nvmeFiles(1),
    '/sys/block/md0/md/level': 'raid0\n',
    '/sys/block/md0/md/raid_disks': '2\n',
    '/sys/block/md0/md/array_state': 'clean\n',
    '/sys/block/md0/md/dev-nvme0n1/state': 'in_sync\n',
    '/sys/block/md0/md/dev-nvme1n1/state': 'in_sync\n',
    '/proc/self/mountinfo': '36 25 9:0 / /opt/raid0 rw,relatime shared:1 - xfs /dev/md0 rw\n',
    '/sys/class/net/eth0/device/vendor': '0x8086\n',
    '/sys/class/net/eth0/operstate': 'up\n',
    '/sys/class/net/eth0/speed': '10000\n',
    '/sys/class/net/eth0/carrier_changes': '3\n',
    '/sys/class/net/eth0/address': '3c:ec:ef:00:00:01\n',
    '/sys/devices/system/edac/mc/mc0/dimm0/dimm_label': 'P0_DIMM_A1\n',
    '/sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count': '0\n',
    '/sys/devices/system/edac/mc/mc0/dimm0/dimm_ue_count': '0\n',
  },
  programs: {
    dmidecode: `case $2 in
17) ${show(['A1', 'B1', 'C1', 'D1'].flatMap((slot) => [dimm(`P1-DIMM${slot}`), dimm(`P2-DIMM${slot}`)]).join(''))};;
9) ${show(cardSlot('CPU1 SLOT2 PCI-E 4.0 X16', 'In Use', '0000:21:00.0') + cardSlot('CPU2 SLOT4 PCI-E 4.0 X16', 'Available', '0000:ff:00.0'))};;
esac`,
    'nvidia-smi':
      show(`00000000:21:00.0, 0323117012345, GPU-aaaa, 94.02.42, 535.54.03, 16, 16, NVIDIA GeForce RTX 3090
00000000:61:00.0, [N/A], GPU-bbbb, 94.02.42, 535.54.03, 16, 16, NVIDIA GeForce RTX 3090
`),
    nvme: show(SMART()),
    mdadm: show(
      'ARRAY /dev/md/0  level=raid0 metadata=1.2 num-devices=2 UUID=a:b:c:d name=p1-50:0\n   devices=/dev/nvme0n1,/dev/nvme1n1\n',
    ),
    lsblk: 'true',
    journalctl: show(
      `${'2026-11-29T20:31:06+0000 p1-50 kernel: Linux version 5.4.0\n'}2026-11-29T20:30:00+0000 p1-50 kernel: nvme nvme0: Shutdown timeout set to 10 seconds\n`,
    ),
  },
};

/** Runs the question on the files and programs of a machine in place of those of this one. */
export const asked = (
  { files, links = {}, programs }: Machine,
  mask: (text: string) => string = (text) => text,
): HardwareSeen => {
  const root = mkdtempSync(join(tmpdir(), 'fcops-hardware-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(`${root}${path}`), { recursive: true });
      writeFileSync(`${root}${path}`, text);
    }
    for (const [path, target] of Object.entries(links)) {
      mkdirSync(dirname(`${root}${path}`), { recursive: true });
      symlinkSync(target, `${root}${path}`);
    }
    mkdirSync(`${root}/bin`);
    for (const [name, text] of Object.entries(programs))
      writeFileSync(`${root}/bin/${name}`, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    const script = hardwareScript(['/opt/raid0']).replaceAll(
      /\/(?=sys\/(class|bus|block|module|devices\/system\/edac)|proc\/(driver|self\/mountinfo)|dev\/nvidiactl)/g,
      `${root}/`,
    );
    const { stdout } = execaSync('bash', ['-s'], {
      input: script,
      env: { PATH: `${root}/bin:/usr/bin:/bin` },
    });
    const seen = parseHardware(stdout, mask);
    if (!seen.ok) throw new Error(seen.error);
    return seen.value;
  } finally {
    rmSync(root, { recursive: true });
  }
};

/** A machine with other files and programs; undefined takes one away. */
export const but = (
  files: Readonly<Record<string, string | undefined>>,
  programs: Readonly<Record<string, string | undefined>> = {},
): Machine => ({ files: merged(SOUND.files, files), programs: merged(SOUND.programs, programs) });

const merged = (
  all: Readonly<Record<string, string>>,
  some: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...all, ...some }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  );

export const prints = show;
