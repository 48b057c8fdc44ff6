import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';

/** Marks of Chinese input methods that look like YAML's own and are not, and what to write in their place. */
const MARKS: Readonly<Record<string, string>> = {
  '：': 'write ":" and a space',
  '，': 'write "," and a space',
  '、': 'write "," and a space',
  '；': 'write "," and a space',
  '\u3000': 'write a plain space',
  '｛': 'write "{"',
  '｝': 'write "}"',
  '［': 'write "["',
  '］': 'write "]"',
  '【': 'write "["',
  '】': 'write "]"',
  '＃': 'write "#"',
  '－': 'write "-"',
  '“': 'write "',
  '”': 'write "',
  '‘': "write '",
  '’': "write '",
};
const MARK = new RegExp(`[${Object.keys(MARKS).join('')}]`);

/** The first such mark of a word that was typed, with what to write in its place; null: there is none. */
export const fullWidthMark = (word: string): { readonly mark: string; readonly instead: string } | null => {
  const mark = MARK.exec(word)?.[0];
  return mark === undefined ? null : { mark, instead: MARKS[mark] ?? '' };
};

/** The line with quoted text and its comment blanked out: what stands there may be in any language. */
const outsideQuotes = (line: string): string =>
  line
    .replace(/"(?:[^"\\]|\\.)*"|(?<=^|[\s,[{:])'[^']*'/g, (quoted) => ' '.repeat(quoted.length))
    .replace(/(?<=^|\s)#.*/, '');

/** Every line with a full-width mark in it: the first mark, with its column. Lines and columns count from 1. */
const marksIn = (text: string): ReadonlyMap<number, { readonly mark: string; readonly column: number }> =>
  new Map(
    text.split('\n').flatMap((line, index) => {
      const found = MARK.exec(outsideQuotes(line));
      return found ? [[index + 1, { mark: found[0], column: found.index + 1 }] as const] : [];
    }),
  );

const problemAt = (file: string, line: number, mark: string, column: number): Problem => ({
  kind: 'inventory',
  what: mark === '\u3000' ? 'a full-width space here' : `full-width "${mark}" here`,
  where: { file, line, column },
  next: [edit(`${MARKS[mark]} (switch the input method to English)`)],
});

/**
 * Puts the true reason in place of problems on lines with a full-width mark. Where nothing is wrong with such
 * a line, as with a description in Chinese, nothing is said. `readable: false`: the text is no YAML at all, so
 * that each such line is told, and what its mark upsets in the line after it is not.
 */
export const tellFullWidth = (
  file: string,
  text: string,
  problems: readonly Problem[],
  readable: boolean,
): readonly Problem[] => {
  if (problems.length === 0) return problems;
  const marks = marksIn(text);
  const caused = (line: number | undefined): boolean =>
    line !== undefined && (marks.has(line) || (!readable && marks.has(line - 1)));
  const lines = new Set(problems.map(({ where }) => where?.line));
  const told = [...marks]
    .filter(([line]) => !readable || lines.has(line))
    .map(([line, { mark, column }]) => problemAt(file, line, mark, column));
  return [...told, ...problems.filter(({ where }) => !(where?.file === file && caused(where.line)))];
};
