import { isDeepStrictEqual } from 'node:util';
import type { Node } from 'yaml';
import { isMap, LineCounter } from 'yaml';
import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { composeBounded } from '../bounded-yaml.ts';
import { readYaml, valueAt } from '../yaml-file.ts';
import { noClusterFile, startOf } from './editable.ts';
import { columnOf } from './host-style.ts';

/** A key at the top of a file with all that stands under it: lines without an end. */
export interface Section {
  readonly key: string;
  readonly text: string;
}

/** A file with what it lacked. */
export interface WithSections {
  readonly text: string;
  readonly added: readonly string[];
}

/**
 * The text of a file with those sections at its end whose keys it does not have; it may have other mistakes. All that is
 * there stays as it is, which is seen by reading it again. Where they cannot be written, the problem says what a person
 * has to write.
 */
export const withSections = (
  file: string,
  text: string,
  sections: readonly Section[],
): Result<WithSections, readonly Problem[]> => {
  const yaml = readYaml(file, text);
  if (yaml.problems.length > 0) return err(yaml.problems);
  const before = yaml.value ?? {};
  if (typeof before !== 'object' || Array.isArray(before)) return err([noClusterFile(file)]);
  const missing = sections.filter(({ key }) => !Object.hasOwn(before, key));
  const added = missing.map(({ key }) => key);
  if (missing.length === 0) return ok({ text, added });
  const now = text + tailOf(text, missing);
  const reread = readYaml(file, now);
  const wanted = { ...before, ...valuesOf(missing) };
  if (reread.problems.length === 0 && isDeepStrictEqual(reread.value, wanted))
    return ok({ text: now, added });
  return err([
    {
      kind: 'inventory',
      what: `${added.map((key) => `\`${key}\``).join(', ')} ${added.length === 1 ? 'is' : 'are'} missing, and not written into the file`,
      where: { file },
      why: 'the way in which the file is written is one that fcops does not know how to go on with',
      next: [edit(['add in its way of writing:', ...missing.map((section) => section.text)].join('\n'))],
    },
  ]);
};

/** What comes behind a text: the sections, each a blank line after what is before it. */
const tailOf = (text: string, sections: readonly Section[]): string => {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = ' '.repeat(topColumn(text));
  const blocks = sections.map((section) =>
    section.text
      .split('\n')
      .map((line) => (line === '' ? '' : indent + line))
      .join(eol),
  );
  const end = text === '' || text.endsWith('\n') ? '' : eol;
  const gap = text.trim() === '' ? '' : eol;
  return `${end}${gap}${blocks.join(eol + eol)}${eol}`;
};

/** How far in the keys at the top of a file stand. */
const topColumn = (text: string): number => {
  // A byte order mark is no column.
  const plain = text.replace(/^\ufeff/, '');
  const composed = composeBounded(plain, new LineCounter());
  const root = 'document' in composed ? composed.document.contents : null;
  const key = isMap<Node, Node | null>(root) ? root.items[0]?.key : undefined;
  return key ? columnOf(plain, startOf(key)) : 0;
};

const valuesOf = (sections: readonly Section[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    sections.map(({ key, text }) => [key, valueAt(readYaml('', text).value, [key])] as const),
  );
