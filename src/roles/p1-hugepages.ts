import { GiB, KiB } from '../core/units.ts';
import type { P1Layout } from '../layout/types.ts';
import { directory } from '../resources/directory/directory.ts';
import { file } from '../resources/file/file.ts';
import { grubArguments } from '../resources/grub/grub-arguments.ts';
import { grubConfig } from '../resources/grub/grub-config.ts';
import { kernelArguments } from '../resources/grub/kernel-arguments.ts';
import { hugepages } from '../resources/hugepages/hugepages.ts';
import { fstabEntry } from '../resources/mounts/fstab.ts';
import { mounted } from '../resources/mounts/mounted.ts';
import type { Task } from '../resources/resource.ts';
import { daemonReload } from '../resources/systemd/daemon-reload.ts';
import { unit } from '../resources/systemd/unit.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';

/** Where the P1 tasks keep their layers (handbook 1.3.2). */
export const MOUNT_POINT = '/opt/hugepages/layer_labels';
const UNIT = 'hugepages.service';
const UNIT_FILE = `/etc/systemd/system/${UNIT}`;
const ARGUMENTS = { default_hugepagesz: '1G', hugepagesz: '1G' };

/**
 * Huge pages of 1 GiB (handbook 2.2.5): the kernel's arguments, a unit that gives each NUMA node its share when
 * the machine starts, and their file system. They are there in full after a reboot; until then that is what is
 * reported.
 */
export const hugepagesTasks = ({ host, render }: RoleContext, layout: P1Layout): Task[] => {
  const grub = { family: host.os.family, arguments: ARGUMENTS };
  // Not in the handbook: a kernel that is started without pages of 1 GiB (an older entry of GRUB's menu)
  // cannot mount it, and systemd would then wait in emergency mode, with no SSH.
  const options = ['pagesize=1G', `size=${layout.totalPages}G`, 'nofail'];
  const others = layout.nodes.filter(({ id }) => id !== layout.gpuNode);
  return [
    task(
      'kernel arguments for huge pages',
      ['hugepages'],
      [grubArguments(grub), grubConfig(grub), kernelArguments({ arguments: ARGUMENTS })],
    ),
    task(
      'allocation of huge pages',
      ['hugepages'],
      [
        file({
          path: '/etc/hugepages.sh',
          mode: '0755',
          content: render('etc/hugepages.sh', {
            totalPages: layout.totalPages,
            gpuNode: layout.gpuNode,
            shares: others.map(({ id, pages }) => ({ node: id, pages })),
          }),
        }),
        file({ path: UNIT_FILE, content: render('etc/hugepages.service', {}) }),
        daemonReload({ units: [UNIT], files: [UNIT_FILE] }),
        unit({ name: UNIT, enabled: true }),
        hugepages({
          pageKib: GiB / KiB,
          perNode: layout.nodes.map(({ pages }) => pages),
          unit: UNIT,
          users: layout.tasks.map(({ index, pages }) => ({ name: `P1-${index}`, pages })),
        }),
      ],
    ),
    task(
      'file system of huge pages',
      ['hugepages'],
      [
        directory({ path: MOUNT_POINT }),
        fstabEntry({
          source: 'none',
          target: MOUNT_POINT,
          fstype: 'hugetlbfs',
          options,
        }),
        mounted({
          target: MOUNT_POINT,
          fstype: 'hugetlbfs',
          options,
          kernelArguments: Object.entries(ARGUMENTS).map(([name, value]) => `${name}=${value}`),
        }),
      ],
    ),
  ];
};
