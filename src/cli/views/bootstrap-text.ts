import type { Next } from '../../core/next.ts';
import { count, formatBytes, formatSeconds } from '../../core/units.ts';
import type { BootstrapEvent, Bootstrapped } from '../../ops/bootstrap/events.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap, wrapAround, wrapInside } from '../text/width.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';

/** How lines are written. */
export interface BootstrapWords {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  readonly words: Words;
}

type Event<Type extends BootstrapEvent['type']> = Extract<BootstrapEvent, { readonly type: Type }>;

const MARKS = { done: 'done', 'to do': 'to do', waits: 'waits', blocked: 'stops', unknown: '?' } as const;
const MARK_WIDTH = Math.max(...Object.values(MARKS).map((mark) => mark.length));

/** All steps, each on a line with what the host shows of it. */
export const stepLines = (
  { what, host, miner, steps }: Event<'steps'>,
  { paint, width }: BootstrapWords,
): string[] => {
  const titles = Math.max(...steps.map(({ title }) => title.length));
  return [
    paint.strong(`${what === 'restore' ? 'Restore' : 'Set-up'} of ${miner} on ${host}`),
    ...steps.flatMap(({ title, state, says }) => {
      const lead = `  ${MARKS[state].padEnd(MARK_WIDTH)}  ${title.padEnd(titles)}  `;
      const [first = '', ...rest] = wrapInside(printable(says), Math.max(20, width - lead.length));
      const colour = {
        done: paint.good,
        'to do': paint.careful,
        waits: paint.careful,
        blocked: paint.bad,
        unknown: paint.quiet,
      }[state];
      return [
        `  ${colour(MARKS[state].padEnd(MARK_WIDTH))}${lead.slice(2 + MARK_WIDTH)}${first}`.trimEnd(),
        ...rest.map((line) => `${' '.repeat(lead.length)}${line}`),
      ];
    }),
    '',
  ];
};

/** `1.2 GiB of 31 GiB, 4 %, 2 h 10 min left` */
export const progressText = ({ progress: { done, total, unit }, secondsLeft }: Event<'progress'>): string => {
  const amount = (value: number) => (unit === 'bytes' ? formatBytes(value) : `${value}`);
  const of =
    unit === 'percent'
      ? `${Number(done.toFixed(1))} %`
      : total === null
        ? amount(done)
        : `${unit === 'epochs' ? 'epoch ' : ''}${amount(done)} of ${amount(total)}`;
  const share =
    unit === 'bytes' && total !== null && total > 0 ? `, ${Math.floor((100 * done) / total)} %` : '';
  return `${of}${share}${secondsLeft === null ? '' : `, ${formatSeconds(secondsLeft)} left`}`;
};

/** What is left to do, as an entry of the list; a command alone belongs to the entry above it. */
const leftLines = (one: Next, words: Words, width: number): string[] => {
  const { next = '', commands = [] } = adviceOf([one], words) ?? {};
  if (next === commands[0]) return [`        ${next}`];
  const [first = '', ...rest] = wrapAround(next, commands, width - 4);
  return [`  - ${first}`, ...rest.map((line) => `    ${line}`)];
};

/** What is said at the end. */
export const endLines = (
  result: Bootstrapped,
  host: string,
  { paint, words, width }: BootstrapWords,
): string[] => {
  const said = (line: string) => wrap(line, width);
  switch (result.state) {
    case 'checked':
      return said(result.left === 0 ? 'All is done.' : `${count(result.left, 'step')} left.`);
    case 'declined':
      return said('Stopped there, and nothing more was done. Run again to go on from here.');
    case 'left':
      return said(
        result.goesOn
          ? `Left. What is at work on ${host} goes on there; run again to take it up.`
          : 'Left. Run again to go on from here.',
      );
    default: {
      const { what, miner, owner, worker, api, token, next } = result.outcome;
      const rows = [
        ['miner', miner],
        ['owner', owner],
        ['worker', worker],
        ['API', api],
        ['token', `in ${token} on ${host}`],
      ].flatMap(([name, value]) => (value ? [`  ${(name ?? '').padEnd(6)}  ${value}`] : []));
      return [
        paint.good(`The miner is ${what === 'restore' ? 'restored' : 'set up'}.`),
        ...rows,
        '',
        paint.strong('Left to do:'),
        ...next.flatMap((one) => leftLines(one, words, width)),
      ];
    }
  }
};
