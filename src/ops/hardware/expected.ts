import type { Cluster, Host } from '../../inventory/cluster.ts';
import { gpusWanted, memoryWanted } from '../../roles/machine-wanted.ts';
import { HOME } from '../../roles/miner-places.ts';
import type { DeployableRole } from '../../roles/role-names.ts';

/** What a machine is to have by its profile and the inventory; null: it is not compared with anything. */
export interface HardwareExpected {
  readonly gpus: number | null;
  /** GPUs that are known to be gone or dead, by their number in the machine's own order, from 1. */
  readonly withoutGpus?: readonly number[];
  readonly memoryGiB: number | null;
  /** Where its own disks are mounted. */
  readonly ownDisks: string | null;
}

export const expectedOf = (
  cluster: Cluster,
  host: Host,
  roles: readonly DeployableRole[],
): HardwareExpected => ({
  gpus: gpusWanted(cluster, host, roles),
  ...(host.overrides?.withoutGpus && { withoutGpus: host.overrides.withoutGpus }),
  memoryGiB: memoryWanted(cluster, host, roles),
  ownDisks: roles.some((role) => role !== 'c2') ? HOME : null,
});
