import type { AST } from 'toml-eslint-parser';
import { getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';

export type TomlValue = string | number | boolean;

/** A key of a table, with the value that it shall have. */
export interface TomlKey {
  /** Its tables and its own name: `['Fees', 'MaxCommitBatchGasFee', 'Base']`. */
  readonly path: readonly string[];
  readonly value: TomlValue;
}

/** One edit, in the text as it was before all of them: `text` comes in the place of what is between the two offsets. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Why a text is not edited. */
export interface TomlProblem {
  readonly message: string;
  /** From 1, where it is known. */
  readonly line?: number;
}

/** A key of the text: where it stands and what it is. */
interface Entry {
  readonly path: readonly string[];
  readonly node: AST.TOMLKeyValue;
  /** Path of the table in whose body it stands. */
  readonly table: readonly string[];
  /** `{ a = 1 }`: it stands in one, on a line of others. */
  readonly inline: boolean;
}

/**
 * The splices after which each key has its value; all other bytes stay, comments and blanks with them. Where a key is
 * there, its value alone is replaced; else it comes behind the comment that shows its default (as lotus writes one),
 * behind the last key of its table, or in a new table at the end. Names are compared without regard to case, as
 * lotus's own reader does it. A text that is no TOML, or that could not be edited without a change of something
 * else, is a problem.
 */
export const tomlEdits = (text: string, keys: readonly TomlKey[]): Result<readonly Splice[], TomlProblem> => {
  const before = parsed(text);
  if (!before.ok) return before;
  const entries = entriesOf(before.value);
  const splices: Splice[] = [];
  /** Tables that are not there, with the lines of their keys. */
  const made = new Map<string, string[]>();
  for (const key of keys) {
    if (key.path.length < 2) throw new RangeError(`${key.path.join('.')} is in no table`);
    const found = entries.filter(({ path }) => samePath(path, key.path));
    const [entry, second] = found;
    if (entry && second) {
      return err({
        message: `${key.path.join('.')} is there twice, in lines ${found.map(lineOfEntry).join(' and ')}`,
        line: lineOfEntry(second),
      });
    }
    if (entry) {
      splices.push(...valueSplice(entry.node.value, key.value));
      continue;
    }
    const place = placeFor(before.value, entries, text, key);
    if (place) splices.push(place);
    else {
      const header = `[${key.path.slice(0, -1).map(bareOrQuoted).join('.')}]`;
      made.set(header, [...(made.get(header) ?? []), `  ${assignment(key.path.slice(-1), key.value)}`]);
    }
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const tables = [...made].map(([header, lines]) => [header, ...lines, ''].join(eol)).join('');
  if (tables !== '') {
    const gap = text === '' || text.endsWith('\n') ? '' : eol;
    splices.push({ start: text.length, end: text.length, text: `${gap}${tables}` });
  }
  return verified(text, before.value, splices, keys);
};

/** The text after edits; those at one place come in their order. */
export const spliced = (text: string, splices: readonly Splice[]): string => {
  let at = 0;
  let out = '';
  for (const { start, end, text: put } of splices.toSorted((a, b) => a.start - b.start)) {
    out += text.slice(at, start) + put;
    at = end;
  }
  return out + text.slice(at);
};

/** `Base = "0 FIL"`, as a line of its own. */
export const assignment = (path: readonly string[], value: TomlValue): string =>
  `${path.map(bareOrQuoted).join('.')} = ${literal(value)}`;

const bareOrQuoted = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : literal(name));

/** A value as TOML has it. JSON's escapes are TOML's too, but for one character that JSON leaves as it is. */
const literal = (value: TomlValue): string =>
  typeof value === 'string' ? JSON.stringify(value).replaceAll('\u007f', '\\u007F') : String(value);

const parsed = (text: string): Result<AST.TOMLProgram, TomlProblem> => {
  try {
    return ok(parseTOML(text, { tomlVersion: '1.0' }));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return err({ message: error.message, line: error.lineNumber });
  }
};

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && startsWithPath(a, b);

const startsWithPath = (path: readonly string[], begin: readonly string[]): boolean =>
  begin.every((name, index) => path[index]?.toLowerCase() === name.toLowerCase());

const lineOfEntry = ({ node }: Entry): number => node.loc.start.line;

const keysOf = ({ keys }: AST.TOMLKey): string[] =>
  keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));

/** All keys but those of arrays, which are no table of settings. */
const entriesOf = (program: AST.TOMLProgram): Entry[] => {
  const [top] = program.body;
  return top.body.flatMap((node): Entry[] => {
    if (node.type === 'TOMLKeyValue') return entriesAt(node, [], false);
    if (node.kind === 'array') return [];
    const table = tablePath(node);
    return table === null ? [] : node.body.flatMap((one) => entriesAt(one, table, false));
  });
};

/** The path of a table; null below an array of tables. */
const tablePath = ({ resolvedKey }: AST.TOMLTable): readonly string[] | null =>
  resolvedKey.every((part) => typeof part === 'string') ? resolvedKey.map(String) : null;

const entriesAt = (node: AST.TOMLKeyValue, table: readonly string[], inline: boolean): Entry[] => {
  const path = [...table, ...keysOf(node.key)];
  const own = { path, node, table, inline };
  if (node.value.type !== 'TOMLInlineTable') return [own];
  return [own, ...node.value.body.flatMap((inner) => entriesAt(inner, path, true))];
};

const valueSplice = (node: AST.TOMLContentNode, value: TomlValue): Splice[] => {
  const isSame =
    node.type === 'TOMLValue' &&
    (typeof value === 'number' ? node.kind === 'integer' || node.kind === 'float' : true) &&
    node.value === value;
  const [start, end] = node.range;
  return isSame ? [] : [{ start, end, text: literal(value) }];
};

/** Where a key that is not there comes; null where its table is not there either. */
const placeFor = (
  program: AST.TOMLProgram,
  entries: readonly Entry[],
  text: string,
  { path, value }: TomlKey,
): Splice | null => {
  const parent = path.slice(0, -1);
  const [top] = program.body;
  const tables = top.body.filter((node) => node.type === 'TOMLTable');
  const table = tables.find((node) => {
    const own = node.kind === 'standard' ? tablePath(node) : null;
    return own !== null && samePath(own, parent);
  });
  if (table) {
    const next = tables.find(({ range }) => range[0] > table.range[0])?.range[0] ?? text.length;
    const shown = program.comments.findLast(
      (comment) =>
        comment.range[0] > table.range[0] &&
        comment.range[0] < next &&
        isDefaultOf(comment, path.at(-1) ?? '') &&
        !entries.some(({ node: { range } }) => within(comment.range, range)),
    );
    const last = table.body.at(-1);
    const indent = last ? indentAt(text, last.range[0]) : `${indentAt(text, table.range[0])}  `;
    const line = `${indent}${assignment(path.slice(-1), value)}`;
    return lineAfter(text, (shown ?? last ?? table.key).range[1], line);
  }
  const beside = entries.findLast(
    (entry) => startsWithPath(entry.path, parent) && entry.table.length < parent.length && !entry.inline,
  );
  // `Fees.MaxCommitGasFee = …` makes a table without a header, which none may be added to.
  if (beside && beside.node.value.type !== 'TOMLInlineTable') {
    const line = `${indentAt(text, beside.node.range[0])}${assignment(path.slice(beside.table.length), value)}`;
    return lineAfter(text, beside.node.range[1], line);
  }
  const inline = entries.find((entry) => samePath(entry.path, parent))?.node.value;
  if (inline?.type !== 'TOMLInlineTable') return null;
  const last = inline.body.at(-1);
  const [start, end] = inline.range;
  const assigned = assignment(path.slice(-1), value);
  return last
    ? { start: last.range[1], end: last.range[1], text: `, ${assigned}` }
    : { start, end, text: `{ ${assigned} }` };
};

/** `#  ListenAddress = "…"`: how lotus writes the default of a key. */
const isDefaultOf = ({ value }: AST.Comment, name: string): boolean =>
  value.split('=', 1)[0]?.trim().toLowerCase() === name.toLowerCase() && value.includes('=');

const within = ([start]: AST.Range, [from, to]: AST.Range): boolean => start >= from && start < to;

/** The blanks at the front of the line of an offset. */
const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';

/** A new line behind the line of an offset. */
const lineAfter = (text: string, offset: number, line: string): Splice => {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) {
    return { start: text.length, end: text.length, text: `${text.includes('\r\n') ? '\r\n' : '\n'}${line}` };
  }
  const isCrlf = text[newline - 1] === '\r';
  const at = isCrlf ? newline - 1 : newline;
  return { start: at, end: at, text: `${isCrlf ? '\r\n' : '\n'}${line}` };
};

/** The splices, where after them every key has its value and everything else the one that it had. */
const verified = (
  text: string,
  before: AST.TOMLProgram,
  splices: readonly Splice[],
  keys: readonly TomlKey[],
): Result<readonly Splice[], TomlProblem> => {
  if (splices.length === 0) return ok(splices);
  const after = parsed(spliced(text, splices));
  const names = keys.map(({ path }) => path.join('.')).join(', ');
  if (!after.ok) {
    return err({ message: `${names} cannot be put beside what is there: ${after.error.message}` });
  }
  const entries = entriesOf(after.value);
  const wrong = keys.find(({ path, value }) => {
    const node = entries.find((entry) => samePath(entry.path, path))?.node.value;
    return node === undefined || valueSplice(node, value).length > 0;
  });
  if (wrong) return err({ message: `${wrong.path.join('.')} cannot be put beside what is there` });
  const [others, othersThen] = [before, after.value].map((program) =>
    JSON.stringify(withoutKeys(getStaticTOMLValue(program), keys, []), (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    ),
  );
  return others === othersThen
    ? ok(splices)
    : err({ message: `${names} cannot be set without a change of others` });
};

/** A value without the keys, and without tables that nothing is left of. */
const withoutKeys = (value: unknown, keys: readonly TomlKey[], path: readonly string[]): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date)
    return value;
  const left = Object.entries(value)
    .map(([name, part]): [string, unknown] => [name, withoutKeys(part, keys, [...path, name])])
    .filter(([name, part]) => part !== undefined && !keys.some((key) => samePath(key.path, [...path, name])))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return left.length === 0 ? undefined : Object.fromEntries(left);
};
