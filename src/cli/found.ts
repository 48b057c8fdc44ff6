import { runNames } from '../engine/runs/history.ts';
import type { Cluster, Host, RoleName } from '../inventory/cluster.ts';
import { groupNames } from '../inventory/select.ts';
import { c2Gpus } from '../layout/c2.ts';
import type { Sources } from '../ops/sources.ts';
import { chosenClusters, profilesOf } from '../ops/sources.ts';
import type { Found, Typed } from './completion.ts';
import { runsDirectory } from './deps.ts';
import { DEFAULT_INVENTORY } from './options.ts';
import type { World } from './world.ts';

/** What the files of this machine have; whatever is wrong with them is not for somebody who is typing. */
export const foundHere = (world: World): Found => {
  const clusters = (typed: Typed) =>
    orNothing(() => chosenClusters(sourcesIn(world, typed), typed.get('--miner')));
  return {
    hosts: (typed) => [...new Set(clusters(typed).flatMap(({ hosts }) => hosts.map(({ name }) => name)))],
    groups: (typed) => [...new Set(clusters(typed).flatMap(groupNames))],
    miners: (typed) =>
      orNothing(() => chosenClusters(sourcesIn(world, typed), undefined)).map(({ miner }) => miner),
    profiles: (typed) => orNothing(() => profilesOf(sourcesIn(world, typed)).names),
    runs: () => orNothing(() => runNames(runsDirectory(world))),
    processes: (typed, words) => {
      const all = clusters(typed).flatMap((cluster) => cluster.hosts.map((host) => ({ cluster, host })));
      const named = all.filter(({ host }) =>
        [host.name, host.address, ...host.roles].some((word) => words.includes(word)),
      );
      return [
        ...new Set(
          (named.length > 0 ? named : all).flatMap(({ cluster, host }) => processNames(cluster, host)),
        ),
      ];
    },
  };
};

const numbered = (group: string, processes: number): readonly string[] => [
  group,
  ...Array.from({ length: processes }, (_, index) => `${group}-${index + 1}`),
];

/** What the processes of a host are called, by its hardware model alone: a layout takes longer than a key is pressed. */
const processNames = ({ sectorSize }: Cluster, { roles, profile }: Host): readonly string[] =>
  roles.flatMap((role) => NAMES[role](sectorSize, profile));

const NAMES: Readonly<
  Record<RoleName, (sectorSize: Cluster['sectorSize'], profile: Host['profile']) => readonly string[]>
> = {
  miner: () => ['lotus', 'lotus-miner'],
  p1: (sectorSize, { p1 }) => ['APx', 'P2', ...numbered('P1', p1?.tasks[sectorSize] ?? 0)],
  c2: (_, profile) => numbered('C2', c2Gpus(profile).length),
  apx: () => ['APx'],
};

const sourcesIn = ({ packageRoot, env, home }: World, typed: Typed): Sources => {
  const profiles = typed.get('--profiles');
  return {
    inventory: typed.get('--inventory') ?? DEFAULT_INVENTORY,
    ...(profiles !== undefined && { profiles }),
    packageRoot,
    env,
    home,
  };
};

const orNothing = <T>(read: () => readonly T[]): readonly T[] => {
  try {
    return read();
  } catch {
    return [];
  }
};
