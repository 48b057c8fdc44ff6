import * as z from 'zod';
import type { DiffGroup, PlanDiff } from '../../ops/plan-diff/plan-diff.ts';
import { detailSchema, lineChangeSchema, textChangeSchema } from '../../resources/resource.ts';
import { addressesIn } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { addressesShape } from './addresses-shape.ts';
import type { DocumentItem } from './plan-document.ts';
import { documentItem, named } from './plan-document.ts';
import { commandsSchema, problemDocument, problemDocumentSchema } from './problem-document.ts';
import type { Verdict } from './verdict.ts';
import { verdictSchema } from './verdict.ts';

/** Changes when the meaning of a key does; a new key does not change it. */
export const PLAN_DIFF_FORMAT = 'fcops-plan-diff/1';

const own = z
  .literal(true)
  .exactOptional()
  .describe('The name or the address of its host stands in it: as the first host of the group has it.');

const itemSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('change').describe('A deploy would change it on a host that is as the revision says.'),
    ...named,
    own,
    action: z.enum(['create', 'update', 'remove', 'run']),
    details: z.array(detailSchema),
    text: textChangeSchema
      .exactOptional()
      .describe('The text of then and of now. A secret stands in it by its name: <env F0494733_TOKEN>.'),
    lines: z
      .array(lineChangeSchema)
      .exactOptional()
      .describe('Lines of a file that others write too; their place there is not known: 0.'),
  }),
  z.strictObject({
    state: z.literal('unknown').describe('It follows from the machine, of which that is known nowhere here.'),
    ...named,
    own,
    reason: z.string(),
  }),
  z.strictObject({
    state: z.literal('violated').describe('The machine, by its saved facts, is not as is now required.'),
    ...named,
    own,
    severity: z.enum(['enforce', 'start', 'warn']),
    message: z.string(),
    next: z.string().exactOptional(),
    commands: commandsSchema.exactOptional(),
  }),
  z.strictObject({
    state: z.literal('reboot').describe('It takes effect only after a reboot.'),
    ...named,
    own,
    reason: z.string(),
  }),
  z.strictObject({
    state: z.literal('restart').describe('A process, where it runs, has to be started anew to have it.'),
    ...named,
    own,
    process: z.string().describe('P1-3'),
    reasons: z.array(z.string()),
  }),
]);

const hostSchema = z.strictObject({
  host: z.string(),
  ...addressesShape,
  was: z
    .strictObject({ host: z.string(), address: z.string(), miner: z.string() })
    .exactOptional()
    .describe('The same machine before, where its name, address or miner was another one.'),
});

const groupSchema = z.strictObject({
  miner: z.string(),
  hosts: z
    .array(hostSchema)
    .describe('Hosts that have the same changes, each with its own name and address.'),
  state: z
    .enum(['same', 'changes', 'unknown', 'new', 'gone', 'failed', 'unread'])
    .describe(
      'same: nothing changes, and it is listed for what it was called before; the others are only counted. unknown: nothing is known to change, and something may. new: everything is put on them. gone: no longer in the ' +
        'inventory, or of another role; nothing is done to them. failed: what they are to be cannot be worked out. unread: what changes is not known, as the revision has a ' +
        'mistake; no hosts where the cluster is gone.',
    ),
  items: z.array(itemSchema).describe('What changes on each of them, in the order of the tasks.'),
  left: z
    .array(z.string())
    .describe('What fcops kept as it was to be and no longer does: it stays on the host.'),
  added: z.array(z.string()).describe('Processes that are to run from now on.'),
  resources: z
    .array(z.strictObject({ kind: z.string(), count: z.int() }))
    .describe('Of new hosts: what is put on each.'),
  problems: z.array(problemDocumentSchema),
});

const countsSchema = z.strictObject({
  hosts: z.int(),
  changing: z.int(),
  same: z.int(),
  unknown: z.int().describe('Hosts of which nothing is known to change, and something may.'),
  new: z.int(),
  gone: z.int(),
  failed: z.int(),
  unread: z.int().describe('Hosts of which it is not known what changes, as the revision has a mistake.'),
  unreadClusters: z.int().describe('Clusters that are gone, of which it is not known either.'),
  create: z.int().describe('Like update, remove and run: over all hosts that are not new.'),
  update: z.int(),
  remove: z.int(),
  run: z.int(),
  violated: z.int().describe('Requirements that machines do not meet, by their saved facts.'),
  reboot: z.int().describe('Hosts that have to be rebooted for it.'),
  restart: z.int().describe('Processes that have to be started anew for it, where they run.'),
  added: z.int().describe('Processes that are to run from now on.'),
});

/** The documented form of a comparison. Holds no secret. */
export const planDiffDocumentSchema = z.strictObject({
  format: z.literal(PLAN_DIFF_FORMAT),
  role: z.string(),
  base: z.strictObject({ revision: z.string(), commit: z.string() }),
  groups: z.array(groupSchema).describe('In the order of the inventory.'),
  secrets: z
    .array(
      z.strictObject({
        miner: z.string(),
        key: z.string().describe('artifacts.password'),
        before: z.string().nullable().describe('env F0494733_TOKEN; null: there was none.'),
        after: z.string().nullable(),
      }),
    )
    .describe('Secrets that are taken from elsewhere than before.'),
  missing: z
    .array(z.string())
    .describe(
      'Directories of --profiles and --templates that the revision has not: the shipped ones counted then.',
    ),
  counts: countsSchema,
  verdict: verdictSchema,
});

export type PlanDiffDocument = z.infer<typeof planDiffDocumentSchema>;
export type DiffGroupDocument = PlanDiffDocument['groups'][number];
export type DiffItemDocument = DiffGroupDocument['items'][number];
type Counts = PlanDiffDocument['counts'];

/** A comparison as the value that is printed in every form. */
export const planDiffDocument = (
  { role, revision, groups: found, secrets, missing }: PlanDiff,
  words: Words,
): PlanDiffDocument => {
  const groups = found.map((group) => groupDocument(group, words));
  const counts = countsOf(groups);
  return {
    format: PLAN_DIFF_FORMAT,
    role,
    base: { revision: revision.name, commit: revision.commit },
    groups,
    secrets: secrets.map((change) => ({ ...change })),
    missing: [...missing],
    counts,
    verdict: verdictOf(counts, secrets.length),
  };
};

/** As programs read it: of hosts where nothing changes those that are another by name, and the number of all. */
export const withoutSame = (document: PlanDiffDocument): PlanDiffDocument => ({
  ...document,
  groups: document.groups.flatMap((group) => {
    if (group.state !== 'same') return [group];
    const hosts = group.hosts.filter(({ was }) => was !== undefined);
    return hosts.length === 0 ? [] : [{ ...group, hosts }];
  }),
});

const groupDocument = (group: DiffGroup, words: Words): DiffGroupDocument => {
  const { miner } = group;
  const hosts = group.hosts.map(({ name, was, ...addresses }) => ({
    host: name,
    ...addressesIn(addresses),
    ...(was && { was: { host: was.name, address: was.address, miner: was.miner } }),
  }));
  const empty = { items: [], left: [], added: [], resources: [], problems: [] };
  switch (group.state) {
    case 'gone':
      return { miner, hosts, ...empty, state: 'gone' };
    case 'failed':
    case 'unread':
      return {
        ...{ miner, hosts, ...empty, state: group.state },
        problems: group.problems.map((problem) => problemDocument(problem, words)),
      };
    case 'new':
      return {
        ...{ miner, hosts, ...empty, state: 'new' },
        resources: [...group.kinds].map(([kind, count]) => ({ kind, count })),
      };
    case 'compared': {
      const { diff } = group;
      const items = diff.items.flatMap((item) =>
        diffItem(documentItem(item, words), group.own.has(item.resource)),
      );
      const [left, added] = [[...diff.left], [...diff.added]];
      const state =
        items.length + left.length + added.length === 0
          ? 'same'
          : left.length + added.length === 0 && items.every((item) => item.state === 'unknown')
            ? 'unknown'
            : 'changes';
      return { ...{ miner, hosts, ...empty }, state, items, left, added };
    }
  }
};

/** Without what only a host that was looked at has. */
const diffItem = (item: DocumentItem, isOwn: boolean): DiffItemDocument[] => {
  const mark = isOwn ? ({ own: true } as const) : {};
  switch (item.state) {
    case 'change': {
      const { atWork: _, ...change } = item;
      return [{ ...change, ...mark }];
    }
    case 'violated': {
      const { processes: _, ...violated } = item;
      return [{ ...violated, ...mark }];
    }
    case 'restart': {
      const { pid: _, since: __, ...restart } = item;
      return [{ ...restart, ...mark }];
    }
    case 'idle':
      return [];
    default:
      return [{ ...item, ...mark }];
  }
};

const countsOf = (groups: readonly DiffGroupDocument[]): Counts => {
  const total = (count: (group: DiffGroupDocument) => number) =>
    groups.reduce((sum, group) => sum + group.hosts.length * count(group), 0);
  const hostsIn = (state: DiffGroupDocument['state']) => total((group) => Number(group.state === state));
  const items = (test: (item: DiffItemDocument) => boolean) =>
    total((group) => group.items.filter(test).length);
  const doing = (action: string) => items((item) => item.state === 'change' && item.action === action);
  return {
    hosts: total(() => 1),
    changing: hostsIn('changes'),
    same: hostsIn('same'),
    unknown: hostsIn('unknown'),
    new: hostsIn('new'),
    gone: hostsIn('gone'),
    failed: hostsIn('failed'),
    unread: hostsIn('unread'),
    unreadClusters: groups.filter(({ state, hosts }) => state === 'unread' && hosts.length === 0).length,
    create: doing('create'),
    update: doing('update'),
    remove: doing('remove'),
    run: doing('run'),
    violated: items((item) => item.state === 'violated'),
    reboot: total((group) => Number(group.items.some((item) => item.state === 'reboot'))),
    restart: items((item) => item.state === 'restart'),
    added: total((group) => group.added.length),
  };
};

const verdictOf = (counts: Counts, secrets: number): Verdict => {
  if (counts.failed > 0) return 'failed';
  const isSame = counts.same === counts.hosts && counts.unreadClusters === 0 && secrets === 0;
  return isSame ? 'well' : 'changes';
};
