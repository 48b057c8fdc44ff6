import type { YAMLError } from 'yaml';
import { edit } from '../core/next.ts';
import type { Place, Problem } from '../core/problem.ts';

interface Wording {
  readonly what: string;
  readonly next?: string;
}

/** The parser's errors in plain words; none quotes the file, which may hold secrets. */
const WORDING: Partial<Record<YAMLError['code'], Wording>> = {
  DUPLICATE_KEY: { what: 'this key is here twice', next: 'keep one of the two' },
  TAB_AS_INDENT: {
    what: 'a tab indents this line',
    next: 'YAML allows only spaces: replace the tab by spaces',
  },
  MULTIPLE_DOCS: {
    what: 'the file holds more than one document',
    next: 'one file per cluster: split it at "---"',
  },
  TAG_RESOLVE_FAILED: { what: 'a tag (!name) that means nothing here', next: 'remove it' },
  MULTILINE_IMPLICIT_KEY: {
    what: 'this line is neither "key: value" nor part of the one above',
    next: 'look for a missing colon, space after a colon, quote or bracket here or just above',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    what: 'this value is followed by another "key: value"',
    next: 'begin keys of the same level in the same column, one per line; quote a value that has ": " in it',
  },
  BLOCK_IN_FLOW: {
    what: 'a comma is missing here between two entries of { } or [ ]',
    next: 'write a comma after each entry',
  },
  BAD_SCALAR_START: {
    what: 'a value cannot begin with this character',
    next: 'put the value in double quotes',
  },
  UNEXPECTED_TOKEN: {
    what: 'this does not belong here',
    next: 'look for a bracket or quote too many, or a line with the wrong indentation, here or just above',
  },
  BAD_INDENT: {
    what: 'this line does not begin in the column of the lines that it belongs to',
    next: 'begin keys of the same level in the same column',
  },
};

const UNCLOSED: Wording = {
  what: 'a "{" or "[" above is not closed',
  next: 'close it; what follows is checked after that',
};
const NO_QUOTE: Wording = { what: 'a quote above is not closed', next: 'put the missing quote at its end' };
const NO_VALUE: Wording = {
  what: 'this line is not "key: value"',
  next: 'write a colon and a space after the key; or remove the line',
};

const NO_DASH: Wording = {
  what: 'this line does not begin in the column of the lines that it belongs to',
  next: 'begin keys of the same level in the same column; a new entry of a list begins with "- "',
};

/** The parser gives one code to several mistakes: its message tells them apart, and nothing else of it is read. */
const isUnclosed = ({ code, message }: YAMLError): boolean =>
  code === 'BAD_INDENT' && message.startsWith('Flow');

const wordingOf = (fault: YAMLError): Wording => {
  if (isUnclosed(fault)) return UNCLOSED;
  if (fault.code === 'MISSING_CHAR' && fault.message.startsWith('Missing closing')) return NO_QUOTE;
  if (fault.code === 'MISSING_CHAR' && fault.message.startsWith('Implicit map keys')) return NO_VALUE;
  if (fault.code === 'MISSING_CHAR' && fault.message.startsWith('Sequence item')) return NO_DASH;
  return WORDING[fault.code] ?? { what: `not valid YAML: ${fault.message}` };
};

/** Faults that leave the rest of the file as it is; after any other, the parser only stumbles on. */
const ALONE = new Set<YAMLError['code']>(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'MULTIPLE_DOCS']);

/** Plain words for the parser's errors: one per line, and none after the first that upsets the parser. */
export const syntaxProblems = (
  faults: readonly YAMLError[],
  placeAt: (offset: number) => Place,
): readonly Problem[] => {
  const inOrder = faults.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const first = inOrder.find(({ code }) => !ALONE.has(code));
  const kept = inOrder.filter((fault) => fault === first || ALONE.has(fault.code));
  const perLine = new Map<number | undefined, Problem>();
  for (const fault of kept) {
    const where = placeAt(fault.pos[0]);
    if (perLine.has(where.line)) continue;
    const { what, next } = wordingOf(fault);
    perLine.set(where.line, {
      kind: 'inventory',
      what,
      where,
      ...(next !== undefined && { next: [edit(next)] }),
    });
  }
  return [...perLine.values()];
};
