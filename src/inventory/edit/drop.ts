import type { Node } from 'yaml';
import { isMap } from 'yaml';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import type { Path } from '../yaml-file.ts';
import type { Editable, MapNode, PairNode } from './editable.ts';
import { endOf, lastOfPair, lineEnd, lineStart, nodeAt, pairOf, startOf } from './editable.ts';
import type { Splice } from './splice.ts';

/**
 * What has to be taken out so that a mapping has an entry no more, with the mapping where nothing else is in it. Null:
 * that cannot be without taking a person's words or another line with it.
 */
export const dropEntry = (
  editable: Editable,
  path: Path,
  byHand: string,
): Result<Splice | null, readonly Problem[]> => {
  const value = nodeAt(editable, path, byHand);
  if (!value.ok) return value;
  const around = nodeAt(editable, path.slice(0, -1), byHand);
  if (!around.ok) return around;
  const map = around.value;
  if (!isMap<Node, Node | null>(map)) return ok(null);
  const pair = pairOf(map, String(path.at(-1)));
  if (!pair) return ok(null);
  if (map.items.length > 1) return ok(withoutPair(editable, map, pair, [pair]));
  const outer = nodeAt(editable, path.slice(0, -2), byHand);
  if (!outer.ok) return outer;
  if (!isMap<Node, Node | null>(outer.value) || outer.value.items.length === 1) return ok(null);
  const own = pairOf(outer.value, String(path.at(-2)));
  return ok(own ? withoutPair(editable, outer.value, own, [own, pair]) : null);
};

/** `inside`: the pair, and what else is known to be in it. */
const withoutPair = (
  { text, eol }: Editable,
  map: MapNode,
  pair: PairNode,
  inside: readonly PairNode[],
): Splice | null => {
  const [from, to] = [startOf(pair.key), lastOfPair(pair)];
  if (!/^[\s:{},]*$/.test(between(text, from, to, inside))) return null;
  return map.flow === true ? withoutPart(text, map, pair, from, to) : withoutLines(text, eol, from, to);
};

/** What is left of a piece of text without the words of pairs. */
const between = (text: string, from: number, to: number, pairs: readonly PairNode[]): string => {
  const words = pairs.flatMap(({ key, value }) => (value && !isMap(value) ? [key, value] : [key]));
  const inOrder = words.toSorted((a, b) => startOf(a) - startOf(b));
  const gaps = inOrder.map((word, index) => {
    const before = inOrder[index - 1];
    return text.slice(before ? endOf(before) : from, startOf(word));
  });
  const last = inOrder.at(-1);
  return gaps.join('') + text.slice(last ? endOf(last) : from, to);
};

const withoutPart = (text: string, map: MapNode, pair: PairNode, from: number, to: number): Splice | null => {
  const index = map.items.indexOf(pair);
  const [before, after] = [map.items[index - 1], map.items[index + 1]];
  const piece = before
    ? { from: lastOfPair(before), to, gap: text.slice(lastOfPair(before), from) }
    : after && { from, to: startOf(after.key), gap: text.slice(to, startOf(after.key)) };
  return piece && /^[\s,]*$/.test(piece.gap) ? { from: piece.from, to: piece.to, text: '' } : null;
};

const withoutLines = (text: string, eol: string, from: number, to: number): Splice | null => {
  const start = lineStart(text, from);
  if (!/^ *$/.test(text.slice(start, from))) return null;
  const end = lineEnd(text, to);
  const rest = text.slice(to, end);
  // A comment behind it is a person's, and stays in its line.
  if (/^\s+#/.test(rest)) return { from, to: to + rest.indexOf('#'), text: '' };
  if (rest.trim() !== '') return null;
  const next = text.indexOf('\n', to);
  if (next !== -1) return { from: start, to: next + 1, text: '' };
  // The last line of a text that ends without an end of line: so it shall end again.
  return start >= eol.length ? { from: start - eol.length, to: text.length, text: '' } : null;
};
