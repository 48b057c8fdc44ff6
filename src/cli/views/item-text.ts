import { count } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { displayWidth, flow, padEnd, printable, wrap } from '../text/width.ts';
import { fileDiff, lineDiff, linesOf } from './file-diff.ts';
import { foldedNames } from './own-number.ts';
import type { DocumentChange } from './plan-document.ts';
import { paragraph } from './problem-text.ts';
import { runsSince } from './restarts.ts';
import type { ChangeGroup, RestartGroup, ShownItem } from './shown-items.ts';

export interface ItemTextOptions {
  /** Columns that there are; infinite where there is no terminal. */
  readonly width: number;
  /** New files and long diffs as a whole. */
  readonly full: boolean;
  /** Stands behind the title; empty for none. */
  readonly note: string;
  readonly paint: Paint;
  /** Since when, from a moment such as `2026-11-22T10:30:00Z`. */
  readonly since: (stamp: string) => string;
}

type Symbol = { readonly sign: string; readonly word: string; readonly paint: keyof Paint };

export const SYMBOLS = {
  create: { sign: '+', word: 'create', paint: 'good' },
  update: { sign: '~', word: 'update', paint: 'careful' },
  remove: { sign: '-', word: 'remove', paint: 'bad' },
  run: { sign: '>', word: 'run', paint: 'info' },
  unknown: { sign: '?', word: 'could not be seen', paint: 'bad' },
  enforce: { sign: '!', word: 'check failed', paint: 'bad' },
  start: { sign: '=', word: 'missing for a start', paint: 'careful' },
  warn: { sign: '*', word: 'warning', paint: 'careful' },
  reboot: { sign: '^', word: 'reboot needed', paint: 'careful' },
  restart: { sign: '%', word: 'restart owed', paint: 'careful' },
  idle: { sign: '.', word: 'does not run', paint: 'info' },
  left: { sign: '/', word: 'no longer managed, stays on the host', paint: 'careful' },
  added: { sign: '>', word: 'to be started', paint: 'info' },
} as const satisfies Record<string, Symbol>;

export const symbolOf = (item: ShownItem): Symbol => {
  switch (item.state) {
    case 'change':
    case 'changes':
      return SYMBOLS[item.action];
    case 'violated':
      return SYMBOLS[item.severity];
    case 'restarts':
      return SYMBOLS.restart;
    default:
      return SYMBOLS[item.state];
  }
};

/** One thing of a plan as lines: its sign and name, what differs, and the text of a file. */
export const itemLines = (item: ShownItem, options: ItemTextOptions): string[] => {
  const { width, note, paint } = options;
  const symbol = symbolOf(item);
  const sign = paint[symbol.paint](symbol.sign);
  switch (item.state) {
    case 'change': {
      return [...titleWithDetails(sign, item, options), ...textLines(item, options)];
    }
    case 'changes':
      return groupLines(sign, item, options);
    case 'violated': {
      const isNamed = isCheck(item) || item.message.startsWith(`${item.title} `);
      const label = isNamed ? sign : `${sign} ${printable(item.title)}:`;
      return [
        ...paragraph(label, `${item.message}${waitingText(item.processes ?? [])}${note}`, width),
        ...(item.next === undefined ? [] : paragraph('    next:', item.next, width, item.commands)),
      ];
    }
    case 'unknown':
    case 'reboot':
      return wrap(`${sign} ${printable(item.title)}: ${printable(item.reason)}${note}`, width, 4);
    case 'idle':
      return wrap(`${sign} ${idleText(item.processes.length)}${note}`, width, 4);
    case 'restarts':
      return restartLines(sign, item, options);
    case 'left':
    case 'added':
      return wrap(
        `${sign} ${(options.full ? item.names : foldedNames(item.names)).map(printable).join(', ')}${note}`,
        width,
        4,
      );
  }
};

/** Of one host; of each of `hosts` where there are more. */
export const idleText = (processes: number, hosts = 1): string => {
  if (processes === 1) return hosts === 1 ? 'its process does not run' : 'their processes do not run';
  return hosts === 1
    ? `none of its ${processes} processes runs`
    : `none of the ${processes} processes of each runs`;
};

/** The processes one by one, with their numbers, where all is shown. */
const restartLines = (
  sign: string,
  { title, reasons, processes }: RestartGroup,
  { width, full, note, since }: ItemTextOptions,
): string[] => {
  const why = `${sign} ${printable(title)}: ${printable(reasons.join('; '))}`;
  // Of a host that nobody has looked at nothing is known but what they lack.
  if (processes.length === 0) return wrap(`${why}${note}`, width, 4);
  const [first, second] = processes;
  const oldest = { since: Math.min(...processes.map((one) => one.since)), several: second !== undefined };
  if (!first || !full)
    return wrap(`${why}; ${runsSince(second ? oldest : { ...oldest, ...first }, since)}${note}`, width, 4);
  const names = Math.max(...processes.map(({ process }) => displayWidth(process)));
  return [
    ...wrap(`${why}${note}`, width, 4),
    ...processes.flatMap((one) =>
      wrap(`    ${padEnd(printable(one.process), names)}  ${runsSince(one, since)}`, width, 4),
    ),
  ];
};

/** Changes that are alike as one: the first of them stands for the others, and what differs is told in rows. */
const groupLines = (sign: string, group: ChangeGroup, options: ItemTextOptions): string[] => {
  const { first, title, size, differing } = group;
  const { width, paint } = options;
  const names = Math.max(0, ...differing.map(({ name }) => displayWidth(name)));
  const room = (Number.isFinite(width) ? width : LOG_WIDTH) - names - 6;
  const rows = differing.flatMap(({ name, values }) =>
    flow(values.map(printable), '  ', room).map(
      (line, index) => `    ${padEnd(index === 0 ? printable(name) : '', names)}  ${line}`,
    ),
  );
  const text = first.text && first.text.before !== null ? textLines(first, options) : [];
  const about = `${size} alike${text.length > 0 ? `, as in ${printable(first.title)}` : ''}`;
  return [
    ...titleWithDetails(sign, { ...first, title }, { ...options, note: `  (${about})${options.note}` }),
    ...rows.map(paint.quiet),
    ...text,
  ];
};

const CHANGE_INDENT = '    ';

/** The text of a file below its title; long lines are broken, further in than they begin. */
const textLines = ({ text, lines }: DocumentChange, { width, full, paint }: ItemTextOptions): string[] => {
  const room = width - CHANGE_INDENT.length;
  const shown = [
    ...(text ? fileDiff(text, full, paint, room) : []),
    ...(lines ? lineDiff(lines, paint, room) : []),
  ];
  return shown.map((line) => `${CHANGE_INDENT}${line}`);
};

/** The message of a check says all that its name does. */
const isCheck = ({ kind }: ShownItem): boolean => kind === 'assertion' || kind === 'requirement';

const waitingText = (processes: readonly string[]): string =>
  processes.length === 0
    ? ''
    : `; ${hostRanges(processes)} ${processes.length === 1 ? 'waits' : 'wait'} for it`;

/** Columns for details where there is no terminal: a log of lines without end is read by nobody. */
const LOG_WIDTH = 96;

/** The details behind the title where they fit, else below: differences as a table, the rest in a row. */
const titleWithDetails = (
  sign: string,
  item: DocumentChange,
  { width: room, note }: ItemTextOptions,
): string[] => {
  const width = Number.isFinite(room) ? room : LOG_WIDTH;
  const { name, separator = '  ', differing, given } = described(item);
  const title = `${sign} ${name}`;
  const line = [...differing.map(([what, how]) => `${what} ${how}`), ...given].join(', ');
  const whole = line === '' ? title : `${title}${separator}${line}`;
  if (displayWidth(whole) + displayWidth(note) <= width) return [`${whole}${note}`];
  const names = Math.max(0, ...differing.map(([what]) => displayWidth(what)));
  return [
    ...wrap(`${title}${note}`, width, 4),
    ...differing.flatMap(([what, how]) => wrap(`    ${padEnd(what, names)}  ${how}`, width, 4)),
    ...flow(given, ', ', width - 4).map((text) => `    ${text}`),
  ];
};

interface Described {
  readonly name: string;
  /** Between the name and the rest; two blanks where it is left out. */
  readonly separator?: string;
  /** What differs, and how. */
  readonly differing: readonly (readonly [string, string])[];
  /** What there is to say besides. */
  readonly given: readonly string[];
}

const described = (item: DocumentChange): Described => {
  const name = printable(item.title);
  if (isInstallation(item)) {
    // What is there before is another package, which goes or changes for those that are to come.
    const given = item.details.filter(({ before }) => before === null).map((one) => printable(one.name));
    const differing = item.details
      .filter(({ before }) => before !== null)
      .map((one) => [printable(one.name), difference(one)] as const);
    const others = differing.length === 0 ? '' : `, ${count(differing.length, 'other')} changed for them`;
    return { name: `packages  ${given.length} to install${others}`, separator: ': ', differing, given };
  }
  const given = item.details.filter(({ before }) => before === null);
  const size = item.text && item.text.before === null ? [count(linesOf(item.text.after).length, 'line')] : [];
  return {
    name,
    differing: item.details
      .filter(({ before }) => before !== null)
      .map((one) => [printable(one.name), difference(one)]),
    given: [...given.map((one) => `${printable(one.name)} ${printable(one.after ?? '')}`.trimEnd()), ...size],
  };
};

type Detail = DocumentChange['details'][number];

const isInstallation = ({ kind, details }: DocumentChange): boolean =>
  kind === 'packages' && details.some(({ before, after }) => before === null && after === 'installed');

const difference = ({ before, after }: Detail): string =>
  after === null ? `was ${printable(before ?? '')}` : `${printable(before ?? '')} -> ${printable(after)}`;
