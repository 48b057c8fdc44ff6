import { edit, shellHere } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Cluster, Host, RoleName } from '../inventory/cluster.ts';
import { archive } from '../resources/archive/archive.ts';
import { directory } from '../resources/directory/directory.ts';
import { link } from '../resources/link/link.ts';
import type { Task } from '../resources/resource.ts';
import type { RoleContext, Tag } from './role.ts';
import { task } from './role.ts';

/** A program of a role. */
export interface ProgramSpec {
  readonly role: RoleName;
  /** Key of its version. */
  readonly version: keyof Host['versions'];
  /** `lotus-miner`: what its archive and the file in it are called. */
  readonly program: string;
  readonly tags: readonly Tag[];
  /** Those that `versions` is in, the first first. */
  readonly directories: readonly string[];
  /** A directory that holds nothing but versions of it. */
  readonly versions: string;
  /** Where it is started from: a link into its version. */
  readonly path: string;
}

/**
 * A program: each version in a directory of its own, and a link that is switched over in one step. The version before
 * stays, for the way back.
 */
export const programTask = (
  { cluster, host }: RoleContext,
  { role, version: key, program, tags, directories, versions, path }: ProgramSpec,
): Task => {
  const version = host.versions[key];
  if (version === undefined) {
    throw new FcopsError({
      kind: 'inventory',
      what: `no version of ${program} is set for role ${role}`,
      where: { file: cluster.file, host: host.name },
      next: [edit(`add ${key} to versions`)],
    });
  }
  const name = `${program}-${version}.tar.gz`;
  const directoryOfVersion = `${versions}/${version}`;
  return task(program, tags, [
    ...[...directories, versions].map((one) => directory({ path: one })),
    archive({
      url: `${cluster.artifacts.url}/${name}`,
      sha256: sha256Of(cluster, name),
      directory: directoryOfVersion,
      keep: 1,
      links: [path],
      members: [program],
      proxy: host.variables.proxy,
      ...credentialsOf(cluster),
    }),
    link({ path, target: `${directoryOfVersion}/${program}` }),
  ]);
};

/**
 * The version that a path of a program stands for: `…/versions/p1/1.11.1-3079a405a/lotus-worker`; null where it lies
 * elsewhere.
 */
export const versionAt = (path: string): string | null =>
  /\/versions\/[^/]+\/([^/]+)\/[^/]+$/.exec(path)?.[1] ?? null;

/** The version that the inventory wants of a program of a role. */
export const wantedVersion = (
  { versions }: Pick<Host, 'versions'>,
  role: RoleName,
  program: string,
): string | null => versions[role === 'miner' && /\/lotus$/.test(program) ? 'lotus' : role] ?? null;

const sha256Of = (cluster: Cluster, name: string): string => {
  const sum = cluster.artifacts.sha256[name];
  if (sum !== undefined) return sum;
  throw new FcopsError({
    kind: 'inventory',
    what: `artifacts.sha256 has no checksum of ${name}`,
    where: { file: cluster.file },
    why: 'a program is installed only where its checksum is known beforehand',
    next: [shellHere(`sha256sum ${name}`, 'add it')],
  });
};

const credentialsOf = ({ artifacts: { user, password } }: Cluster) =>
  user === undefined || password === undefined ? {} : { credentials: { user, password: password.name } };
