import type { Node } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { Path } from '../yaml-file.ts';
import type { Editable, MapNode } from './editable.ts';
import {
  childOf,
  endOf,
  isNone,
  lastOfPair,
  lineEnd,
  lineStart,
  nodeAt,
  noneBehind,
  pairOf,
  refusal,
  startOf,
} from './editable.ts';
import type { Quoting } from './scalar-text.ts';
import { quotingOf, scalarText } from './scalar-text.ts';
import type { Splice } from './splice.ts';

/** Keys with their texts, which a mapping is to have. */
export type Entries = ReadonlyMap<string, string>;

/** A new line of a mapping, or a new part of its line: as it is to stand there. */
type Written = (quoting: { readonly key: Quoting; readonly value: Quoting }) => string;

/**
 * What has to be written so that the mapping at a path has these entries: a value is replaced where it stands, in its
 * quotes; a new one comes after the last; a mapping that is not there is made, in one line.
 */
export const putEntries = (
  editable: Editable,
  path: Path,
  entries: Entries,
  byHand: string,
): Result<readonly Splice[], readonly Problem[]> => {
  const found = nodeAt(editable, path, byHand);
  if (!found.ok) return found;
  const map = found.value;
  const opened = !isSeq(map) && isNone(map) ? openEmpty(editable, path, entries) : null;
  if (opened) return ok(opened);
  if (map === null) return putMap(editable, path, entries, byHand);
  if (!isMap<Node, Node | null>(map)) return err([refusal(editable, map, 'this is no mapping', byHand)]);
  const splices: Splice[] = [];
  const added: Written[] = [];
  for (const [key, value] of entries) {
    if (!pairOf(map, key)) {
      added.push((quoting) => `${scalarText(key, quoting.key)}: ${scalarText(value, quoting.value)}`);
      continue;
    }
    const replaced = replaceValue(editable, [...path, key], value, byHand);
    if (!replaced.ok) return replaced;
    splices.push(...replaced.value);
  }
  return ok([...splices, ...addTo(editable, map, added)]);
};

const putMap = (
  editable: Editable,
  path: Path,
  entries: Entries,
  byHand: string,
): Result<readonly Splice[], readonly Problem[]> => {
  const around = nodeAt(editable, path.slice(0, -1), byHand);
  if (!around.ok) return around;
  const name = path.at(-1);
  if (!isMap<Node, Node | null>(around.value) || name === undefined || pairOf(around.value, name)) {
    return err([refusal(editable, around.value ?? editable.root, 'there is no mapping for it', byHand)]);
  }
  const one: Written = ({ key: quoting }) => {
    const inner = [...entries].map(
      ([key, value]) => `${scalarText(key, quoting)}: ${scalarText(value, quoting)}`,
    );
    return `${scalarText(String(name), quoting)}: { ${inner.join(', ')} }`;
  };
  return ok(addTo(editable, around.value, [one]));
};

/**
 * Entries in lines of their own in the place of `{}`, or of nothing, behind its key in a mapping of lines: of a whole list
 * of sums one line would be a thousand letters long. Null: it stands elsewhere, or something else is there.
 */
const openEmpty = ({ text, eol, root }: Editable, path: Path, entries: Entries): readonly Splice[] | null => {
  const around = path.slice(0, -1).reduce<Node | null>(childOf, root);
  const key =
    isMap<Node, Node | null>(around) && around.flow !== true ? pairOf(around, path.at(-1) ?? '')?.key : null;
  const none = key ? noneBehind(text, key) : null;
  if (!key || !none) return null;
  const column = startOf(key) - lineStart(text, startOf(key));
  // As far in as the levels above are on average.
  const step = column > 0 ? Math.max(1, Math.round(column / (path.length - 1))) : 2;
  const lines = [...entries].map(
    ([name, value]) =>
      `${' '.repeat(column + step)}${scalarText(name, 'plain')}: ${scalarText(value, 'plain')}`,
  );
  const end = lineEnd(text, endOf(key));
  return [
    { ...none, text: '' },
    { from: end, to: end, text: lines.map((line) => eol + line).join('') },
  ];
};

/** A text in the place of the one at a path. */
const replaceValue = (
  editable: Editable,
  path: Path,
  value: string,
  byHand: string,
): Result<readonly Splice[], readonly Problem[]> => {
  const found = nodeAt(editable, path, byHand);
  if (!found.ok) return found;
  const node = found.value;
  const put = node === null || startOf(node) === endOf(node) ? behindKey(editable, path, value) : null;
  if (put) return ok([put]);
  if (!isScalar(node) || node.type?.startsWith('BLOCK') || startOf(node) === endOf(node)) {
    const why = 'the value is not a word in one line';
    return err([refusal(editable, node ?? editable.root, why, byHand)]);
  }
  const text = scalarText(value, quotingOf(node));
  return ok([{ from: startOf(node), to: endOf(node), text }]);
};

/** A text behind a key without a value; null: no colon stands there. */
const behindKey = ({ text, root }: Editable, path: Path, value: string): Splice | null => {
  const around = path.slice(0, -1).reduce<Node | null>(childOf, root);
  const key = isMap<Node, Node | null>(around) ? pairOf(around, path.at(-1) ?? '')?.key : undefined;
  const colon = key && /^ *:/.exec(text.slice(endOf(key)))?.[0];
  if (!key || colon === undefined) return null;
  const from = endOf(key) + colon.length;
  return { from, to: from, text: ` ${scalarText(value, 'plain')}` };
};

/** New entries after the last of a mapping, quoted as that one is. */
const addTo = (editable: Editable, map: MapNode, added: readonly Written[]): readonly Splice[] => {
  if (added.length === 0) return [];
  const last = map.items.at(-1);
  const quoting = { key: quotingOf(last?.key), value: quotingOf(last?.value) };
  const texts = added.map((one) => one(quoting));
  if (map.flow !== true) return addLines(editable, map, texts);
  const { text, eol } = editable;
  if (!last) {
    const from = startOf(map) + 1;
    return [{ from, to: from, text: ` ${texts.join(', ')}${text[from] === '}' ? ' ' : ''}` }];
  }
  const from = lastOfPair(last);
  const before = text.slice(lineStart(text, startOf(last.key)), startOf(last.key));
  // A comment behind the last one is about that one.
  const isAlone = before.trim() === '' && !text.slice(from, lineEnd(text, from)).includes('#');
  const between = isAlone && startOf(map) < startOf(last.key) - before.length ? `,${eol}${before}` : ', ';
  return [{ from, to: from, text: texts.map((one) => between + one).join('') }];
};

const addLines = ({ text, eol }: Editable, map: MapNode, lines: readonly string[]): readonly Splice[] => {
  const [first] = map.items;
  const last = map.items.at(-1);
  if (!first || !last) throw new RangeError('a mapping in block style without entries');
  const column = startOf(first.key) - lineStart(text, startOf(first.key));
  const after = text.indexOf('\n', lastOfPair(last));
  const from = after === -1 ? text.length : after + 1;
  const written = lines.map((line) => ' '.repeat(column) + line);
  const all = after === -1 ? written.map((line) => eol + line) : written.map((line) => line + eol);
  return [{ from, to: from, text: all.join('') }];
};
