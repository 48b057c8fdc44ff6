import type { Cluster, Host } from '../inventory/cluster.ts';
import { backupOn } from './miner-backup.ts';
import { HOME } from './miner-places.ts';
import { MOUNT_POINT } from './p1-hugepages.ts';
import type { DeployableRole } from './role-names.ts';
import { storageMounts } from './storage.ts';

/** A directory whose mount and room say how a host is doing: something has to be mounted there. */
export interface LookedAt {
  readonly target: string;
  /** What it is for: `system`, `own disks`, `storage nas-1`. */
  readonly what: string;
}

/** The directories that the roles of a host write to, each once. */
export const mountsLookedAt = (
  cluster: Cluster,
  host: Host,
  roles: readonly DeployableRole[],
): readonly LookedAt[] => {
  const has = (...some: readonly DeployableRole[]) => some.some((role) => roles.includes(role));
  const backup = backupOn(cluster, host);
  const all: LookedAt[] = [
    { target: '/', what: 'system' },
    ...(has('p1', 'apx', 'miner') ? [{ target: HOME, what: 'own disks' }] : []),
    ...(has('p1') ? [{ target: MOUNT_POINT, what: 'huge pages' }] : []),
    ...storageMounts(cluster, host).map(({ name, path }) => ({ target: path, what: `storage ${name}` })),
    ...(backup?.storage === null ? [{ target: backup.mount, what: 'backups' }] : []),
  ];
  return [...new Map(all.map((one) => [one.target, one])).values()];
};
