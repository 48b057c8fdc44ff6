import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { painter } from '../text/paint.ts';
import { changedLines, diffLines, lineDiff, linesOf } from './file-diff.ts';
import { idleText, SYMBOLS, symbolOf } from './item-text.ts';
import type { CutOff, Section } from './markdown.ts';
import { block, code, details, htmlCode, prose } from './markdown.ts';
import { foldedNames } from './own-number.ts';
import type { DocumentChange } from './plan-document.ts';
import type { Fold, FoldedItem } from './plan-fold.ts';
import type { ShownItem } from './shown-items.ts';

/** Lines of a diff, and of a new file, that a comment has of each. */
const DIFF_LINES = 80;
const NEW_LINES = 20;

/** What a comment of such parts says of what it has cut. */
export const cutWords = ({ shortened, leftOut }: CutOff): string =>
  `**Cut to the length of a comment:** ${[
    ...(shortened > 0 ? [`${count(shortened, 'part')} without their diffs or names`] : []),
    ...(leftOut > 0 ? [`${count(leftOut, 'part')} left out`] : []),
  ].join(', ')}. The same command with \`--output text --full\` shows all.`;

/**
 * What changes alike on hosts, to be opened: with its diffs, without them, or as a line of counts. `of` stands before it;
 * `unseen`: what is said of what is not known.
 */
export const foldSection = ({ hosts, items }: Fold, of: string, unseen: string): Section => {
  const names = hostRanges(hosts);
  const head = `${of}${hosts.length === 1 ? '' : `${count(hosts.length, 'host')}: `}`;
  const summary = `${head}${htmlCode(names)} — ${hosts.length === 1 ? '' : 'on each '}${itemCounts(items, unseen)}`;
  const varies = items.some((one) => one.varies)
    ? [`As ${code(hosts[0] ?? '')} has it; the others have their own name and address in what is marked ◇.`]
    : [];
  const parts = items.map((one) => itemParts(one, unseen));
  return [
    details(summary, [...varies, ...parts.map(({ whole }) => whole)].join('\n\n')),
    details(summary, [...varies, parts.map(({ brief }) => brief).join('\n')].join('\n\n')),
    `${summary}`,
  ];
};

/** `2 to update, restart owed by 17 processes` */
const itemCounts = (items: readonly FoldedItem[], unseen: string): string => {
  const counts = new Map<string, number>();
  for (const { item } of items) {
    const word = wordOf(item, unseen);
    counts.set(word, (counts.get(word) ?? 0) + sizeOf(item));
  }
  return [...counts]
    .map(([word, number]) => `${number} ${number === 1 ? word : (SEVERAL[word] ?? word)}`)
    .join(', ');
};

/** Words of one thing that are others of several. */
const SEVERAL: Readonly<Record<string, string>> = {
  [SYMBOLS.idle.word]: 'do not run',
  [SYMBOLS.enforce.word]: 'checks failed',
  [SYMBOLS.warn.word]: 'warnings',
};

const wordOf = (item: ShownItem, unseen: string): string => {
  switch (item.state) {
    case 'change':
    case 'changes':
      return `to ${item.action}`;
    case 'unknown':
      return unseen;
    case 'restarts':
      return 'to restart';
    case 'left':
      return 'no longer managed';
    default:
      return symbolOf(item).word;
  }
};

const sizeOf = (item: ShownItem): number => {
  switch (item.state) {
    case 'changes':
      return item.size;
    case 'left':
    case 'added':
      return item.names.length;
    case 'restarts':
      return processesIn(item.title);
    case 'idle':
      return item.processes.length;
    default:
      return 1;
  }
};

/** How many processes a title such as `APx, P1-[1:14]` names. */
const processesIn = (title: string): number =>
  title.split(', ').reduce((sum, part) => {
    const [, first, last] = /\[(\d+):(\d+)\]/.exec(part) ?? [];
    return sum + (first === undefined ? 1 : Number(last) - Number(first) + 1);
  }, 0);

interface ItemParts {
  readonly whole: string;
  /** Without diffs: one line of a list. */
  readonly brief: string;
}

const itemParts = ({ item, varies }: FoldedItem, unseen: string): ItemParts => {
  const mark = varies ? ' ◇' : '';
  switch (item.state) {
    case 'change':
      return changeParts(item, code(item.title), mark, []);
    case 'changes': {
      const rows = item.differing.map(({ name, values }) => `${code(name)}: ${values.map(code).join(' ')}`);
      return changeParts(
        item.first,
        `${code(item.title)} (${item.size} alike)`,
        mark,
        rows,
        `as in ${code(item.first.title)}`,
      );
    }
    case 'violated':
      return line(
        `**${symbolOf(item).word}** ${prose(item.message)}${item.next ? `; next: ${prose(item.next)}` : ''}${mark}`,
      );
    case 'unknown':
    case 'reboot': {
      const word = item.state === 'unknown' ? unseen : symbolOf(item).word;
      return line(`**${word}** ${code(item.title)}: ${prose(item.reason)}${mark}`);
    }
    case 'restarts':
      return line(`**restart owed** by ${code(item.title)}: ${prose(item.reasons.join('; '))}${mark}`);
    case 'left':
    case 'added':
      return line(`**${symbolOf(item).word}**: ${foldedNames(item.names).map(code).join(', ')}${mark}`);
    case 'idle':
      return line(prose(idleText(item.processes.length)));
  }
};

const line = (text: string): ItemParts => ({ whole: `- ${text}`, brief: `- ${text}` });

const changeParts = (
  change: DocumentChange,
  title: string,
  mark: string,
  rows: readonly string[],
  example = '',
): ItemParts => {
  const how = change.details.map(({ name, before, after }) =>
    before === null
      ? prose(`${name} ${after ?? ''}`.trim())
      : `${prose(name)} ${code(before)} → ${after === null ? 'none' : code(after)}`,
  );
  const head = `- **${change.action}** ${[title, ...how].join(', ')}${mark}`;
  const lines = diffOf(change);
  const shown = [
    ...rows.map((row) => `  - ${row}`),
    ...(lines.length === 0 || example === '' ? [] : [`  - ${example}:`]),
  ];
  return {
    whole: [head, ...shown, ...(lines.length === 0 ? [] : ['', indented(block(lines, 'diff'))])].join('\n'),
    brief: [head, ...(lines.length === 0 ? [] : [`  - ${diffCounts(lines)}`])].join('\n'),
  };
};

/** Below the item of a list. */
const indented = (text: string): string => text.replace(/^/gm, '  ');

const diffCounts = (lines: readonly string[]): string => {
  const number = (sign: string) => lines.filter((one) => one.startsWith(sign)).length;
  return `${count(number('+'), 'line')} added, ${number('-')} removed`;
};

const diffOf = ({ text, lines }: DocumentChange): readonly string[] => {
  if (lines) return lineDiff(lines, painter(false));
  if (!text) return [];
  if (text.before === null)
    return shortened(
      linesOf(text.after).map((one) => `+${one}`),
      NEW_LINES,
    );
  return changedLines(text.before, text.after).length === 0
    ? []
    : shortened(diffLines(text.before, text.after), DIFF_LINES);
};

const shortened = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most + 1 ? lines : [...lines.slice(0, most), `… ${lines.length - most} more lines`];
