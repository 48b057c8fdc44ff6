import * as z from 'zod';
import type { PlanItem } from '../../engine/plan.ts';
import { changesOf, obstaclesOf } from '../../engine/plan.ts';
import type { PlannedHost } from '../../ops/deploy.ts';
import { copyProblem } from './problem-text.ts';

/** Changes when the meaning of a key does; a new key does not change it. */
export const PLAN_FORMAT = 'fcops-plan/1';

export const problemSchema = z.strictObject({
  what: z.string(),
  where: z
    .strictObject({
      host: z.string().exactOptional(),
      task: z.string().exactOptional(),
      file: z.string().exactOptional(),
      line: z.int().exactOptional().describe('From 1.'),
      column: z.int().exactOptional().describe('From 1.'),
    })
    .exactOptional(),
  why: z.string().exactOptional(),
  next: z.string().exactOptional().describe('What to do about it.'),
});

const detailSchema = z.strictObject({
  name: z.string().describe('What differs: mode, owner, version, target …'),
  before: z.string().nullable().describe('Null: there is nothing yet.'),
  after: z.string().nullable().describe('Null: nothing is wanted there.'),
});

const textSchema = z.strictObject({
  before: z.string().nullable().describe('Present text, secrets masked; null: no file, or not known.'),
  after: z.string().describe('Wanted text, secrets masked.'),
  reason: z.string().exactOptional().describe('Why the present text is not known.'),
});

const named = {
  task: z.string().describe('Task of the role that declares the resource.'),
  resource: z.string().describe('<kind>:<name>, unique on a host: file:/etc/hugepages.sh.'),
};

const itemSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('change').describe('It differs, and a deploy would change it.'),
    ...named,
    action: z.enum(['create', 'update', 'remove', 'run']),
    details: z.array(detailSchema),
    text: textSchema.exactOptional(),
  }),
  z.strictObject({
    state: z.literal('unknown').describe('It could not be seen. Nothing is changed on such a host.'),
    ...named,
    reason: z.string(),
  }),
  z.strictObject({
    state: z.literal('violated').describe('A requirement that fcops does not change by itself is not met.'),
    ...named,
    severity: z.enum(['enforce', 'warn']).describe('enforce: nothing is changed on such a host.'),
    message: z.string(),
    next: z.string().exactOptional(),
  }),
  z.strictObject({
    state: z.literal('reboot').describe('All is written, but takes effect only after a reboot.'),
    ...named,
    reason: z.string(),
  }),
]);

export const hostPlanSchema = z.strictObject({
  host: z.string(),
  address: z.string(),
  state: z
    .enum(['same', 'changes', 'blocked', 'unreachable'])
    .describe('same: nothing to do. blocked: a check failed or something could not be seen.'),
  same: z.int().describe('Resources that are as required.'),
  items: z.array(itemSchema).describe('What is not as required, in the order of the tasks.'),
  problems: z.array(problemSchema).describe('Why there is no plan, for a host that has none.'),
});

const countsSchema = z.strictObject({
  hosts: z.int(),
  changing: z.int().describe('Hosts that a deploy would change.'),
  same: z.int().describe('Hosts where there is nothing to do.'),
  blocked: z.int().describe('Hosts that a deploy would not touch.'),
  unreachable: z.int(),
  create: z
    .int()
    .describe('Like update, remove and run: only what a deploy would do; nothing on blocked hosts.'),
  update: z.int(),
  remove: z.int(),
  run: z.int(),
  unknown: z.int(),
  violated: z.int(),
  warnings: z.int().describe('Failed checks that do not stop a host.'),
  reboot: z.int().describe('Hosts that have to be rebooted.'),
});

/** The documented form of a plan. Holds no step of the apply, and no secret. */
export const planDocumentSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  miner: z.string(),
  role: z.string(),
  hosts: z.array(hostPlanSchema).describe('In the order of the inventory.'),
  counts: countsSchema,
});

export type PlanDocument = z.infer<typeof planDocumentSchema>;
export type DocumentHost = z.infer<typeof hostPlanSchema>;
export type DocumentItem = z.infer<typeof itemSchema>;
export type DocumentChange = Extract<DocumentItem, { state: 'change' }>;
type Counts = z.infer<typeof countsSchema>;

export interface PlanSubject {
  readonly miner: string;
  readonly role: string;
  /** Address by host name. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The plan of all hosts as the value that is printed, in JSON or as text. */
export const planDocument = (subject: PlanSubject, planned: readonly PlannedHost[]): PlanDocument => {
  const hosts = planned.map((host) => documentHost(host, subject.addresses));
  const { miner, role } = subject;
  return { format: PLAN_FORMAT, miner, role, hosts, counts: countsOf(hosts) };
};

export const documentHost = (planned: PlannedHost, addresses: ReadonlyMap<string, string>): DocumentHost => {
  if (planned.state === 'ended') {
    const { host, state, same, problems } = planned.result;
    return {
      host,
      address: addresses.get(host) ?? '',
      state: state === 'unreachable' ? 'unreachable' : 'blocked',
      same,
      items: [],
      problems: problems.map(copyProblem),
    };
  }
  const { plan } = planned;
  const state = obstaclesOf(plan).length > 0 ? 'blocked' : changesOf(plan).length > 0 ? 'changes' : 'same';
  return {
    host: plan.host,
    address: addresses.get(plan.host) ?? '',
    state,
    same: plan.same,
    items: plan.items.map(documentItem),
    problems: [],
  };
};

/** Without the step, which may hold secrets. */
const documentItem = (item: PlanItem): DocumentItem => {
  const { task, resource } = item;
  switch (item.state) {
    case 'change': {
      const { action, details, text } = item.change;
      const copies = details.map((detail) => ({ ...detail }));
      return { state: 'change', task, resource, action, details: copies, ...(text && { text: { ...text } }) };
    }
    case 'violated': {
      const { severity, message, next } = item.violation;
      return { state: 'violated', task, resource, severity, message, ...(next !== undefined && { next }) };
    }
    case 'unknown':
    case 'reboot':
      return { state: item.state, task, resource, reason: item.reason };
  }
};

const countsOf = (hosts: readonly DocumentHost[]): Counts => {
  const inState = (state: DocumentHost['state']) => hosts.filter((host) => host.state === state).length;
  const items = hosts.flatMap((host) => host.items);
  const some = (test: (item: DocumentItem) => boolean) => items.filter(test).length;
  const done = hosts.flatMap((host) => (host.state === 'changes' ? host.items : []));
  const doing = (action: DocumentChange['action']) =>
    done.filter((item) => item.state === 'change' && item.action === action).length;
  return {
    hosts: hosts.length,
    changing: inState('changes'),
    same: inState('same'),
    blocked: inState('blocked'),
    unreachable: inState('unreachable'),
    create: doing('create'),
    update: doing('update'),
    remove: doing('remove'),
    run: doing('run'),
    unknown: some((item) => item.state === 'unknown'),
    violated: some((item) => item.state === 'violated' && item.severity === 'enforce'),
    warnings: some((item) => item.state === 'violated' && item.severity === 'warn'),
    reboot: hosts.filter((host) => host.items.some((item) => item.state === 'reboot')).length,
  };
};
