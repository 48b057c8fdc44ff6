import { count, formatSeconds } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import { SYMBOLS } from './item-text.ts';
import type { JobsAbortDocument } from './jobs-abort-document.ts';

export interface JobsAbortTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
}

type Item = JobsAbortDocument['jobs'][number];
type Outcome = NonNullable<JobsAbortDocument['result']>['outcomes'][number];

/** Tasks that would be aborted, what that costs, and what is left alone. */
export const jobsAbortLines = (
  { miner, minerHost, jobs, left, beyond }: JobsAbortDocument,
  { paint, width }: JobsAbortTextOptions,
): string[] => [
  ...wrap(`${paint.strong(miner)}: ${count(jobs.length, 'task')} of ${minerHost} to abort`, width, 2),
  ...(jobs.length === 0 ? [] : ['']),
  ...jobs.flatMap((job) =>
    wrap(
      `${paint.strong(job.id)} ${job.task} of sector ${job.sector}${placeText(job)}: ${costText(job, paint)}`,
      width,
      2,
    ),
  ),
  ...(left.length === 0 ? [] : ['']),
  ...left.flatMap((job) =>
    wrap(
      `${paint.careful(SYMBOLS.warn.sign)} ${job.id} ${job.task} of sector ${job.sector} left alone: ${printable(job.refusal ?? '')}`,
      width,
      2,
    ),
  ),
  ...(beyond === 0
    ? []
    : ['', ...wrap(paint.quiet(`${count(beyond, 'task')} more, beyond --limit`), width, 2)]),
];

const placeText = ({ host, told }: Item): string =>
  host === null && told === '' ? '' : ` at ${printable(host ?? told)}`;

const costText = ({ cost, seconds, task }: Item, paint: Paint): string => {
  const age = formatSeconds(seconds);
  switch (cost) {
    case 'lost':
      return `no worker has it, for ${age}`;
    case 'maybe':
      return paint.careful(
        `for ${age} no worker is known to have it; one may be at it, and its ${task} is lost then`,
      );
    case 'running':
      return paint.bad(`it runs: ${age} of ${task} are lost, and its worker goes on all the same`);
  }
};

/** What came of them, a task a line. */
export const abortOutcomeLines = (
  { result }: Pick<JobsAbortDocument, 'result'>,
  { paint, width }: JobsAbortTextOptions,
): string[] =>
  (result?.outcomes ?? []).flatMap((outcome) => {
    const sign = outcome.type === 'gone' ? paint.good(SYMBOLS.create.sign) : paint.bad(SYMBOLS.enforce.sign);
    const why = outcome.why === null ? '' : `: ${printable(outcome.why)}`;
    return wrap(`${sign} ${outcome.id} of sector ${outcome.sector} ${WORDS[outcome.type]}${why}`, width, 2);
  });

const WORDS: Readonly<Record<Outcome['type'], string>> = {
  gone: 'aborted: lotus-miner waits for it no more',
  taken: 'taken by lotus-miner, which still waits for it',
  'not done': 'not aborted',
  unknown: 'not known to be aborted',
  'not begun': 'not begun',
};
