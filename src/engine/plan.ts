import * as z from 'zod';
import type { Digest } from '../core/content.ts';
import { nextSchema } from '../core/problem-schema.ts';
import { stepSchema } from '../resources/kinds.ts';
import type { Observation } from '../resources/look.ts';
import { atWorkSchema } from '../resources/process/at-work.ts';
import type { DiffContext, Provision, Resource, Task } from '../resources/resource.ts';
import { detailSchema, lineChangeSchema, textChangeSchema } from '../resources/resource.ts';

/** Changes when a plan of before could be read as something else now. */
export const HOST_PLAN_FORMAT = 'fcops-host-plan/1';

const named = {
  task: z.string().describe('Task of the role that declares the resource.'),
  kind: z.string().describe('Kind of the resource: file, link, packages …'),
  resource: z.string().describe('<kind>:<name>, unique on a host: file:/etc/hugepages.sh.'),
  title: z.string().describe('The resource as people read it: hugepages of 1 GiB.'),
};

const changeSchema = z.strictObject({
  action: z.enum(['create', 'update', 'remove', 'run']),
  details: z.array(detailSchema).readonly(),
  text: textChangeSchema.exactOptional(),
  lines: z.array(lineChangeSchema).readonly().exactOptional(),
  atWork: atWorkSchema.exactOptional(),
  steps: z.array(stepSchema).readonly(),
});

const violationSchema = z.strictObject({
  message: z.string(),
  next: z.array(nextSchema).readonly().exactOptional(),
  severity: z.enum(['enforce', 'start', 'warn']),
  processes: z.array(z.string()).readonly().exactOptional(),
});

const restartSchema = z.strictObject({
  process: z.string(),
  pid: z.int(),
  since: z.number(),
  reasons: z.array(z.string()).readonly(),
});

const idleSchema = z.strictObject({
  processes: z.array(z.string()).readonly(),
  next: z.array(nextSchema).readonly(),
});

/** What is not as it shall be. */
export const planItemSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('change'),
    ...named,
    change: changeSchema,
    after: z
      .array(z.string())
      .readonly()
      .exactOptional()
      .describe('Resources that change before it in the same run: where one of them fails, it is not begun.'),
  }),
  z.strictObject({ state: z.literal('unknown'), ...named, reason: z.string() }),
  z.strictObject({ state: z.literal('violated'), ...named, violation: violationSchema }),
  z.strictObject({ state: z.literal('reboot'), ...named, reason: z.string() }),
  z.strictObject({ state: z.literal('restart'), ...named, restart: restartSchema }),
  z.strictObject({ state: z.literal('idle'), ...named, idle: idleSchema }),
]);

/**
 * What one host would see done, in order, and what it owes: a value that can be written to JSON and read back,
 * and then does the same. Secrets stand in it by their names. Hosts that could not be looked at have no plan.
 */
export const hostPlanSchema = z.strictObject({
  format: z.literal(HOST_PLAN_FORMAT),
  host: z.string(),
  /** Everything that is not as it shall be. */
  items: z.array(planItemSchema).readonly(),
  /** How many resources are as they shall be. */
  same: z.int(),
});

export type HostPlan = Readonly<z.infer<typeof hostPlanSchema>>;
/** A resource that differs, with the task that declares it. */
export type PlanItem = HostPlan['items'][number];
export type ChangeItem = Extract<PlanItem, { state: 'change' }>;
export type ViolatedItem = Extract<PlanItem, { state: 'violated' }>;
export type RestartItem = Extract<PlanItem, { state: 'restart' }>;

/** Compares every resource with what was seen. Pure: the same observation gives the same plan. */
export const planHost = (
  host: string,
  tasks: readonly Task[],
  seen: Observation,
  digest: Digest,
  showReplaced = false,
): HostPlan => {
  const items: PlanItem[] = [];
  const provided: Provided = new Map();
  let same = 0;
  for (const task of tasks) {
    let before: string | null = null;
    for (const resource of task.resources) {
      const asked = new Set<string>();
      const pending = pendingFor(resource, provided, asked);
      const diff = resource.diff(seen, { pending, digest, showReplaced });
      if (diff.state === 'same') {
        same += 1;
        continue;
      }
      const { kind, id, title } = resource;
      const named = { task: task.name, kind, resource: id, title };
      if (diff.state !== 'change') {
        items.push({ ...named, ...diff });
        continue;
      }
      const after = new Set([
        ...(before === null || task.areApart === true ? [] : [before]),
        ...asked,
        ...neededBy(resource, provided),
      ]);
      items.push({ ...named, ...diff, ...(after.size > 0 && { after: [...after] }) });
      for (const one of resource.provides ?? []) provided.set(keyOf(one), id);
      before = id;
    }
  }
  return { format: HOST_PLAN_FORMAT, host, items, same };
};

/** What comes about in this run, and by which resource. */
type Provided = Map<string, string>;

/** Resources that change before it: what it says, and the directories that it is in. */
const neededBy = ({ after = [], provides = [] }: Resource, provided: Provided): string[] =>
  [...after, ...provides.flatMap((one) => (one.type === 'path' ? directoriesOf(one.path) : []))].flatMap(
    (one) => provided.get(keyOf(one)) ?? [],
  );

const directoriesOf = (path: string): Provision[] =>
  path
    .split('/')
    .slice(1, -1)
    .map((_, index, parts) => ({ type: 'path', path: `/${parts.slice(0, index + 1).join('/')}` }));

/** `asked`: gets those resources that change before it and that it has been told of. */
const pendingFor =
  ({ id, needs = [] }: Resource, provided: Provided, asked: Set<string>): DiffContext['pending'] =>
  (needed) => {
    const key = keyOf(needed);
    if (!needs.some((one) => keyOf(one) === key))
      throw new RangeError(`${id} asks for ${key}, and does not say that it needs it`);
    const by = provided.get(key);
    if (by !== undefined) asked.add(by);
    return by !== undefined;
  };

const keyOf = (provision: Provision): string => Object.values(provision).join(' ');

export const changesOf = (plan: HostPlan): ChangeItem[] =>
  plan.items.filter((item) => item.state === 'change');

/** What keeps a host from being changed: an enforced check that failed, or something that could not be seen. */
export const obstaclesOf = (plan: HostPlan): PlanItem[] =>
  plan.items.filter(
    (item) =>
      item.state === 'unknown' || (item.state === 'violated' && item.violation.severity === 'enforce'),
  );

/** What keeps processes that do not run from being started, with who they are. */
export const startObstaclesOf = (plan: HostPlan): ViolatedItem[] =>
  plan.items.filter(
    (item): item is ViolatedItem =>
      item.state === 'violated' &&
      item.violation.severity === 'start' &&
      (item.violation.processes ?? []).length > 0,
  );

export const rebootReasonsOf = (plan: HostPlan): string[] =>
  plan.items.flatMap((item) => (item.state === 'reboot' ? [item.reason] : []));

/** Processes that have to be started anew to have what is there now. */
export const restartsOf = (plan: HostPlan): RestartItem['restart'][] =>
  plan.items.flatMap((item) => (item.state === 'restart' ? [item.restart] : []));

/** What is told of failed checks that stop nothing. */
export const warningsOf = (plan: HostPlan): string[] =>
  plan.items.flatMap((item) =>
    item.state === 'violated' && item.violation.severity === 'warn' ? [item.violation.message] : [],
  );

/** The host's processes where none of them runs; empty where some do, or nobody looked for them. */
export const idleOf = (plan: HostPlan): readonly string[] =>
  plan.items.flatMap((item) => (item.state === 'idle' ? item.idle.processes : []));
