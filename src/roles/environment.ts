import type { Content } from '../core/content.ts';
import { contentOf } from '../core/content.ts';
import type { Variable } from '../resources/process/process.ts';
import { parseValue } from '../resources/text/shell-assignments.ts';

/** Variables that shell files export, as far as that follows from them without a shell. */
export interface Environment {
  readonly variables: readonly Variable[];
  /** Whether the first of the files has nothing but these. */
  readonly isWhole: boolean;
}

/** What is exported by files that are read one after the other; a later value counts. */
export const environmentOf = (first: Content, ...others: readonly Content[]): Environment => {
  const known = new Map<string, string>();
  const variables = new Map<string, Content>();
  const read = (content: Content): boolean =>
    linesOf(content)
      .map((line) => readLine(line, known, variables))
      .every((understood) => understood);
  const isWhole = read(first);
  for (const content of others) read(content);
  return { variables: [...variables].map(([name, value]) => ({ name, value })), isWhole };
};

/** The lines of a content, without their ends. */
const linesOf = (content: Content): Content[] => {
  const lines: Content[number][][] = [[]];
  for (const segment of content) {
    if (typeof segment !== 'string') lines.at(-1)?.push(segment);
    else
      for (const [index, part] of segment.split('\n').entries()) {
        if (index > 0) lines.push([]);
        if (part !== '') lines.at(-1)?.push(part);
      }
  }
  return lines.map((line) => contentOf(...line));
};

const EXPORT = /^(export\s+)?([A-Za-z_]\w*)=(.*)$/s;
/** What means itself in a shell word without quotes. */
const BARE = /^[A-Za-z0-9_@%+=:,./-]*$/;

/** Takes in one line; false where it is more than a comment and was not understood. */
const readLine = (line: Content, known: Map<string, string>, variables: Map<string, Content>): boolean => {
  const [first = ''] = line;
  if (typeof first !== 'string') return false;
  if (/^\s*(#|$)/.test(first) && line.length <= 1) return true;
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
