import { withoutOwn } from './own-words.ts';
import type { RestartGroup, ShownHost, ShownItem } from './shown-items.ts';

/** Items that the same hosts have, each to be shown once. */
export interface Fold {
  readonly hosts: readonly string[];
  readonly items: readonly FoldedItem[];
}

export interface FoldedItem {
  /** As the first of the hosts has it. */
  readonly item: ShownItem;
  /** True where the others differ from it only in the host's own name and addresses. */
  readonly varies: boolean;
}

interface Group {
  item: ShownItem;
  readonly hosts: string[];
  readonly exact: Set<string>;
}

/**
 * Puts hosts together that change alike: an item is alike where it differs in no more than the host's own
 * name and addresses. The order is that of the plan. `numbers`: those of processes are shown, and keep hosts apart.
 */
export const foldPlan = (hosts: readonly ShownHost[], { numbers = false } = {}): Fold[] => {
  const order = new Map(hosts.map(({ host }, index) => [host, index]));
  const folds = new Map<string, { hosts: readonly string[]; items: FoldedItem[] }>();
  for (const group of likeGroups(hosts, numbers)) {
    const having = group.hosts.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const key = having.join(' ');
    const fold = folds.get(key) ?? { hosts: having, items: [] };
    fold.items.push({ item: group.item, varies: group.exact.size > 1 });
    folds.set(key, fold);
  }
  return [...folds.values()];
};

/**
 * Groups of like items. Those of one host alone get a second chance in which the last number of the address,
 * by which some scripts go, counts as the host's own too; at first it does not, as it is a common number.
 */
const likeGroups = (hosts: readonly ShownHost[], numbers: boolean): Group[] => {
  const groups = new Map<string, Group>();
  for (const host of hosts) {
    const neutral = withoutOwn(host);
    for (const item of host.items) {
      const exact = JSON.stringify(comparable(item, numbers));
      addTo(groups, neutral(exact), { item, hosts: [host.host], exact: new Set([exact]) });
    }
  }
  const lastNumbers = new Map(hosts.map((host) => [host.host, lastNumber(host)]));
  const merged = new Map<string, Group>();
  for (const [key, group] of groups) {
    const [only = '', another] = group.hosts;
    const number = another === undefined ? lastNumbers.get(only) : undefined;
    addTo(merged, number ? `alone ${key.replace(number, '\u0000')}` : key, group);
  }
  return [...merged.values()];
};

/** Since when processes run is each host's own, and so are their numbers, unless these are shown. */
const comparable = (item: ShownItem, numbers: boolean): ShownItem =>
  item.state === 'restarts' && !numbers
    ? { ...item, processes: item.processes.map(({ process }) => ({ process, pid: 0, since: 0 })) }
    : item;

const addTo = (groups: Map<string, Group>, key: string, group: Group): void => {
  const found = groups.get(key);
  if (!found) groups.set(key, group);
  else {
    found.hosts.push(...group.hosts);
    found.item = together(found.item, group.item);
    for (const exact of group.exact) found.exact.add(exact);
  }
};

/** What runs on several hosts is as old as the oldest of it, and has no one number. */
const together = (one: ShownItem, other: ShownItem): ShownItem => {
  if (one.state !== 'restarts' || other.state !== 'restarts') return one;
  const isNew = (process: RestartGroup['processes'][number]) =>
    one.processes.every(({ pid, since }) => pid !== process.pid || since !== process.since);
  return { ...one, processes: [...one.processes, ...other.processes.filter(isNew)] };
};

const lastNumber = ({ address, listen = address }: ShownHost): RegExp | undefined => {
  const number = /\d+$/.exec(listen)?.[0];
  return number === undefined ? undefined : new RegExp(`(?<![\\w.-])${number}(?![\\w.-])`, 'g');
};
