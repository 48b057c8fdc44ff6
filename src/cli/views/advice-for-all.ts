import { hostRanges } from '../text/host-ranges.ts';
import type { Numbered } from './own-number.ts';
import { alikeIn, asOne } from './own-number.ts';

/** What to do about one of several things that are told as one. */
export interface OwnAdvice {
  /** Null: it is about no host. */
  readonly host: string | null;
  readonly next?: string;
  readonly commands?: readonly string[];
}

/** Where others need another command, which one line has no room for. */
const LIKEWISE = '; likewise for the others, as --output json says';

/** Advice about processes of a host that are told as one: with their numbers, or that of the first as an example. */
export const adviceAsOne = (nexts: readonly Numbered[]): string => {
  const [first] = nexts;
  if (!first) return '';
  return alikeIn(nexts, (one) => one).length === 1 ? asOne(nexts) : `${first.text}${LIKEWISE}`;
};

/** What to do about several hosts: the same with `--limit` for all of them, or that of the first as an example. */
export const adviceForAll = (
  group: readonly OwnAdvice[],
): { readonly text: string; readonly commands: readonly string[] } | undefined => {
  const [first] = group;
  if (first?.next === undefined) return undefined;
  const limit = limitOf(group.flatMap(({ host }) => host ?? []));
  const forAll = (text: string, { host }: OwnAdvice): string =>
    text.replace(/(?<=--limit )[^\s;]+/g, (word) => (word === host ? limit : word));
  const text = forAll(first.next, first);
  const isSame = group.every((one) => one.next === undefined || forAll(one.next, one) === text);
  return {
    text: isSame || text.endsWith(LIKEWISE) ? text : `${text}${LIKEWISE}`,
    commands: (first.commands ?? []).map((command) => forAll(command, first)),
  };
};

/** Hosts as one word of `--limit`, for a shell. */
const limitOf = (hosts: readonly string[]): string => {
  const ranges = hostRanges([...new Set(hosts)]).replaceAll(', ', ',');
  return /[[\]*]/.test(ranges) ? `'${ranges}'` : ranges;
};
