import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';

/** Lower-case hex by the name of the file; `several`: the list says one thing and another of it. */
export type Sums = ReadonlyMap<string, string | 'several'>;

/**
 * Reads what sha256sum prints, and `sha256sum --tag`: names with `*` before them (binary) or `./`, escaped ones after a
 * `\`, lines that end as on Windows. Other lines (comments, a signature around them, sums of another kind) say nothing;
 * a list without a single sum is none.
 */
export const readSha256Sums = (text: string): Result<Sums, string> => {
  const sums = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split('\n')) {
    const entry = entryOf(line.replace(/\r$/, ''));
    if (!entry) continue;
    const [name, sum] = entry;
    const before = sums.get(name);
    sums.set(name, before === undefined || before === sum ? sum : 'several');
  }
  return sums.size === 0 ? err('there is no line of sha256sum in it') : ok(sums);
};

const entryOf = (line: string): readonly [string, string] | null => {
  const [, escaped = '', sum, name] = /^(\\?)([0-9a-fA-F]{64}) [ *](.+)$/s.exec(line) ?? [];
  if (sum !== undefined && name !== undefined) return [nameOf(name, escaped !== ''), sum.toLowerCase()];
  const [, tagEscaped = '', tagName, tagSum] = /^(\\?)SHA256 \((.+)\) = ([0-9a-fA-F]{64})$/s.exec(line) ?? [];
  if (tagSum === undefined || tagName === undefined) return null;
  return [nameOf(tagName, tagEscaped !== ''), tagSum.toLowerCase()];
};

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\\\', '\\'],
  ['\\n', '\n'],
  ['\\r', '\r'],
]);

const nameOf = (written: string, isEscaped: boolean): string => {
  const name = isEscaped ? written.replace(/\\[\\nr]/g, (word) => ESCAPES.get(word) ?? word) : written;
  return name.replace(/^(\.\/+)+/, '');
};
