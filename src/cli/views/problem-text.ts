import type { Place } from '../../core/problem.ts';
import { describePlace } from '../../core/problem.ts';
import type { Paint } from '../text/paint.ts';
import { displayWidth, printable, wrap, wrapAround } from '../text/width.ts';
import type { ProblemDocument } from './problem-document.ts';

/** What the reader sees already, and how much room there is. */
export interface ProblemContext {
  readonly paint: Paint;
  /** Stands before the first line. */
  readonly lead?: string;
  /** The part of the place that stands above. */
  readonly known?: Place;
  /** Columns; lines are broken at blanks. Left out where there is no terminal. */
  readonly width?: number;
}

/** A text under its label: lines of its own below each other, long ones broken, but none of the commands in it. */
export const paragraph = (
  label: string,
  text: string,
  width = Number.POSITIVE_INFINITY,
  commands: readonly string[] = [],
): string[] => {
  const indent = ' '.repeat(displayWidth(label) + 1);
  const typed = commands.map(printable);
  const lines = text.split('\n').flatMap((line) => wrapAround(printable(line), typed, width - indent.length));
  return lines.map((line, index) => (index === 0 ? `${label} ${line}`.trimEnd() : `${indent}${line}`));
};

/** The place of a problem, without the part that stands above; empty where nothing is left. */
const placeBeside = ({ host, task, ...file }: Place = {}, known: Place): string =>
  describePlace({
    ...file,
    ...(host !== undefined && host !== known.host && { host }),
    ...(task !== undefined && task !== '' && task !== known.task && { task }),
  });

/** `templates/c2/profile.hbs:1:3: there is no value nonsense`: where and what, as one text. */
export const placedWhat = ({ what, where }: Pick<ProblemDocument, 'what' | 'where'>, known: Place): string =>
  [placeBeside(where, known), what].filter(Boolean).join(': ');

/** A problem as lines: where and what, then why, then what to do next. */
export const problemLines = (
  { what, where, why, next, commands }: ProblemDocument,
  { paint, lead = '', known = {}, width }: ProblemContext,
): string[] => {
  const place = printable(placeBeside(where, known));
  const at = place === '' ? '' : `${paint.strong(place)}: `;
  return [
    ...what
      .split('\n')
      .flatMap((line, index) =>
        wrap(`${index === 0 ? lead + at : ''}${printable(line)}`, width ?? Number.POSITIVE_INFINITY, 2),
      ),
    ...(why === undefined ? [] : paragraph('  why: ', why, width)),
    ...(next === undefined ? [] : paragraph('  next:', next, width, commands)),
  ];
};
