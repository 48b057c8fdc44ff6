import type { Facts } from '../core/facts.ts';
import { edit, look } from '../core/next.ts';
import { isTestSize } from '../core/profile.ts';
import { formatBytes, GiB, KiB } from '../core/units.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { isShortOfMemory } from '../layout/compare.ts';
import type { Finding } from '../resources/assertion/assertion.ts';
import { assertion } from '../resources/assertion/assertion.ts';
import { askGuard, guardLook } from '../resources/guard/look.ts';
import { askMount, mountLook } from '../resources/mounts/look.ts';
import type { Resource } from '../resources/resource.ts';
import type { Severity } from './checks.ts';
import { systemChecks } from './machine-checks.ts';
import { memoryWanted } from './machine-wanted.ts';
import { checkRoom } from './requirements.ts';

const DISK = '/opt/raid0';

/**
 * What the handbook asks of a miner host (2.1.1): distribution, kernel, memory, a GPU, no hyper-threading, and a
 * mirrored disk at /opt/raid0. It asks nothing of CPU model and NUMA, so these are not compared with the profile; of
 * the CPU only the vendor, which the programs are built for.
 */
export const minerChecks = (cluster: Cluster, host: Host, severity: Severity): Resource[] => [
  ...systemChecks(host, severity),
  assertion({
    name: 'hardware',
    asks: [],
    severity,
    check: ({ facts }) => checkHardware(cluster, host, facts),
  }),
  diskCheck(host, severity),
];

const checkHardware = ({ sectorSize }: Cluster, host: Host, facts: Facts): Finding => {
  const { name, profile } = host;
  const { cpu, gpus, memoryKib } = facts;
  const memory = memoryWanted({ sectorSize }, host, ['miner']);
  const isTest = isTestSize(sectorSize);
  const found = [
    ...(cpu.vendor === profile.cpu.vendor
      ? []
      : [
          {
            message: `CPU vendor: the machine has "${cpu.vendor}", profile ${profile.name} says "${profile.cpu.vendor}"`,
            next: edit('give the host the profile of its hardware: the programs are built for one vendor'),
          },
        ]),
    ...(cpu.threadsPerCore === 1 || isTest
      ? []
      : [
          {
            message: `hyper-threading: on (${cpu.threadsPerCore} threads a core) on the machine, off is wanted on a miner (handbook 2.1.1)`,
            next: edit('switch hyper-threading (SMT) off in the firmware and reboot'),
          },
        ]),
    ...(memory === null || !isShortOfMemory(memory, memoryKib)
      ? []
      : [
          {
            message: `memory: the machine has ${formatBytes(memoryKib * KiB)}, ${memory === 1024 ? 'a miner needs 1 TiB (handbook 2.1.1)' : `its overrides say ${memory} GiB`}`,
            next: look('look for a missing or failed memory module (dmidecode --type memory)'),
          },
        ]),
    ...(gpus.length > 0 || isTest
      ? []
      : [
          {
            message: 'NVIDIA GPUs: the machine has 0, a miner needs one for its proofs (handbook 2.1.1)',
            next: look(`see lspci of ${name} for a card that is missing`),
          },
        ]),
  ];
  if (found.length === 0) return null;
  return { message: found.map(({ message }) => message).join('\n'), next: found.map(({ next }) => next) };
};

const RAID = 'level of the RAID at /opt/raid0';

/** Prints the level of the software RAID that is mounted there (`raid1`), nothing where it is none. */
const RAID_LEVEL = `source=
while read -r device target _; do
  [[ $target != ${DISK} ]] || source=$device
done </proc/self/mounts
[[ $source == /dev/* ]] || exit 0
source=$(readlink -f -- "$source")
cat "/sys/block/\${source##*/}/md/level" 2>/dev/null || true
`;

/** All that a miner has is there, its keys and wallets too: nothing is written before the disk is mounted. */
const diskCheck = (host: Host, severity: Severity): Resource =>
  assertion({
    name: `disk at ${DISK}`,
    asks: [askMount(DISK), askGuard(RAID, RAID_LEVEL)],
    severity,
    check: (seen) => {
      const room = checkRoom(seen, DISK, {
        wanted: host.variables.minerRaidMinGiB * GiB,
        toMount: 'build the RAID 1 of the NVMe disks and mount it (handbook 2.1.4)',
        toEnlarge: edit(`give it larger disks, or set variables.minerRaidMinGiB of ${host.name}`),
      });
      if (room !== null) return room;
      const guard = guardLook.seen(seen, RAID);
      if (guard === undefined) return { unknown: guardLook.unseen(seen, RAID).reason };
      const level = guard.output.trim();
      return level === 'raid0' || level === 'linear'
        ? {
            message: `${mountLook.seen(seen, DISK)?.source} at ${DISK} is a ${level}: with one disk all of it is lost, wallets and keys too`,
            next: [
              look(
                'build a RAID 1 of the disks (handbook 2.1.4); what is there has to be copied away before',
              ),
            ],
          }
        : null;
    },
  });
