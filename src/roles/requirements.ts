import type { Next } from '../core/next.ts';
import { look } from '../core/next.ts';
import { formatBytes, GiB } from '../core/units.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Finding } from '../resources/assertion/assertion.ts';
import type { Observation } from '../resources/look.ts';
import { askMount, mountLook } from '../resources/mounts/look.ts';
import { askPath, pathLook } from '../resources/path/look.ts';
import type { Requirement } from '../resources/process/process.ts';
import type { Severity } from './checks.ts';

/** What is said of a directory without enough room. */
interface RoomWords {
  /** Bytes. */
  readonly wanted: number;
  readonly toMount: string;
  readonly toEnlarge: Next;
}

/** Whether a file system of that size is mounted there; null where it is. */
export const checkRoom = (
  seen: Observation,
  target: string,
  { wanted, toMount, toEnlarge }: RoomWords,
): Finding => {
  const mount = mountLook.seen(seen, target);
  if (mount === undefined) return { unknown: mountLook.unseen(seen, target).reason };
  if (mount === null) {
    return {
      message: `nothing is mounted at ${target}, a file system of at least ${formatBytes(wanted)} is needed there`,
      next: [look(toMount)],
    };
  }
  if (mount.trouble !== undefined) return { message: `${mount.source} at ${target} ${mount.trouble}` };
  return mount.bytes >= wanted
    ? null
    : {
        message: `${mount.source} at ${target} has ${formatBytes(mount.bytes)}, at least ${formatBytes(wanted)} are needed`,
        next: [toEnlarge],
      };
};

/** The cache disks are mounted at this directory and have the room that sealing needs (handbook 2.2.1, 2.2.4). */
export const roomAt = (host: Host, target: string, severity: Severity): Requirement => ({
  name: `room at ${target}`,
  asks: [askMount(target)],
  severity,
  check: (seen) =>
    checkRoom(seen, target, {
      wanted: host.variables.raidMinGiB * GiB,
      toMount: 'build the RAID 0 of the NVMe disks and mount it (handbook 2.2.4)',
      toEnlarge: look(
        `look for a disk that is missing (cat /proc/mdstat), or set variables.raidMinGiB of ${host.name}`,
      ),
    }),
});

/** A file system of huge pages is mounted there: without one, a task's pages would be files on the disk below. */
export const hugetlbfsAt = (target: string): Requirement => ({
  name: `hugetlbfs at ${target}`,
  asks: [askMount(target)],
  needs: [{ type: 'mounted', target }],
  // No machine is started without it, whatever its checks are set to.
  severity: 'enforce',
  check: (seen, pending) => {
    const mount = mountLook.seen(seen, target);
    if (mount === undefined) return { unknown: mountLook.unseen(seen, target).reason };
    if (mount?.fstype === 'hugetlbfs' || pending({ type: 'mounted', target })) return null;
    return {
      message:
        mount === null ? `no hugetlbfs is mounted at ${target}` : `a ${mount.fstype} is mounted at ${target}`,
      next: [look('what its tags "hugepages" put in place mounts it, some of it only after a reboot')],
    };
  },
});

/** Where the kernel shows that the NVIDIA driver is loaded; the first is there once a program has used it. */
const DRIVER_SIGNS = ['/dev/nvidiactl', '/sys/module/nvidia'];

/** What to do where the NVIDIA driver is not loaded. */
export const DRIVER_NOT_LOADED: readonly Next[] = [
  look(
    'nvidia-smi says why; after its package was installed: modprobe nvidia, or a reboot, which ends the tasks that run there',
  ),
];

/** What to do where the driver does not list a card that the machine has. */
export const CARD_LOST: readonly Next[] = [
  look(
    'dmesg of the host says why: a card that has fallen off its bus needs a reset, which ends the tasks that run on it',
  ),
];

/** The name of that requirement. */
export const NVIDIA_DRIVER = 'NVIDIA driver';

/** A machine with NVIDIA GPUs has their driver loaded (handbook 2.2.2.2). */
export const gpuDriver = (severity: Severity): Requirement => ({
  name: NVIDIA_DRIVER,
  asks: DRIVER_SIGNS.map((path) => askPath(path)),
  needs: [{ type: 'packages' }],
  severity,
  check: (seen, pending) => {
    const isLoaded = DRIVER_SIGNS.some((path) => {
      const state = pathLook.seen(seen, path);
      return state !== undefined && state.type !== 'absent';
    });
    if (seen.facts.gpus.length === 0 || isLoaded || pending({ type: 'packages' })) return null;
    return {
      message: `the NVIDIA driver is not loaded: neither ${DRIVER_SIGNS.join(' nor ')} is there`,
      next: DRIVER_NOT_LOADED,
    };
  },
});
