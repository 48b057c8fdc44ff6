import type { Cluster, Host } from '../inventory/cluster.ts';
import type { Render } from '../render/renderer.ts';
import type { Process } from '../resources/process/process.ts';
import type { Resource, Task } from '../resources/resource.ts';

/** What a role is worked out from: one host of a cluster, and the templates. */
export interface RoleContext {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly render: Render;
}

/** What a machine is for. Pure; throws FcopsErrors for bad settings. */
export interface Role {
  /** Everything that a deploy puts in place, in order. */
  readonly tasks: (context: RoleContext) => Task[];
  /** What it runs, in the order in which the handbook starts it. */
  readonly processes: (context: RoleContext) => readonly Process[];
}

/** Parts of a role that `--tags` selects. */
export const TAGS = [
  'checks',
  'data',
  'tuning',
  'packages',
  'time',
  'hostname',
  'storage',
  'hugepages',
  'worker',
  'lotus',
  'profile',
  'config',
  'scripts',
  'pledge',
  'backup',
  'start',
  'stamp',
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
