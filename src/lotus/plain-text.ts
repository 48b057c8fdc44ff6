import { unclear } from './reading.ts';

/** Sequences that terminals obey: colours, and those that `sync wait` takes its lines back with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const ESCAPES = /\u001b\[[\d;?]*[A-Za-z]/g;

/** Lines without colours, carriage returns and trailing blanks, whether they came through a pipe or a terminal. */
export const plainLines = (text: string): readonly string[] =>
  text
    .replace(ESCAPES, '')
    .split('\n')
    .map((line) => line.replaceAll('\r', '').trimEnd());

/** The same of a whole output: one that ends within a line was cut off. */
export const wholeLines = (text: string): readonly string[] => {
  if (text !== '' && !text.endsWith('\n')) unclear('the output ends within a line');
  return plainLines(text).slice(0, -1);
};

export const isIndented = (line: string): boolean => /^\s/.test(line);

/** The lines that say something. */
export const saying = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== '');

/** Values of lines such as `Deadline Index:       25`, by what stands before the colon. A label is there once. */
export const labelled = (lines: readonly string[]): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  for (const line of lines) {
    const [, label, value = ''] = /^\s*([^\s:][^:]*):\s*(.*)$/.exec(line) ?? [];
    if (label === undefined) continue;
    if (values.has(label)) unclear(`"${label}" is there twice`);
    values.set(label, value);
  }
  return values;
};
