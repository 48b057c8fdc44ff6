import type { Facts, Gpu } from '../core/facts.ts';
import { look } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { count } from '../core/units.ts';
import type { Host } from '../inventory/cluster.ts';
import { c2Gpus } from '../layout/c2.ts';

/**
 * Decimal PCI bus ids of the first `needed` GPUs, in the machine's own order (handbook 2.3.4.3), or how they
 * follow from the machine's facts. What is stated for the host counts first, then what its profile states, if it
 * does for every GPU. Throws an FcopsError where there are fewer GPUs than needed.
 */
export const gpuBusIds = (
  host: Host,
  needed: number,
): readonly number[] | ((facts: Facts) => readonly number[]) => {
  const stated = host.facts?.gpus;
  if (stated) {
    return enough(
      host,
      usableGpus(host, stated).map(({ busId }) => busId),
      needed,
      `the facts stated or saved for ${host.name}`,
    );
  }
  const profile = c2Gpus(host.profile).flatMap(({ busId }) => (busId === undefined ? [] : [busId]));
  if (profile.length > 0 && profile.length === c2Gpus(host.profile).length) {
    return enough(host, profile, needed, `profile ${host.profile.name}`);
  }
  return ({ gpus }) =>
    enough(
      host,
      usableGpus(host, gpus).map(({ busId }) => busId),
      needed,
      'the machine',
    );
};

/**
 * The GPUs of a machine without those that its overrides call gone: a dead one may still be on the bus. A machine that shows
 * as many as are left has them all.
 */
export const usableGpus = (
  { profile, roles, overrides }: Pick<Host, 'profile' | 'roles' | 'overrides'>,
  gpus: readonly Gpu[],
): readonly Gpu[] => {
  const gone = overrides?.withoutGpus ?? [];
  const left = (roles.includes('c2') ? c2Gpus(profile) : profile.gpus).length;
  return gpus.length === left + gone.length ? gpus.filter((_, index) => !gone.includes(index + 1)) : gpus;
};

const enough = (host: Host, busIds: readonly number[], needed: number, source: string): readonly number[] => {
  if (busIds.length >= needed) return busIds;
  throw new FcopsError({
    kind: 'layout',
    what: `${host.name} needs ${count(needed, 'NVIDIA GPU')} for ${count(needed, 'C2 worker')}, ${source} has ${busIds.length}`,
    where: { host: host.name },
    next: [look('see lspci for a card that is missing, or give the host a profile with fewer GPUs')],
  });
};
