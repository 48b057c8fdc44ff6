import type { Place, Problem } from '../../core/errors.ts';
import { describePlace } from '../../core/errors.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/width.ts';

const paragraph = (label: string, text: string): string[] => {
  const [first = '', ...rest] = text.split('\n').map(printable);
  const indent = ' '.repeat(label.length + 1);
  return [`${label} ${first}`, ...rest.map((line) => `${indent}${line.replace(/^ {1,8}/, '')}`)];
};

/**
 * A problem as lines: where and what, then why, then what to do next. `known` is the part of the place that
 * the reader already sees above.
 */
export const problemLines = (
  { what, where, why, next }: Problem,
  paint: Paint,
  known: Place = {},
): string[] => {
  const { host, task, ...file } = where ?? {};
  const place = describePlace({
    ...file,
    ...(host !== undefined && host !== known.host && { host }),
    ...(task !== undefined && task !== '' && task !== known.task && { task }),
  });
  return [
    place === '' ? printable(what) : `${paint.strong(printable(place))}: ${printable(what)}`,
    ...(why === undefined || why === '' ? [] : paragraph('  why: ', why)),
    ...(next === undefined ? [] : paragraph('  next:', next)),
  ];
};

/** A problem as a JSON value of its own, with no key that has no value. */
export const copyProblem = ({ what, where, why, next }: Problem): MutableProblem => ({
  what,
  ...(where && { where: { ...where } }),
  ...(why !== undefined && { why }),
  ...(next !== undefined && { next }),
});

interface MutableProblem {
  what: string;
  where?: { -readonly [Key in keyof Place]: Place[Key] };
  why?: string;
  next?: string;
}
