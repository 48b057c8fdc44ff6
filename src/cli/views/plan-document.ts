import * as z from 'zod';
import type { Size } from '../../engine/batches.ts';
import type { PlanItem } from '../../engine/plan.ts';
import { changesOf, obstaclesOf } from '../../engine/plan.ts';
import { forecastStarts } from '../../ops/pace/forecast.ts';
import type { StartRate } from '../../ops/pace/schedule.ts';
import { startingOf } from '../../ops/pace/starts.ts';
import type { PlannedHost } from '../../ops/travellers.ts';
import { atWorkSchema } from '../../resources/process/at-work.ts';
import { detailSchema, lineChangeSchema, textChangeSchema } from '../../resources/resource.ts';
import type { AddressBook } from '../text/addresses.ts';
import { addressesAt } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { addressesShape } from './addresses-shape.ts';
import { commandsSchema, problemDocument, problemDocumentSchema } from './problem-document.ts';
import type { Findings } from './verdict.ts';
import { planFindings, verdictOf, verdictSchema } from './verdict.ts';

/** Changes when the meaning of a key does; a new key does not change it. */
export const PLAN_FORMAT = 'fcops-plan/1';

export const named = {
  task: z.string().describe('Task of the role that declares the resource.'),
  kind: z.string().describe('Kind of the resource: file, link, packages …'),
  resource: z.string().describe('<kind>:<name>, unique on a host: file:/etc/hugepages.sh.'),
  title: z.string().describe('The resource as people read it: hugepages of 1 GiB.'),
};

const itemSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('change').describe('It differs, and a deploy would change it.'),
    ...named,
    action: z.enum(['create', 'update', 'remove', 'run']),
    details: z.array(detailSchema),
    text: textChangeSchema.exactOptional(),
    lines: z
      .array(lineChangeSchema)
      .exactOptional()
      .describe('Of a file that others write too: the lines that change, and no others.'),
    drift: z
      .enum(['changed', 'unknown'])
      .exactOptional()
      .describe(
        'With --only-drift. changed: somebody has changed it on the host since fcops left it. unknown: nobody can tell.',
      ),
    atWork: atWorkSchema
      .exactOptional()
      .describe(
        'Of a process that is stopped: tasks of sectors that end with it; unknown: the miner does not tell, so it may be at any.',
      ),
  }),
  z.strictObject({
    state: z.literal('unknown').describe('It could not be seen. Nothing is changed on such a host.'),
    ...named,
    reason: z.string(),
  }),
  z.strictObject({
    state: z.literal('violated').describe('A requirement that fcops does not change by itself is not met.'),
    ...named,
    severity: z
      .enum(['enforce', 'start', 'warn'])
      .describe(
        'enforce: nothing is changed on such a host. start: the processes that stand on it are not started.',
      ),
    message: z.string(),
    processes: z
      .array(z.string())
      .exactOptional()
      .describe('For start: those that do not run and wait for it.'),
    next: z.string().exactOptional(),
    commands: commandsSchema.exactOptional(),
  }),
  z.strictObject({
    state: z.literal('reboot').describe('All is written, but takes effect only after a reboot.'),
    ...named,
    reason: z.string(),
  }),
  z.strictObject({
    state: z.literal('restart').describe('A process runs with something older than what is there.'),
    ...named,
    process: z.string().describe('P1-3'),
    pid: z.int(),
    since: z.number().describe("Seconds since 1970, by the host's clock."),
    reasons: z.array(z.string()),
  }),
  z.strictObject({
    state: z
      .literal('idle')
      .describe("None of the host's processes runs. It stops nothing, and is no change."),
    ...named,
    processes: z.array(z.string()).describe('P1-3, in the order in which they are started.'),
    next: z.string(),
    commands: commandsSchema.exactOptional(),
  }),
]);

/** What one host would see done, as programs read it. */
export const hostPlanDocumentSchema = z.strictObject({
  host: z.string(),
  ...addressesShape,
  state: z
    .enum(['same', 'changes', 'blocked', 'unreachable'])
    .describe('same: nothing to do. blocked: a check failed or something could not be seen.'),
  same: z.int().describe('Resources that are as required.'),
  items: z.array(itemSchema).describe('What is not as required, in the order of the tasks.'),
  problems: z.array(problemDocumentSchema).describe('Why there is no plan, for a host that has none.'),
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
  waiting: z.int().describe('Hosts with processes that may not be started yet.'),
  reboot: z.int().describe('Hosts that have to be rebooted.'),
  restart: z.int().describe('Processes that have to be started anew.'),
  idle: z.int().describe('Hosts of whose processes none runs.'),
});

/** The documented form of a plan. Holds no step of the apply, and no secret. */
export const planDocumentSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  miner: z.string(),
  role: z.string(),
  hosts: z.array(hostPlanDocumentSchema).describe('In the order of the inventory.'),
  counts: countsSchema,
  starts: z
    .strictObject({
      hosts: z.int(),
      processes: z.int(),
      perMinute: z.int().describe('startRate of the cluster: over all hosts.'),
      seconds: z.number().describe('From the first start to the last, where nothing goes wrong.'),
    })
    .exactOptional()
    .describe(
      'What would be started that registers at the miner, and how long that takes; left out: nothing.',
    ),
  verdict: verdictSchema,
});

export type PlanDocument = z.infer<typeof planDocumentSchema>;
export type DocumentHost = z.infer<typeof hostPlanDocumentSchema>;
export type DocumentItem = z.infer<typeof itemSchema>;
export type DocumentChange = Extract<DocumentItem, { state: 'change' }>;
type Counts = z.infer<typeof countsSchema>;

/** What a plan is about, and how it is put into words. */
export interface PlanSubject {
  readonly miner: string;
  readonly role: string;
  readonly addresses: AddressBook;
  readonly words: Words;
  /** How fast processes are started, and in which batches; left out: nobody asks. */
  readonly pace?: StartRate & { readonly batches: readonly Size[] };
}

/** The plan of all hosts as the value that is printed, in JSON or as text. */
export const planDocument = (subject: PlanSubject, planned: readonly PlannedHost[]): PlanDocument => {
  const hosts = planned.map((host) => hostPlanDocument(host, subject));
  const { miner, role, pace } = subject;
  const counts = countsOf(hosts);
  const starting = planned.flatMap((one) => (one.state === 'planned' && startingOf(one.plan)) || []);
  const starts = pace && starting.length > 0 && { starts: forecastStarts(starting, pace, pace.batches) };
  const verdict = verdictOf(findingsOf({ hosts, counts }));
  return { format: PLAN_FORMAT, miner, role, hosts, counts, ...starts, verdict };
};

/** What a plan found, for the exit code. */
export const findingsOf = ({ hosts, counts }: Pick<PlanDocument, 'hosts' | 'counts'>): Findings =>
  planFindings(counts, hosts.filter(isUnseen).length);

/** Whether nobody can tell what is to be done on a host that is blocked, though it can be reached. */
const isUnseen = ({ state, items }: DocumentHost): boolean =>
  state === 'blocked' && (items.length === 0 || items.some((item) => item.state === 'unknown'));

/** The plan of one host in its documented form. */
export const hostPlanDocument = (
  planned: PlannedHost,
  { addresses, words }: Pick<PlanSubject, 'addresses' | 'words'>,
): DocumentHost => {
  if (planned.state === 'ended') {
    const { host, state, same, problems } = planned.result;
    return {
      host,
      ...addressesAt(addresses, host),
      state: state === 'unreachable' ? 'unreachable' : 'blocked',
      same,
      items: [],
      problems: problems.map((problem) => problemDocument(problem, words)),
    };
  }
  const { plan } = planned;
  const state = obstaclesOf(plan).length > 0 ? 'blocked' : changesOf(plan).length > 0 ? 'changes' : 'same';
  return {
    host: plan.host,
    ...addressesAt(addresses, plan.host),
    state,
    same: plan.same,
    items: plan.items.map((item) => {
      const shown = documentItem(item, words);
      const drift = planned.drift?.states.get(item.resource);
      return shown.state === 'change' && drift ? { ...shown, drift } : shown;
    }),
    problems: [],
  };
};

/** Without the steps: they are for hosts, and say nothing more to a reader. */
export const documentItem = (item: PlanItem, words: Words): DocumentItem => {
  const { task, kind, resource, title } = item;
  const about = { task, kind, resource, title };
  switch (item.state) {
    case 'change': {
      const { action, details, text, lines, atWork } = item.change;
      return {
        state: 'change',
        ...about,
        action,
        details: [...details],
        ...(text && { text }),
        ...(lines && { lines: [...lines] }),
        ...(atWork && { atWork }),
      };
    }
    case 'violated': {
      const { severity, message, processes } = item.violation;
      return {
        state: 'violated',
        ...about,
        severity,
        message,
        ...(processes !== undefined && { processes: [...processes] }),
        ...adviceOf(item.violation.next, words),
      };
    }
    case 'restart': {
      const { process, pid, since, reasons } = item.restart;
      return { state: 'restart', ...about, process, pid, since, reasons: [...reasons] };
    }
    case 'idle': {
      const { processes, next } = item.idle;
      return { state: 'idle', ...about, processes: [...processes], next: '', ...adviceOf(next, words) };
    }
    case 'unknown':
    case 'reboot':
      return { state: item.state, ...about, reason: item.reason };
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
    waiting: hosts.filter((host) =>
      host.items.some((item) => item.state === 'violated' && (item.processes ?? []).length > 0),
    ).length,
    reboot: hosts.filter((host) => host.items.some((item) => item.state === 'reboot')).length,
    restart: some((item) => item.state === 'restart'),
    idle: hosts.filter((host) => host.items.some((item) => item.state === 'idle')).length,
  };
};
