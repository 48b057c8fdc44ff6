import type { Content } from '../core/content.ts';
import { contentLines, contentOf } from '../core/content.ts';
import { remember } from '../core/remember.ts';
import { BARE, parseValue } from '../resources/text/shell-assignments.ts';

/** Variables that shell files export, as far as that follows from them without a shell. */
export interface Environment {
  readonly variables: readonly { readonly name: string; readonly value: Content }[];
  /** Whether the first of the files has nothing but these. */
  readonly isWhole: boolean;
}

/** What is exported by files that are read one after the other; a later value counts. */
export const environmentOf = (first: Content, ...others: readonly Content[]): Environment => {
  const begin = afterFirst(first);
  const [known, variables] = [new Map(begin.known), new Map(begin.variables)];
  for (const content of others) readFile(content, known, variables);
  return {
    variables: [...variables].map(([name, value]) => ({ name, value })),
    isWhole: begin.isWhole,
  };
};

/** The processes of a machine have the first file in common. */
const afterFirst = remember((first: Content) => {
  const known = new Map<string, string>();
  const variables = new Map<string, Content>();
  const isWhole = readFile(first, known, variables);
  return { known, variables, isWhole };
});

/** Takes in all lines; false where one was not understood. */
const readFile = (content: Content, known: Map<string, string>, variables: Map<string, Content>): boolean => {
  let isWhole = true;
  for (const line of contentLines(content)) isWhole = readLine(line, known, variables) && isWhole;
  return isWhole;
};

const COMMENT = /^\s*(#|$)/;
const EXPORT = /^(export\s+)?([A-Za-z_]\w*)=(.*)$/s;

/** Takes in one line; false where it is more than a comment and was not understood. */
const readLine = (line: Content, known: Map<string, string>, variables: Map<string, Content>): boolean => {
  const [first = ''] = line;
  if (typeof first !== 'string') return false;
  // Most lines of a script are neither.
  if (!first.includes('=')) return line.length <= 1 && COMMENT.test(first);
  if (COMMENT.test(first) && line.length <= 1) return true;
  const [, exported, name, begin = ''] = EXPORT.exec(first) ?? [];
  if (name === undefined) return false;
  if (line.length > 1) {
    const value = wordWithSecrets(begin, line.slice(1));
    if (value === null || exported === undefined) return false;
    variables.set(name, value);
    return true;
  }
  const parsed = parseValue(begin, known);
  if (parsed === null) {
    variables.delete(name);
    return false;
  }
  known.set(name, parsed.value);
  if (exported !== undefined) variables.set(name, contentOf(parsed.value));
  return true;
};

/** A word of secrets and of text that means itself, as its value; null for anything else. */
const wordWithSecrets = (begin: string, rest: Content): Content | null => {
  const parts = [begin, ...rest];
  if (!parts.every((part) => typeof part !== 'string' || BARE.test(part))) return null;
  return contentOf(
    ...parts.map((part) => (typeof part === 'string' ? part : { secret: part.secret, as: 'plain' as const })),
  );
};
