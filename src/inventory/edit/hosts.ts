import { isDeepStrictEqual } from 'node:util';
import type { Node } from 'yaml';
import { isMap, isSeq, type YAMLSeq } from 'yaml';
import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { valueAt } from '../yaml-file.ts';
import type { Editable, MapNode } from './editable.ts';
import {
  endOf,
  isNone,
  lastOf,
  lineEnd,
  lineStart,
  nodeAt,
  noneBehind,
  openText,
  pairOf,
  refusal,
  startOf,
} from './editable.ts';
import type { HostStyle, NewHost } from './host-style.ts';
import { columnOf, gapBetween, hostInBraces, hostInLines, plainHost } from './host-style.ts';
import type { Splice } from './splice.ts';
import { spliced } from './splice.ts';

/**
 * The text of a cluster file with hosts behind those that are there, written as the last of them is: in braces or lines,
 * as far in, with its quotes and its order of keys. All else stays as it is, which is seen by reading it again. Where they
 * cannot be written (an alias stands for the list), the problem says why, and what a person has to write.
 */
export const hostsAppended = (
  file: string,
  text: string,
  hosts: readonly NewHost[],
): Result<string, readonly Problem[]> => {
  if (hosts.length === 0) return ok(text);
  const opened = openText(file, text);
  if (!opened.ok) return opened;
  const editable = opened.value;
  const found = nodeAt(editable, ['hosts'], '');
  if (!found.ok) return err(found.error.map((problem) => ({ ...problem, next: byHand(hosts) })));
  const list = found.value;
  const isEmpty = !isMap(list) && isNone(list);
  const splices = isEmpty
    ? inPlaceOfNone(editable, hosts)
    : isSeq<Node>(list)
      ? splicesOf(editable, list, hosts)
      : null;
  if (splices) {
    const now = spliced(text, splices);
    const reread = openText(file, now);
    if (reread.ok && isDeepStrictEqual(reread.value.yaml.value, withHosts(editable.yaml.value, hosts)))
      return ok(now);
  }
  const why = 'the hosts are written in a way that fcops does not know how to go on with';
  return err([{ ...refusal(editable, list ?? editable.root, why, ''), next: byHand(hosts) }]);
};

/** What a person writes in their place. */
const byHand = (hosts: readonly NewHost[]) => [
  edit(['write at the end of `hosts`:', ...hosts.map((host) => `  - ${plainHost(host)}`)].join('\n')),
];

/** Plain data with hosts more. */
const withHosts = (value: unknown, hosts: readonly NewHost[]): unknown => {
  const before = valueAt(value, ['hosts']);
  if (typeof value !== 'object') return value;
  return { ...value, hosts: [...(Array.isArray(before) ? before : []), ...hosts] };
};

/**
 * In lines below `hosts`, where nothing stands behind it, or an empty list: all of a starting file may have been taken out.
 * Null: something else stands there, or the key does not.
 */
const inPlaceOfNone = (
  { text, eol, root }: Editable,
  hosts: readonly NewHost[],
): readonly Splice[] | null => {
  const key = root.flow === true ? undefined : pairOf(root, 'hosts')?.key;
  const none = key ? noneBehind(text, key) : null;
  if (!key || !none) return null;
  const column = columnOf(text, startOf(key)) + 2;
  const lines = hosts.map((host) => `${eol}${' '.repeat(column)}- ${plainHost(host)}`);
  const end = lineEnd(text, endOf(key));
  return [
    { ...none, text: '' },
    { from: end, to: end, text: lines.join('') },
  ];
};

/** Null: the last host is none that could be copied. */
const splicesOf = (
  editable: Editable,
  list: YAMLSeq<Node>,
  hosts: readonly NewHost[],
): readonly Splice[] | null => {
  const last = list.items.at(-1);
  if (!isMap<Node, Node | null>(last)) return null;
  return list.flow === true
    ? inBrackets(editable, list, last, hosts)
    : [behindLines(editable, list, last, hosts)];
};

/** Behind the last of a list with dashes. */
const behindLines = (
  editable: Editable,
  list: YAMLSeq<Node>,
  last: MapNode,
  hosts: readonly NewHost[],
): Splice => {
  const { text, eol } = editable;
  const dash = ' '.repeat(columnOf(text, startOf(list)));
  const { gap, style } = behindDash(editable, list, last);
  const blank = eol.repeat(blankLines(text, list));
  const written = hosts.map((host) => `${blank}${dash}-${gap}${style(host)}`);
  const end = behindOwnComments(text, nextLine(text, lastOf(last)), dash.length);
  return text[end - 1] === '\n'
    ? { from: end, to: end, text: written.map((one) => one + eol).join('') }
    : { from: end, to: end, text: written.map((one) => eol + one).join('') };
};

/** Where the line after a place begins; the text of a block scalar has its line end in it. */
const nextLine = (text: string, place: number): number => {
  if (place > 0 && text[place - 1] === '\n') return place;
  const end = text.indexOf('\n', place);
  return end === -1 ? text.length : end + 1;
};

/** Comments that stand further in than the dash of a host are within it: a key of it that is set aside, for example. */
const behindOwnComments = (text: string, from: number, dash: number): number => {
  let end = from;
  for (;;) {
    const comment = /^( *)#[^\n]*(?:\n|$)/.exec(text.slice(end));
    if (!comment || (comment[1]?.length ?? 0) <= dash) return end;
    end += comment[0].length;
  }
};

/** What stands between the dash of the last host and its first word, and how its own words stand. */
const behindDash = (
  editable: Editable,
  list: YAMLSeq<Node>,
  last: MapNode,
): { readonly gap: string; readonly style: HostStyle } => {
  const { text } = editable;
  const begin = firstWord(last);
  const dash = dashBefore(text, list, begin);
  const between = text.slice(dash + 1, begin);
  // An anchor before it is that of the neighbour alone.
  const gap = /^ +$/.test(between) ? between : gapBetween(editable, dash + 1, begin) || ' ';
  if (last.flow === true) return { gap, style: hostInBraces(editable, last) };
  const column = gap.includes('\n') ? columnOf(text, begin) : columnOf(text, dash) + 1 + gap.length;
  return { gap, style: hostInLines(editable, last, column) };
};

/** Where the text of a mapping begins. */
const firstWord = (map: MapNode): number => {
  const [first] = map.items;
  return map.flow === true || !first ? startOf(map) : startOf(first.key);
};

/** Where the dash of an item stands whose first word is there: the last one before it in the column of the list. */
const dashBefore = (text: string, list: YAMLSeq<Node>, begin: number): number => {
  const column = columnOf(text, startOf(list));
  for (let start = lineStart(text, begin); start >= 0; ) {
    if (/^ *-(?:\s|$)/.test(text.slice(start, lineEnd(text, start))) && text[start + column] === '-')
      return start + column;
    if (start === 0) break;
    start = lineStart(text, start - 1);
  }
  return startOf(list);
};

/** Lines without anything that part all hosts of a list; of hosts in one line each it takes two to tell. */
const blankLines = (text: string, list: YAMLSeq<Node>): number => {
  const gaps = list.items.slice(1).map((item, index) => {
    const before = list.items[index];
    if (!isMap<Node, Node | null>(item) || !before) return 0;
    const end = lastOf(before);
    // The text of a block scalar has its line end in it.
    const from = text[end - 1] === '\n' ? end - 1 : lineEnd(text, end);
    const between = text.slice(from, lineStart(text, dashBefore(text, list, firstWord(item))));
    return /^\s*$/.test(between) ? between.split('\n').length - 2 : 0;
  });
  const last = list.items.at(-1);
  const isTold = gaps.length > (isMap(last) && last.flow === true ? 1 : 0);
  return isTold ? Math.max(0, Math.min(...gaps)) : 0;
};

/** Behind the last of a list in brackets. */
const inBrackets = (
  editable: Editable,
  list: YAMLSeq<Node>,
  last: MapNode,
  hosts: readonly NewHost[],
): readonly Splice[] | null => {
  if (last.flow !== true) return null;
  const { text, eol } = editable;
  const style = hostInBraces(editable, last);
  const before = list.items.at(-2);
  const end = endOf(last);
  const begin = startOf(last);
  const gap = gapBetween(editable, before ? lastOf(before) : startOf(list) + 1, begin);
  const between = before || gap.includes('\n') ? gap : ' ';
  const texts = hosts.map(style);
  const rest = text.slice(end, lineEnd(text, end));
  const comma = /^\s*,/.exec(rest)?.[0];
  if (!/^\s*,?\s*#/.test(rest)) {
    const added = texts.map((one) => `,${between}${one}`).join('');
    return [{ from: end, to: end, text: added }];
  }
  // A comment behind the last one is about that one, and stays in its line.
  const next = text.indexOf('\n', end) + 1;
  const column = ' '.repeat(columnOf(text, begin));
  const lines = texts.map((one, index) => {
    const isLast = index === texts.length - 1;
    return `${column}${one}${isLast && comma === undefined ? '' : ','}${eol}`;
  });
  return [
    ...(comma === undefined ? [{ from: end, to: end, text: ',' }] : []),
    { from: next, to: next, text: lines.join('') },
  ];
};
