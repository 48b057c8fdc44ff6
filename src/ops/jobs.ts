import type { HostJob } from '../engine/look.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import type { Task } from '../resources/resource.ts';
import type { Target } from '../transport/connection.ts';

/** A host and its role's tasks, ready for the engine. */
export interface JobOptions {
  readonly cluster: Cluster;
  readonly hosts: readonly Host[];
  /** The role's tasks for one host. */
  readonly tasksOf: (host: Host) => readonly Task[];
  /** How the host is reached, from its `ssh` section, ~/.ssh/config and the defaults. */
  readonly targetOf: (host: Host) => Target;
  /** Only tasks with one of these tags; all of them where it is empty. */
  readonly tags: readonly string[];
}

export const hostJobs = ({ hosts, tasksOf, targetOf, tags }: JobOptions): HostJob[] =>
  hosts.map((host) => ({
    target: targetOf(host),
    tasks: tasksOf(host).filter((task) => tags.length === 0 || task.tags.some((tag) => tags.includes(tag))),
  }));
