import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hardware } from '../../support/hardware.ts';
import { hardwareFiles } from '../../support/hardware-files.ts';
import { writeTree } from '../../support/host-layer.ts';
import { copyKernelSettings } from '../../support/kernel-settings.ts';
import { BRIDGE_ADDRESS } from './bridge.ts';

const init = fileURLToPath(new URL('init.sh', import.meta.url));
const updateGrub = fileURLToPath(new URL('../../support/stand-ins/update-grub.sh', import.meta.url));

/** How one booted host differs from the Debian root. */
export interface SeedOptions {
  readonly name: string;
  readonly address: string;
  readonly hardware?: Hardware;
  /** The host's own key, OpenSSH format. */
  readonly hostKey: { readonly private: string; readonly public: string };
  /** The key that may log in. */
  readonly authorizedKey: string;
}

const network = (address: string): string => `[Match]
Name=host0
[Network]
Address=${address}/24
Gateway=${BRIDGE_ADDRESS}
LinkLocalAddressing=no
`;

/** systemd ends what it writes with a line feed too many; the kernel's files do not keep it, a copy does. */
const AS_THE_KERNEL_KEEPS_IT = `[Service]
ExecStartPost=-/bin/sh -c "grep -rlZ '^$$' /proc/sys | xargs -0r -n 1 sed -i '/^$$/d'"
`;

/**
 * Under cgroup v1 nobody tells the systemd of a container that a cgroup is empty: where it does not see the last
 * process end itself, as after it has started itself anew, it waits for the whole time-out.
 */
const STOP_SOON = '3s';

/** What init.sh starts the kernel with. */
const bootEntry = (kernelArguments: string): string =>
  `menuentry 'Simulated' {\n\tlinux ${kernelArguments.replace('BOOT_IMAGE=', '')}\n}\n`;

const taskset = fileURLToPath(new URL('../../support/stand-ins/taskset.sh', import.meta.url));
/** Where a made-up machine has other CPUs than this one. */
const copyProgram = async (source: string, target: string): Promise<void> => {
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target);
  await chmod(target, 0o755);
};

/** Writes what lies over the Debian root `root` in one host. */
export const writeSeed = async (seed: string, root: string, options: SeedOptions): Promise<void> => {
  const { name, address, hardware, hostKey, authorizedKey } = options;
  const made = join(seed, 'usr/share/simulated');
  await mkdir(join(seed, 'root/.ssh'), { recursive: true, mode: 0o700 });
  await writeTree(
    seed,
    new Map([
      ['/etc/hostname', `${name}\n`],
      ['/etc/hosts', `127.0.0.1 localhost\n${address} ${name}\n`],
      ['/etc/systemd/network/10-host0.network', network(address)],
      ['/etc/default/grub', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n'],
      ['/boot/grub/grub.cfg', bootEntry(hardware?.kernelArguments ?? 'BOOT_IMAGE=/boot/vmlinuz-5.4.0 quiet')],
      ['/etc/fstab', '# <file system> <mount point> <type> <options> <dump> <pass>\n'],
      ['/usr/lib/systemd/system/systemd-sysctl.service.d/simulated.conf', AS_THE_KERNEL_KEEPS_IT],
      ['/usr/lib/systemd/system.conf.d/simulated.conf', `[Manager]\nDefaultTimeoutStopSec=${STOP_SOON}\n`],
      ['/usr/lib/systemd/system/user@.service.d/simulated.conf', `[Service]\nTimeoutStopSec=${STOP_SOON}\n`],
      ['/root/.ssh/authorized_keys', `${authorizedKey}\n`],
      ['/etc/ssh/ssh_host_ed25519_key.pub', `${hostKey.public}\n`],
      ['/etc/ssh/sshd_config.d/fcops.conf', 'HostKey /etc/ssh/ssh_host_ed25519_key\nMaxStartups 100\n'],
    ]),
  );
  await writeFile(join(seed, 'etc/ssh/ssh_host_ed25519_key'), hostKey.private, { mode: 0o600 });
  await writeTree(made, hardware ? hardwareFiles(hardware) : new Map());
  copyKernelSettings('/proc/sys', join(made, 'proc/sys'));
  for (const name of ['update-grub', 'grub-mkconfig'])
    await copyProgram(updateGrub, join(seed, 'usr/sbin', name));
  if (hardware) await copyProgram(taskset, join(seed, 'usr/local/bin/taskset'));
  await mkdir(join(seed, 'usr/lib/systemd/real'), { recursive: true });
  await cp(join(root, 'usr/lib/systemd/systemd'), join(seed, 'usr/lib/systemd/real/systemd'));
  await cp(init, join(seed, 'usr/lib/systemd/systemd'));
  await chmod(join(seed, 'usr/lib/systemd/systemd'), 0o755);
};
