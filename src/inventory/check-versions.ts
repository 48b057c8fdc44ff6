import { DEFAULT_OS, parseOs } from '../core/distributions.ts';
import { edit, fcopsCommand } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { apxSection, type Profile } from '../core/profile.ts';
import { type Checking, foldHosts, type HostProblem, type ListedHost } from './checking.ts';
import type { RoleName } from './cluster.ts';
import { platformProblem } from './fits-platform.ts';
import type { Path } from './yaml-file.ts';

/** Keys of the programs' versions, those of the miner host first. */
export const VERSION_KEYS = ['lotus', 'miner', 'p1', 'c2', 'apx'] as const;
/** Key of a program's version. */
export type VersionKey = (typeof VERSION_KEYS)[number];

/** Programs of each role, by the key of their version. */
const PROGRAMS: Readonly<Record<RoleName, readonly VersionKey[]>> = {
  miner: ['lotus', 'miner'],
  p1: ['p1'],
  c2: ['c2'],
  apx: ['apx'],
};

/** The keys of the versions of a role's programs. */
export const keysOfRole = (role: RoleName): readonly VersionKey[] => PROGRAMS[role];

/** The archive of a version, `lotus-worker-1.11.1-3079a405a.tar.gz` (handbook 2.2.6.1). */
export const archiveName = (key: VersionKey, version: string): string => {
  const program = key === 'lotus' ? 'lotus' : key === 'miner' ? 'lotus-miner' : 'lotus-worker';
  return `${program}-${version}.tar.gz`;
};

/** A version that a host needs of a program. */
export interface Use {
  readonly listed: ListedHost;
  readonly key: VersionKey;
  readonly version: string | undefined;
  /** Path of the version: the host's own, or the cluster's. */
  readonly path: Path;
}

/** What the hosts of a file need, each program of each of its roles. */
export const versionUses = ({ cluster, hosts, isWritten }: Checking): readonly Use[] =>
  hosts.flatMap((listed) =>
    [...new Set(listed.roles.map(({ role }) => role))].flatMap((role) =>
      PROGRAMS[role].flatMap((key): readonly Use[] => {
        const ownPath = ['hosts', listed.index, 'versions', key];
        const isOwn = isWritten(ownPath);
        const path = isOwn ? ownPath : ['versions', key];
        const version = (isOwn ? listed.host.versions : cluster.versions)?.[key];
        // Written and wrong is told already.
        return version === undefined && isWritten(path) ? [] : [{ listed, key, version, path }];
      }),
    ),
  );

const noVersion = ({ listed, key }: Use, { valuePlace }: Checking): HostProblem => ({
  host: listed.name,
  problem: {
    kind: 'inventory',
    what: `\`versions.${key}\` is missing: the role ${listed.roles.find(({ role }) => PROGRAMS[role].includes(key))?.role} needs it`,
    where: valuePlace(['hosts', listed.index, 'roles']),
    next: [edit(`add \`${key}: <version>\` under \`versions\`, for example ${key}: 1.11.1-3079a405a`)],
  },
});

/** A profile without the role is told already, and then its vendor says nothing of the version. */
const isFor = (profile: Profile, key: VersionKey): boolean => {
  switch (key) {
    case 'p1':
      return profile.p1 !== undefined;
    case 'c2':
      return profile.c2 !== undefined;
    case 'apx':
      return apxSection(profile) !== undefined;
    default:
      return true;
  }
};

/** The matrix of handbook 1: a build runs only on the CPU vendor and distribution that it is made for. */
const wrongPlatform = (use: Use, checking: Checking): readonly HostProblem[] => {
  const { host, index, name } = use.listed;
  const profile = host.profile === undefined ? undefined : checking.profiles.get(host.profile);
  const stated = checking.isWritten(['hosts', index, 'os']) ? host.os : checking.cluster.os;
  const isWrong =
    stated === undefined && (checking.isWritten(['hosts', index, 'os']) || checking.isWritten(['os']));
  if (!profile || !isFor(profile, use.key) || use.version === undefined || isWrong) return [];
  const found = platformProblem({ profile, os: parseOs(stated ?? DEFAULT_OS) }, use.key, use.version);
  if (!found) return [];
  const own = use.path[0] === 'hosts';
  const where = checking.valuePlace(own ? use.path : ['hosts', index, 'profile']);
  return [{ host: name, problem: { ...found, where } }];
};

/** Archives that hosts would download without a sha256 to check them by, each once. */
const noChecksum = (all: readonly Use[], checking: Checking): readonly Problem[] => {
  // Without the section itself, that is told.
  if (!checking.isWritten(['artifacts', 'sha256'])) return [];
  const { miner } = checking.cluster;
  const ofMiner = miner === undefined ? [] : ['--miner', miner];
  const wanted = all.flatMap(({ key, version, path }) =>
    version === undefined ? [] : [{ archive: archiveName(key, version), path }],
  );
  return [...new Map(wanted.map((entry) => [entry.archive, entry])).values()]
    .filter(({ archive }) => !checking.isWritten(['artifacts', 'sha256', archive]))
    .map(({ archive, path }) => ({
      kind: 'inventory',
      what: `there is no sha256 for ${archive}`,
      where: checking.valuePlace(path),
      next: [
        fcopsCommand(
          ['artifacts', 'hash', archive, '--write', ...ofMiner],
          'have it read from the server and written here',
        ),
        edit(`or add what sha256sum prints as \`${archive}: <sha256>\` under \`artifacts.sha256\``),
      ],
    }));
};

/** What is wrong with the versions of a file, by what it is. */
export interface VersionProblems {
  /** Of roles without a version, or with one that is not built for the machine. */
  readonly versions: readonly Problem[];
  /** Of archives without a sha256. */
  readonly checksums: readonly Problem[];
}

/** Cross-checks of versions: given for each role, built for the machine, their archives' checksums known. */
export const checkVersions = (checking: Checking): VersionProblems => {
  const all = versionUses(checking);
  return {
    versions: [
      ...foldHosts(all.filter(({ version }) => version === undefined).map((use) => noVersion(use, checking))),
      ...foldHosts(all.flatMap((use) => wrongPlatform(use, checking))),
    ],
    checksums: noChecksum(all, checking),
  };
};
