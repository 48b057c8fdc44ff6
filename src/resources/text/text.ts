import shell from './text.sh';

/** Bash that brings free text into rows; stands before all probes. */
export const textShell: string = shell;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\\\', '\\'],
  ['\\t', '\t'],
  ['\\r', '\r'],
  ['\\n', '\n'],
]);

/** The text that `fcops_escape` made one field of. */
export const unescapeText = (field: string): string =>
  field.includes('\\') ? field.replace(/\\[\\trn]/g, (pair) => ESCAPES.get(pair) ?? pair) : field;
