import type { Node } from 'yaml';
import { isScalar, isSeq } from 'yaml';
import type { HostFile } from '../inventory-file.ts';
import type { Editable, MapNode, PairNode } from './editable.ts';
import { endOf, lastOfPair, lineStart, pairOf, startOf } from './editable.ts';
import type { Quoting } from './scalar-text.ts';
import { quotingOf, scalarText } from './scalar-text.ts';

/** A host that is to stand in a cluster file: what has to be said of one, and what a command may say besides. */
export type NewHost = Pick<HostFile, 'name' | 'address' | 'listen' | 'roles' | 'profile' | 'os'>;

/** In this order, unless the neighbour has another. */
const KEYS = ['name', 'address', 'listen', 'roles', 'profile', 'os'] as const;
type Key = (typeof KEYS)[number];

/** Writes a host from its first letter to its last. */
export type HostStyle = (host: NewHost) => string;

/** As a person is told to write it. */
export const plainHost: HostStyle = (host) => {
  const parts = keysOf(host, []).map((key) =>
    key === 'roles'
      ? `roles: [${host.roles.join(', ')}]`
      : `${key}: ${scalarText(String(host[key]), 'plain')}`,
  );
  return `{ ${parts.join(', ')} }`;
};

/** In braces, as a neighbour is: in one line or several, with its blanks and quotes. */
export const hostInBraces = (editable: Editable, node: MapNode): HostStyle => {
  const { text } = editable;
  const [first, second] = node.items;
  const last = node.items.at(-1);
  if (!first || !second || !last) return plainHost;
  const opening = gapBetween(editable, startOf(node) + 1, startOf(first.key));
  const between = gapBetween(editable, lastOfPair(first), startOf(second.key));
  const closing = gapBetween(editable, lastOfPair(last), endOf(node) - 1);
  const comma = text.slice(lastOfPair(last), endOf(node)).trim().startsWith(',') ? ',' : '';
  const colon = /^:\S/.test(text.slice(endOf(first.key))) ? ':' : ': ';
  return (host) => {
    const parts = keysOf(host, node.items).map(
      (key) => `${keyText(node, key)}${colon}${valueText(editable, node, host, key)}`,
    );
    return `{${opening}${parts.join(`,${between}`)}${comma}${closing}}`;
  };
};

/** In lines that begin in this column, as a neighbour is. */
export const hostInLines = (editable: Editable, node: MapNode, column: number): HostStyle => {
  const { text, eol } = editable;
  const roles = pairOf(node, 'roles');
  const list = roles?.value;
  const line = (host: NewHost, key: Key): string => {
    if (key !== 'roles' || !roles || !isSeq<Node>(list) || list.flow === true)
      return `${keyText(node, key)}: ${valueText(editable, node, host, key)}`;
    // As far from their key as those of the neighbour.
    const dash = column + columnOf(text, startOf(list)) - columnOf(text, startOf(roles.key));
    const items = host.roles.map(
      (role) => `${' '.repeat(dash)}- ${scalarText(role, quotingOf(list.items[0]))}`,
    );
    return [`${keyText(node, key)}:`, ...items].join(eol);
  };
  return (host) =>
    keysOf(host, node.items)
      .map((key) => line(host, key))
      .join(`${eol}${' '.repeat(column)}`);
};

/** How far in its line a place of the text is. */
export const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

/** What parts two words of the text, but for comments: a new line up to the second, a blank, or nothing. */
export const gapBetween = ({ text, eol }: Editable, from: number, to: number): string => {
  const gap = text.slice(from, to);
  if (gap.includes('\n')) return `${eol}${' '.repeat(columnOf(text, to))}`;
  return /\s/.test(gap) ? ' ' : '';
};

/** In the order of the neighbour; what that does not have comes behind what is before it otherwise. */
const keysOf = (host: NewHost, items: readonly PairNode[]): readonly Key[] => {
  const wanted = KEYS.filter((key) => host[key] !== undefined);
  const names = items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
  const theirs = names.flatMap((name) => wanted.filter((key) => key === name));
  return wanted.reduce<readonly Key[]>((order, key, index) => {
    if (order.includes(key)) return order;
    const at = order.findIndex((one) => one === wanted[index - 1]) + 1;
    return order.toSpliced(at, 0, key);
  }, theirs);
};

const keyText = (node: MapNode, key: Key): string =>
  scalarText(key, quotingOf((pairOf(node, key) ?? node.items[0])?.key));

/** The quotes of the neighbour's own value, else those of its name. */
const valueQuoting = (node: MapNode, key: Key): Quoting =>
  quotingOf((pairOf(node, key) ?? pairOf(node, 'name'))?.value);

const valueText = (editable: Editable, node: MapNode, host: NewHost, key: Key): string => {
  if (key !== 'roles') return scalarText(String(host[key]), valueQuoting(node, key));
  const list = pairOf(node, 'roles')?.value;
  if (!isSeq<Node>(list) || list.flow !== true) return `[${host.roles.join(', ')}]`;
  const [first, second] = list.items;
  const pad = first && /^\[[ \t]/.test(editable.text.slice(startOf(list))) ? ' ' : '';
  // Two roles are rare: of one alone the comma is as in the mapping around it.
  const around =
    node.items[1] &&
    node.items[0] &&
    gapBetween(editable, lastOfPair(node.items[0]), startOf(node.items[1].key));
  const gap = first && second ? gapBetween(editable, endOf(first), startOf(second)) : around;
  const roles = host.roles.map((role) => scalarText(role, quotingOf(first)));
  return `[${pad}${roles.join(gap === '' ? ',' : ', ')}${pad}]`;
};
