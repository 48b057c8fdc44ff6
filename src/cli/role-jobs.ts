import { FcopsError } from '../core/errors.ts';
import { didYouMean } from '../core/suggest.ts';
import type { HostJob } from '../engine/look.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { nodeFiles } from '../inventory/files.ts';
import { selectHosts } from '../inventory/select.ts';
import { hostJobs } from '../ops/jobs.ts';
import { loadTemplates } from '../render/load.ts';
import { createRenderer } from '../render/renderer.ts';
import type { Task } from '../resources/resource.ts';
import { TAGS } from '../roles/role.ts';
import type { DeployableRole } from '../roles/roles.ts';
import { isDeployable, roles } from '../roles/roles.ts';
import { chosenCluster, requireSecrets } from './clusters.ts';
import type { ClusterOptions, RunOptions } from './options.ts';
import type { Session } from './session.ts';
import { targets } from './targets.ts';

/** The hosts of a cluster that a role's command is for, and what each is to be. */
export interface RoleWork {
  readonly role: DeployableRole;
  readonly cluster: Cluster;
  readonly hosts: readonly Host[];
  readonly addresses: ReadonlyMap<string, string>;
  readonly tasksOf: (host: Host) => readonly Task[];
  /** Tasks that have been worked out so far, by host and name. */
  readonly tasksSoFar: ReadonlyMap<string, ReadonlyMap<string, TaskOutline>>;
}

/** What is remembered of a task when it is let go. */
export interface TaskOutline {
  readonly tags: readonly string[];
  readonly resources: number;
}

/**
 * Works out what a command is about. Throws for an unknown role, cluster or host. A secret that is missing is
 * an error when somebody needs it; with `secrets` at once, whoever needs it.
 */
export const roleWork = async (
  session: Session,
  roleName: string,
  options: ClusterOptions & { readonly start?: boolean },
  { secrets }: { readonly secrets: boolean },
): Promise<RoleWork> => {
  const role = deployableRole(roleName);
  const cluster = chosenCluster(session, options.miner);
  const hosts = selectHosts(cluster, {
    role,
    ...(options.limit !== undefined && { limit: options.limit }),
  });
  if (secrets) requireSecrets(cluster);
  const templates = loadTemplates(
    nodeFiles,
    `${session.world.packageRoot}/templates`,
    session.options.templates,
  );
  const render = await createRenderer(templates);
  const tasksSoFar = new Map<string, ReadonlyMap<string, TaskOutline>>();
  return {
    role,
    cluster,
    hosts,
    addresses: new Map(hosts.map(({ name, address }) => [name, address])),
    tasksOf: (host) => {
      const context = { cluster, host, render };
      const { tasks, startTasks } = roles[role];
      const all = [...tasks(context), ...(options.start ? startTasks(context) : [])];
      tasksSoFar.set(host.name, outlinesOf(all));
      return all;
    },
    tasksSoFar,
  };
};

const outlinesOf = (tasks: readonly Task[]): ReadonlyMap<string, TaskOutline> =>
  new Map(tasks.map(({ name, tags, resources }) => [name, { tags, resources: resources.length }]));

/** The work as jobs for the engine. Throws where `--tags` names a tag that no task has. */
export const jobsOf = (
  { world }: Session,
  { hosts, tasksOf }: RoleWork,
  { tags }: RunOptions,
): readonly HostJob[] => {
  checkTags(tags);
  return hostJobs({ hosts, tasksOf, targetOf: targets(world), tags });
};

/** A tag that no task has is a slip of the keyboard: it would leave things out without a word. */
export const checkTags = (tags: readonly string[]): void => {
  const known: readonly string[] = TAGS;
  const unknown = tags.filter((tag) => !known.includes(tag));
  if (unknown.length === 0) return;
  throw new FcopsError(
    unknown.map((tag) => ({ what: `--tags: no task has the tag "${tag}"`, next: didYouMean(tag, known) })),
  );
};

/** The role of that name; an FcopsError where there is none to deploy. */
export const deployableRole = (name: string): DeployableRole => {
  if (isDeployable(name)) return name;
  throw new FcopsError({
    what: `"${name}" is no role that can be deployed`,
    next: didYouMean(name, Object.keys(roles)),
  });
};
