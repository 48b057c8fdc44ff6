import { addressesIn } from '../text/addresses.ts';
import type { DiffGroupDocument, DiffItemDocument, PlanDiffDocument } from './plan-diff-document.ts';
import type { DocumentItem } from './plan-document.ts';
import type { Fold } from './plan-fold.ts';
import { foldPlan } from './plan-fold.ts';
import { shownHost } from './shown-host.ts';
import type { NamedThings, ShownHost } from './shown-items.ts';

/** Hosts of a miner that change alike, each change once. */
export interface MinerFolds {
  readonly miner: string;
  readonly folds: readonly Fold[];
}

/**
 * The changes of each miner, those that several groups of hosts have once. `full`: nothing that is alike on one host is
 * put together.
 */
export const foldDiff = ({ groups }: PlanDiffDocument, full: boolean): readonly MinerFolds[] =>
  minersOf(groups).map((miner) => {
    const own = groups.filter(
      (group) => group.miner === miner && (group.state === 'changes' || group.state === 'unknown'),
    );
    const shown = own.map((group) => shownGroup(group, full));
    const members = new Map(
      own.map((group, index) => [shown[index]?.host ?? '', group.hosts.map(({ host }) => host)]),
    );
    const ownItems = new Set(
      own.flatMap(({ items, hosts: [first] }) =>
        items.flatMap((item) => (item.own ? [`${first?.host} ${item.resource}`] : [])),
      ),
    );
    return {
      miner,
      folds: foldPlan(shown).map(({ hosts, items }) => ({
        hosts: hosts.flatMap((host) => members.get(host) ?? []),
        items: items.map(({ item, varies }) => ({
          item,
          varies: varies || hosts.some((host) => ownItems.has(`${host} ${item.resource}`)),
        })),
      })),
    };
  });

/** In the order in which they come. */
export const minersOf = (groups: readonly DiffGroupDocument[]): readonly string[] => [
  ...new Set(groups.map(({ miner }) => miner)),
];

/** The first host of a group, which stands for all of them. */
const shownGroup = ({ hosts: [first], items, left, added }: DiffGroupDocument, full: boolean): ShownHost => {
  const about = first ? { host: first.host, ...addressesIn(first) } : { host: '', address: '' };
  const shown = shownHost(
    { ...about, state: 'changes', same: 0, items: items.map(asPlanned), problems: [] },
    full,
  );
  return {
    ...about,
    items: [
      ...shown.items.map((item) => (item.state === 'restarts' ? { ...item, processes: [] } : item)),
      ...things('added', 'processes', added),
      ...things('left', 'no longer managed', left),
    ],
  };
};

/** As the item of a plan, which knows more of a process. */
const asPlanned = ({ own: _, ...item }: DiffItemDocument): DocumentItem =>
  item.state === 'restart' ? { ...item, pid: 0, since: 0 } : item;

const things = (state: NamedThings['state'], task: string, names: readonly string[]): NamedThings[] =>
  names.length === 0 ? [] : [{ state, task, kind: state, resource: `${state}:`, title: task, names }];
