import { posix } from 'node:path';
import { edit } from '../../core/next.ts';
import { FcopsError, type Problem } from '../../core/problem.ts';
import { type Profile, SECTOR_SIZES } from '../../core/profile.ts';
import type { Profiles } from '../../inventory/profiles.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { layouts } from '../../roles/roles.ts';
import type { Finding } from './finding.ts';
import { findings } from './finding.ts';

/** Hardware models of one's own that no host has, and what is wrong with their files and their layouts. */
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
      ...findings('layout', layoutProblems(profiles.get(name))),
      ...findings('profile-unused', [unused(posix.join(directory, `${name}.yaml`))]),
    ]);
};

/** Layouts that do not work out, for each role and sector size of which the model says something. */
const layoutProblems = (profile: Profile | undefined): readonly Problem[] => {
  if (!profile) return [];
  const { p1, c2 } = profile;
  const all = [
    { role: 'p1', sizes: SECTOR_SIZES.filter((size) => p1?.tasks[size] !== undefined) },
    { role: 'c2', sizes: c2 ? SECTOR_SIZES.slice(0, 1) : [] },
    { role: 'apx', sizes: SECTOR_SIZES.filter((size) => profile.apx?.maxSealing[size] !== undefined) },
  ] as const;
  return all.flatMap(({ role, sizes }) =>
    sizes.flatMap((size): readonly Problem[] => {
      try {
        layouts[role].solve(profile, size);
        return [];
      } catch (error) {
        if (!(error instanceof FcopsError)) throw error;
        return error.problems;
      }
    }),
  );
};

const unused = (file: string): Problem => ({
  kind: 'inventory',
  what: 'no host has this hardware model',
  where: { file, line: 1 },
  next: [edit('remove it, where no host is to have it')],
});
