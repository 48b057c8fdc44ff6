import { posix } from 'node:path';
import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Profiles } from '../../inventory/profiles.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import type { Finding } from './finding.ts';
import { findings } from './finding.ts';

/** Hardware models of one's own that no host has, and what is wrong with their files. */
export const unusedProfiles = (
  directory: string,
  profiles: Profiles,
  files: readonly ReadCluster[],
): readonly Finding[] => {
  const used = new Set(files.flatMap(({ checking }) => checking.hosts.map(({ host }) => host.profile)));
  return profiles.names
    .filter((name) => !used.has(name))
    .flatMap((name) => [
      ...findings('profile-file', profiles.problems(name)),
      ...findings('profile-unused', [unused(posix.join(directory, `${name}.yaml`))]),
    ]);
};

const unused = (file: string): Problem => ({
  kind: 'inventory',
  what: 'no host has this hardware model',
  where: { file, line: 1 },
  next: [edit('remove it, where no host is to have it')],
});
