import type { Cluster, Host } from '../inventory/cluster.ts';
import type { Render } from '../render/renderer.ts';
import type { Resource, Task } from '../resources/resource.ts';

/** What a role is worked out from: one host of a cluster, and the templates. */
export interface RoleContext {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly render: Render;
}

/** What a machine is for, as the ordered tasks that make it so. Pure; throws FcopsErrors for bad settings. */
export interface Role {
  /** Everything that a deploy puts in place. */
  readonly tasks: (context: RoleContext) => Task[];
  /** What `--start` adds at the end: its processes, in the handbook's order, each only where it does not run. */
  readonly startTasks: (context: RoleContext) => Task[];
}

/** Parts of a role that `--tags` selects. */
export const TAGS = [
  'checks',
  'data',
  'tuning',
  'packages',
  'time',
  'hostname',
  'hugepages',
  'worker',
  'profile',
  'scripts',
  'start',
] as const;
export type Tag = (typeof TAGS)[number];

export const task = (name: string, tags: readonly Tag[], resources: readonly Resource[]): Task => ({
  name,
  tags,
  resources,
});

/** The tasks that have something to do: a check that is off leaves none. */
export const nonEmpty = (tasks: readonly Task[]): Task[] =>
  tasks.filter(({ resources }) => resources.length > 0);
