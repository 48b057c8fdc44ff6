import type { Content } from '../core/content.ts';
import type { Host, RoleName } from '../inventory/cluster.ts';
import { file } from '../resources/file/file.ts';
import type { Resource, Task } from '../resources/resource.ts';
import { programTask } from './program.ts';
import type { RoleContext } from './role.ts';

export const WORKER_DIRECTORY = '/opt/lotusworker';
/** A directory for each role, and in it one for each version: the roles of a machine keep and remove their own. */
const VERSIONS = `${WORKER_DIRECTORY}/versions`;

/** The worker program of a role (handbook 2.2.6.1, 2.3.4.1). */
export const workerTask = (context: RoleContext, role: RoleName, path: string): Task =>
  programTask(context, {
    role,
    version: role,
    program: 'lotus-worker',
    tags: ['worker'],
    directories: [WORKER_DIRECTORY, VERSIONS],
    versions: `${VERSIONS}/${role}`,
    path,
  });

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

/** What a start script keeps of the logs that it has put aside (templates/partials/bound_logs.sh.hbs). */
export const logLimits = ({
  variables: { logFiles, logDays },
}: Host): { readonly logFiles: number; readonly logDays: number } => ({ logFiles, logDays });

/** A script that can be run. */
export const script = (path: string, content: Content): Resource => file({ path, mode: '0755', content });
