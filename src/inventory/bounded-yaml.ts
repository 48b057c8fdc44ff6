import {
  Composer,
  type Document,
  Lexer,
  type LineCounter,
  Parser,
  type YAMLError,
  YAMLParseError,
} from 'yaml';

/**
 * What a file may be at most. Far more than a cluster of thousands of hosts needs, and little enough that no file,
 * whoever made it, keeps fcops busy for long or ends it: the library that composes YAML calls itself for each level,
 * and a file of a few kilobytes may stand for gigabytes by its aliases.
 */
export const YAML_LIMITS = {
  /** Characters of a file: some five thousand hosts. */
  characters: 1_048_576,
  /** Words and marks as the reader of YAML counts them; some three a value. */
  words: 500_000,
  /** Levels of lists and mappings within each other. */
  depth: 50,
  aliases: 1000,
  /** Values with what aliases stand for in their places. */
  values: 200_000,
} as const;

/** Why a text is not read at all, and where that shows. */
export interface Excess {
  readonly what: string;
  readonly next: string;
  readonly offset: number;
}

const TOO_LONG: Excess = {
  what: `the file is longer than ${YAML_LIMITS.characters / 1024} KiB`,
  next: 'look whether it is the right file',
  offset: 0,
};
const tooMany = (offset: number): Excess => ({
  what: `the file holds more than ${YAML_LIMITS.words} words and marks`,
  next: 'look whether it is the right file',
  offset,
});
const tooDeep = (offset: number): Excess => ({
  what: `more than ${YAML_LIMITS.depth} lists and mappings are within each other here`,
  next: 'remove what is too much; look for brackets that are not closed',
  offset,
});

/** What was read with what is wrong in it as YAML, or why it was not read. */
export type Composed =
  | { readonly document: Document.Parsed; readonly faults: readonly YAMLError[] }
  | { readonly excess: Excess };

/** Reads a text as `parseDocument` of the library does, and stops where a limit is passed, before it costs much. */
export const composeBounded = (text: string, lineCounter: LineCounter): Composed => {
  if (text.length > YAML_LIMITS.characters) return { excess: TOO_LONG };
  const parser = new Parser(lineCounter.addNewLine);
  const composer = new Composer({ lineCounter, prettyErrors: false, uniqueKeys: false });
  const documents: Document.Parsed[] = [];
  let words = 0;
  lineCounter.addNewLine(0);
  for (const word of new Lexer().lex(text)) {
    words += 1;
    if (words > YAML_LIMITS.words) return { excess: tooMany(parser.offset) };
    for (const token of parser.next(word)) documents.push(...composer.next(token));
    if (parser.stack.length > YAML_LIMITS.depth) return { excess: tooDeep(parser.offset) };
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  const [document, second] = documents;
  // `end(true)` makes an empty one where there is none.
  if (!document) throw new Error('a text without any document');
  const more = second ? [new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', '')] : [];
  return { document, faults: [...document.errors, ...document.warnings, ...more] };
};
