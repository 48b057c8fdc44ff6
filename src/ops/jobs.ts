import type { Facts } from '../core/facts.ts';
import type { HostJob } from '../engine/look.ts';
import type { Host } from '../inventory/cluster.ts';
import { knownFacts } from '../inventory/facts.ts';
import type { Task } from '../resources/resource.ts';
import type { Target } from '../transport/connection.ts';

/** A host and its role's tasks, ready for the engine. */
export interface JobOptions {
  readonly hosts: readonly Host[];
  /** The role's tasks for one host. */
  readonly tasksOf: (host: Host) => readonly Task[];
  /** How the host is reached, from its `ssh` section, ~/.ssh/config and the defaults. */
  readonly targetOf: (host: Host) => Target;
  /** Only tasks with one of these tags; all of them where it is empty. */
  readonly tags: readonly string[];
}

/**
 * The jobs of the hosts, in their order. The tasks of a host are worked out when its turn comes; those of the
 * first host at once, so that a mistake that concerns all (a template, a version) is told before anything
 * connects.
 */
export const hostJobs = ({ hosts, tasksOf, targetOf, tags }: JobOptions): HostJob[] => {
  const [first] = hosts;
  const tasksOfFirst = first && tasksOf(first);
  return hosts.map((host) => ({
    target: targetOf(host),
    tasks: () => ((host === first && tasksOfFirst) || tasksOf(host)).filter(withTags(tags)),
    ...(host.facts && { factsOf: (observed: Facts) => knownFacts(host, observed) }),
  }));
};

/** Whether `--tags` selects a task; no tags select all. */
export const withTags =
  (tags: readonly string[]) =>
  (task: Task): boolean =>
    tags.length === 0 || task.tags.some((tag) => tags.includes(tag));
