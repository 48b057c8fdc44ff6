import type { DocumentHost, DocumentItem } from './plan-document.ts';

/** Items that the same hosts have, each to be shown once. */
export interface Fold {
  readonly hosts: readonly string[];
  readonly items: readonly FoldedItem[];
}

export interface FoldedItem {
  /** As the first of the hosts has it. */
  readonly item: DocumentItem;
  /** True where the others differ from it only in the host's own name and address. */
  readonly varies: boolean;
}

/**
 * Puts hosts together that change alike: an item is alike where it differs in no more than the host's own
 * name and address. The order is that of the plan.
 */
export const foldPlan = (hosts: readonly DocumentHost[]): Fold[] => {
  const items = new Map<string, { item: DocumentItem; hosts: string[]; exact: Set<string> }>();
  for (const host of hosts) {
    const neutral = neutralizer(host);
    for (const item of host.items) {
      const exact = JSON.stringify(item);
      const key = neutral(exact);
      const found = items.get(key);
      if (found) {
        found.hosts.push(host.host);
        found.exact.add(exact);
      } else items.set(key, { item, hosts: [host.host], exact: new Set([exact]) });
    }
  }
  const folds = new Map<string, { hosts: readonly string[]; items: FoldedItem[] }>();
  for (const { item, hosts: having, exact } of items.values()) {
    const key = having.join(' ');
    const fold = folds.get(key) ?? { hosts: having, items: [] };
    fold.items.push({ item, varies: exact.size > 1 });
    folds.set(key, fold);
  }
  return [...folds.values()];
};

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Takes the host's name and address out of a text, the address also with dashes as in host names. */
const neutralizer = ({ host, address }: DocumentHost): ((text: string) => string) => {
  const numbers = [address, address.replaceAll('.', '-')].filter(Boolean).map(literal);
  const names = `(?<![\\w.-])${literal(host)}(?![\\w-])`;
  const own = new RegExp(
    [...numbers.map((number) => `(?<![0-9]|[0-9][.])${number}(?![0-9]|[.][0-9])`), names].join('|'),
    'g',
  );
  return (text) => text.replace(own, '\u0000');
};
