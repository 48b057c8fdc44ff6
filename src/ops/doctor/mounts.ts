import { look, shellOnHost } from '../../core/next.ts';
import type { SectorSize } from '../../core/profile.ts';
import { words } from '../../core/shell.ts';
import { formatBytes } from '../../core/units.ts';
import type { Observation } from '../../resources/look.ts';
import { mountLook } from '../../resources/mounts/look.ts';
import { HOME } from '../../roles/miner-places.ts';
import type { MountStatus } from '../status/host-status.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import { keptBytes } from './storage.ts';

/** The file systems of a host. */
export interface MountsOfHost {
  readonly host: string;
  readonly roles: readonly string[];
  readonly size: SectorSize;
  readonly mounts: readonly MountStatus[];
  /** Where finished sectors are kept. */
  readonly sectors: readonly string[];
  readonly seen: Observation;
}

type Mounted = Extract<MountStatus, { readonly state: 'mounted' }>;

/** Parts of a file system that are free, below which it is told, and below which it is full. */
const LITTLE = 0.05;
const NOTHING = 0.01;

/** File systems that are read-only, or have hardly any room left; those of huge pages are there to be full. */
export const mountsFindings = (about: MountsOfHost): readonly Finding[] =>
  about.mounts.flatMap((mount) =>
    mount.state === 'mounted' && mount.fstype !== 'hugetlbfs'
      ? (readOnly(mount, about) ?? room(mount, about))
      : [],
  );

const readOnly = (mount: Mounted, about: MountsOfHost): readonly Finding[] | null => {
  const { target, what } = mount;
  const isWritten = about.sectors.includes(target) || target === HOME || target === '/';
  const options = mountLook.seen(about.seen, target)?.options ?? [];
  if (!isWritten || !options.includes('ro')) return null;
  return [
    finding('critical', 'mount', about.host, `${target} (${what}) is read-only`, {
      evidence: [`mounted with ${options.filter((one) => /^(ro|rw|errors=\w+)$/.test(one)).join(',')}`],
      cost: costOf(mount, about),
      next: [
        shellOnHost("dmesg -T | grep -iE 'remount|I/O error|nvme|ceph|nfs' | tail", 'why, on the host'),
        look('one that went read-only by itself has a disk, or a server, behind it that fails'),
      ],
    }),
  ];
};

const room = (mount: Mounted, about: MountsOfHost): readonly Finding[] => {
  const { target, what, bytes, freeBytes } = mount;
  if (bytes === 0) return [];
  const part = freeBytes / bytes;
  const isFull = about.sectors.includes(target) ? freeBytes < keptBytes(about.size) : part < NOTHING;
  if (!isFull && part >= LITTLE) return [];
  const kind = target === HOME && about.roles.includes('miner') ? 'metadata' : 'mount';
  return [
    finding(
      isFull ? 'critical' : 'warn',
      kind,
      about.host,
      `${target} (${what}) ${isFull ? 'is full' : 'is nearly full'}`,
      {
        evidence: [`${formatBytes(freeBytes)} free of ${formatBytes(bytes)}`],
        cost: costOf(mount, about),
        next: [
          shellOnHost(
            `${words('du', '-xhd', '2', target)} | sort -h | tail -n 20`,
            'what takes it, on the host',
          ),
        ],
      },
    ),
  ];
};

const costOf = ({ target }: Mounted, { sectors, roles }: MountsOfHost): string => {
  if (sectors.includes(target))
    return 'FinalizeSector does not land there, and the caches of the P1 machines fill up';
  if (target !== HOME) return 'logs cannot be written, and what is started fails';
  return roles.includes('miner')
    ? 'lotus and lotus-miner cannot write: a datastore without room may be damaged, and no proof is sent'
    : 'no sector can be written to the cache: P1 and P2 of the host fail';
};
