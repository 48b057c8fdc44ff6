import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { painter } from '../text/paint.ts';
import { resourceName } from '../text/resource-name.ts';
import { displayWidth, padEnd, printable } from '../text/width.ts';
import { fileDiff, linesOf } from './file-diff.ts';
import type { DocumentChange, DocumentHost, DocumentItem, PlanDocument } from './plan-document.ts';
import type { Fold, FoldedItem } from './plan-fold.ts';
import { foldPlan } from './plan-fold.ts';
import { paragraph, problemLines } from './problem-text.ts';

export interface PlanTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** New files and long diffs as a whole. */
  readonly full: boolean;
}

type Symbol = { readonly sign: string; readonly word: string; readonly paint: keyof Paint };

const SYMBOLS = {
  create: { sign: '+', word: 'create', paint: 'good' },
  update: { sign: '~', word: 'update', paint: 'careful' },
  remove: { sign: '-', word: 'remove', paint: 'bad' },
  run: { sign: '>', word: 'run', paint: 'info' },
  unknown: { sign: '?', word: 'could not be seen', paint: 'bad' },
  enforce: { sign: '!', word: 'check failed', paint: 'bad' },
  warn: { sign: '*', word: 'warning', paint: 'careful' },
  reboot: { sign: '^', word: 'reboot needed', paint: 'careful' },
} as const satisfies Record<string, Symbol>;

const symbolOf = (item: DocumentItem): Symbol => {
  if (item.state === 'change') return SYMBOLS[item.action];
  return item.state === 'violated' ? SYMBOLS[item.severity] : SYMBOLS[item.state];
};

/** A plan as people read it: what changes where, each difference once, the counts at the end. */
export const planText = (plan: PlanDocument, options: PlanTextOptions): string => {
  const paint = painter(options.colour);
  const folds = foldPlan(plan.hosts);
  return [
    ...legend(folds, paint),
    ...folds.flatMap((fold) => foldLines(fold, options, paint)),
    ...plan.hosts.flatMap((host) => withoutPlan(host, options.width, paint)),
    ...blockedHosts(plan.hosts, paint),
    ...sameHosts(plan.hosts, paint),
    ...countLines(plan, paint),
    '',
  ].join('\n');
};

const legend = (folds: readonly Fold[], paint: Paint): string[] => {
  const used = new Set(folds.flatMap(({ items }) => items.map(({ item }) => symbolOf(item))));
  if (used.size === 0) return [];
  const signs = Object.values<Symbol>(SYMBOLS).filter((symbol) => used.has(symbol));
  return [signs.map((symbol) => `${paint[symbol.paint](symbol.sign)} ${symbol.word}`).join('   '), ''];
};

const foldLines = (fold: Fold, options: PlanTextOptions, paint: Paint): string[] => {
  const names = hostRanges(fold.hosts);
  const heading = fold.hosts.length === 1 ? names : `${names} (${count(fold.hosts.length, 'host')})`;
  const [first = ''] = fold.hosts;
  const mark = fold.items.some(({ varies }) => varies)
    ? [paint.quiet(`  [${first}] marks what the others have with their own name and address`)]
    : [];
  const lines = [paint.strong(heading), ...mark];
  let task = '';
  for (const folded of fold.items) {
    if (folded.item.task !== task) {
      task = folded.item.task;
      lines.push(`  ${task}`);
    }
    lines.push(...itemLines(folded, first, options, paint).map((line) => `    ${line}`));
  }
  return [...lines, ''];
};

const itemLines = (
  { item, varies }: FoldedItem,
  shown: string,
  options: PlanTextOptions,
  paint: Paint,
): string[] => {
  const { sign, paint: colour } = symbolOf(item);
  const title = `${paint[colour](sign)} ${resourceName(item.resource)}`;
  const note = varies ? paint.quiet(`  [${shown}]`) : '';
  switch (item.state) {
    case 'change': {
      const text = item.text ? fileDiff(item.text, options.full, paint).map((line) => `    ${line}`) : [];
      return [...titleWithDetails(title, item, options.width - 4, note), ...text];
    }
    case 'violated':
      return [
        ...paragraph(
          isCheck(item) ? paint[colour](sign) : `${title}:`,
          `${item.message}${note}`,
          options.width - 4,
        ),
        ...(item.next === undefined ? [] : paragraph('    next:', item.next, options.width - 4)),
      ];
    case 'unknown':
    case 'reboot':
      return [`${title}: ${printable(item.reason)}${note}`];
  }
};

/** The message of a check says all that its name does. */
const isCheck = ({ resource }: DocumentItem): boolean => resource.startsWith('assertion:');

/** The details behind the title where they fit, else below: differences as a table, the rest in a row. */
const titleWithDetails = (title: string, item: DocumentChange, width: number, note: string): string[] => {
  const differing = item.details.filter(({ before }) => before !== null);
  const given = item.details.filter(({ before }) => before === null);
  const size = item.text && item.text.before === null ? [count(linesOf(item.text.after).length, 'line')] : [];
  const row = [
    ...given.map(({ name, after }) => `${printable(name)} ${printable(after ?? '')}`.trimEnd()),
    ...size,
  ];
  const line = [...differing.map((one) => `${printable(one.name)} ${difference(one)}`), ...row].join(', ');
  const whole = line === '' ? title : `${title}  ${line}`;
  if (displayWidth(whole) + displayWidth(note) <= width) return [`${whole}${note}`];
  const names = Math.max(0, ...differing.map(({ name }) => displayWidth(name)));
  return [
    `${title}${note}`,
    ...differing.map((one) => `    ${padEnd(printable(one.name), names)}  ${difference(one)}`),
    ...flow(row, width - 4).map((text) => `    ${text}`),
  ];
};

const difference = ({ before, after }: DocumentChange['details'][number]): string =>
  after === null ? `was ${printable(before ?? '')}` : `${printable(before ?? '')} -> ${printable(after)}`;

/** Words with commas between, in lines of at most `width` where a word is not wider. */
const flow = (parts: readonly string[], width: number): string[] => {
  const lines: string[] = [];
  for (const [index, part] of parts.entries()) {
    const word = index < parts.length - 1 ? `${part},` : part;
    const line = lines.at(-1);
    if (line !== undefined && displayWidth(line) + 1 + displayWidth(word) <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
};

const withoutPlan = ({ host, state, problems }: DocumentHost, width: number, paint: Paint): string[] =>
  problems.length === 0
    ? []
    : [
        `${paint.strong(host)}  ${paint.bad(state)}`,
        ...problems.flatMap((problem) =>
          problemLines(problem, { paint, known: { host }, width: width - 2 }).map((line) => `  ${line}`),
        ),
        '',
      ];

const blockedHosts = (hosts: readonly DocumentHost[], paint: Paint): string[] => {
  const blocked = hosts.filter(({ state, problems }) => state === 'blocked' && problems.length === 0);
  if (blocked.length === 0) return [];
  const names = hostRanges(blocked.map(({ host }) => host));
  return [
    `${paint.strong(names)}  ${paint.bad('blocked')}: a deploy changes nothing there while ! or ? is left`,
    '',
  ];
};

const sameHosts = (hosts: readonly DocumentHost[], paint: Paint): string[] => {
  const same = hosts.filter(({ state }) => state === 'same').map(({ host }) => host);
  if (same.length === 0) return [];
  return [`${paint.strong(hostRanges(same))}  ${paint.good('nothing to change')}`, ''];
};

const countLines = ({ counts }: PlanDocument, paint: Paint): string[] => {
  const actions = [
    `${counts.create} to create`,
    `${counts.update} to update`,
    ...(counts.remove > 0 ? [`${counts.remove} to remove`] : []),
    ...(counts.run > 0 ? [`${counts.run} to run`] : []),
    `${counts.unknown} unknown`,
  ];
  const parts = [
    ...(counts.changing > 0 ? [`${count(counts.changing, 'host')}: ${actions.join(', ')}`] : []),
    ...(counts.same === counts.hosts ? [`nothing to change on ${count(counts.hosts, 'host')}`] : []),
    ...(counts.same > 0 && counts.same < counts.hosts ? [`${count(counts.same, 'host')} unchanged`] : []),
    ...(counts.blocked > 0 ? [paint.bad(`${count(counts.blocked, 'host')} blocked`)] : []),
    ...(counts.unreachable > 0 ? [paint.bad(`${count(counts.unreachable, 'host')} unreachable`)] : []),
    ...(counts.warnings > 0 ? [paint.careful(count(counts.warnings, 'warning'))] : []),
    ...(counts.reboot > 0 ? [paint.careful(`${count(counts.reboot, 'host')} to reboot`)] : []),
  ];
  return [`${paint.strong('Plan:')} ${parts.join('; ')}`];
};
