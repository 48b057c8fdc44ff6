import type { Content } from '../core/content.ts';
import { edit, shellHere } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Cluster, RoleName } from '../inventory/cluster.ts';
import { archive } from '../resources/archive/archive.ts';
import { directory } from '../resources/directory/directory.ts';
import { file } from '../resources/file/file.ts';
import { link } from '../resources/link/link.ts';
import type { Resource, Task } from '../resources/resource.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';

export const WORKER_DIRECTORY = '/opt/lotusworker';
/** A directory for each role, and in it one for each version: the roles of a machine keep and remove their own. */
const VERSIONS = `${WORKER_DIRECTORY}/versions`;

/**
 * The worker program (handbook 2.2.6.1, 2.3.4.1): each version in a directory of its own, and a link at the
 * handbook's path that is switched over in one step. The version before stays, for the way back.
 */
export const workerTask = ({ cluster, host }: RoleContext, role: RoleName, path: string): Task => {
  const version = host.versions[role];
  if (version === undefined) {
    throw new FcopsError({
      kind: 'inventory',
      what: `no version of lotus-worker is set for role ${role}`,
      where: { file: cluster.file, host: host.name },
      next: [edit(`add ${role} to versions`)],
    });
  }
  const name = `lotus-worker-${version}.tar.gz`;
  const versions = `${VERSIONS}/${role}`;
  const directoryOfVersion = `${versions}/${version}`;
  return task(
    'lotus-worker',
    ['worker'],
    [
      directory({ path: WORKER_DIRECTORY }),
      directory({ path: VERSIONS }),
      directory({ path: versions }),
      archive({
        url: `${cluster.artifacts.url}/${name}`,
        sha256: sha256Of(cluster, name),
        directory: directoryOfVersion,
        keep: 1,
        links: [path],
        members: ['lotus-worker'],
        proxy: host.variables.proxy,
        ...credentialsOf(cluster),
      }),
      link({ path, target: `${directoryOfVersion}/lotus-worker` }),
    ],
  );
};

/**
 * Tasks that are for a program: where it could not be brought, they are left as they are with the one of before, so
 * that what is started by hand meanwhile has what belongs together.
 */
export const forProgram = (path: string, tasks: readonly Task[]): Task[] =>
  tasks.map((one) => ({
    ...one,
    resources: one.resources.map((resource) => ({
      ...resource,
      after: [...(resource.after ?? []), { type: 'path', path }],
    })),
  }));

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

/**
 * The variables that every worker process of a machine gets: how it reaches its miner, and what the inventory sets.
 * `values`: what else the template takes; `written`: variables that it writes by itself, which are not written twice.
 */
export const workerProfile = (
  { cluster, host, render }: RoleContext,
  template: string,
  values: Readonly<Record<string, string>>,
  written: readonly string[] = [],
): Content =>
  render(template, {
    token: cluster.api.token,
    api: cluster.api.address,
    environment: Object.entries(host.variables.environment)
      .filter(([name]) => !written.includes(name))
      .map(([name, value]) => ({ name, value })),
    ...values,
  });

/** The profile as a file: for root only. */
export const profileFile = (path: string, content: Content): Resource =>
  file({ path, mode: '0600', content });

/** A script that can be run. */
export const script = (path: string, content: Content): Resource => file({ path, mode: '0755', content });
