import { runNames } from '../engine/runs/history.ts';
import { groupNames } from '../inventory/select.ts';
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
  };
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
