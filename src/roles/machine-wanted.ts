import { isTestSize } from '../core/profile.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { c2Gpus } from '../layout/c2.ts';
import { solveP1 } from '../layout/p1.ts';
import type { DeployableRole } from './role-names.ts';

/**
 * Huge pages of 1 GiB that each NUMA node is to have (handbook 2.2.5), from node 0; null where no role of the host uses
 * any. Throws an FcopsError for a profile that cannot carry its tasks.
 */
export const pagesWanted = (
  { sectorSize }: Pick<Cluster, 'sectorSize'>,
  { profile }: Pick<Host, 'profile'>,
  roles: readonly DeployableRole[],
): readonly number[] | null =>
  roles.includes('p1') ? solveP1(profile, sectorSize).nodes.map(({ pages }) => pages) : null;

/**
 * NVIDIA GPUs that the roles of a host use: P2 and C2 those of the profile, a miner one (handbook 2.1.1). Null where the
 * machine is not compared with anything (`checks: off`).
 */
export const gpusWanted = (
  { sectorSize }: Pick<Cluster, 'sectorSize'>,
  { profile, checks }: Pick<Host, 'profile' | 'checks'>,
  roles: readonly DeployableRole[],
): number | null => {
  if (checks === 'off') return null;
  const wanted: Readonly<Record<DeployableRole, number>> = {
    miner: isTestSize(sectorSize) ? 0 : 1,
    p1: profile.gpus.length,
    c2: c2Gpus(profile).length,
    apx: 0,
  };
  return Math.max(0, ...roles.map((role) => wanted[role]));
};

/** Memory of a miner, in GiB (handbook 2.1.1). */
const MINER_MEMORY = 1024;

/**
 * Memory that a host is to have, in GiB: workers that of the profile, a miner a TiB (handbook 2.1.1). Null where the
 * machine is not compared with anything (`checks: off`).
 */
export const memoryWanted = (
  { sectorSize }: Pick<Cluster, 'sectorSize'>,
  { profile, checks, overrides }: Pick<Host, 'profile' | 'checks' | 'overrides'>,
  roles: readonly DeployableRole[],
): number | null => {
  if (checks === 'off') return null;
  if (roles.some((role) => role !== 'miner')) return profile.memoryGiB;
  if (isTestSize(sectorSize)) return null;
  const isLess = overrides?.memoryGiB !== undefined || overrides?.nodes !== undefined;
  return isLess ? Math.min(profile.memoryGiB, MINER_MEMORY) : MINER_MEMORY;
};
