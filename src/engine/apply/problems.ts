import { again, look, shellOnHost } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { Exit } from '../../transport/connection.ts';
import type { ChangeItem } from '../plan.ts';
import { reasonIn } from './reason.ts';

/** A step failed; `late` where it was ended after so many seconds. */
export const failedProblem = (
  host: string,
  item: ChangeItem | undefined,
  { status, late }: { readonly status: number; readonly late: number | null },
  lastLines: readonly string[],
): Problem => {
  const where = { host, task: item?.task ?? '' };
  const reason = reasonIn(lastLines);
  if (late === null && reason.type === 'said') {
    const { what, why, next } = reason;
    return {
      kind: 'step',
      what: `${item?.kind ?? 'a step'}: ${what}`,
      where,
      ...(why !== '' && { why }),
      // A step that says itself when to run again knows better what that does.
      next: [
        ...next.map(look),
        again(reason.again ?? 'run again: what was done stays, and only what is missing is done'),
      ],
    };
  }
  return {
    kind: 'step',
    what:
      late === null
        ? `${item?.resource ?? 'a step'} failed (status ${status})`
        : `${item?.resource ?? 'a step'} did not end within ${formatSeconds(late)}, and was ended`,
    where,
    why: lastLines.join('\n') || 'it printed nothing',
    next: [again('fix the cause and run again: what was done stays, and only what is missing is done')],
  };
};

/** A step could not be begun: a full disk, most often. */
export const brokenProblem = (host: string, item: ChangeItem | undefined, why: string): Problem => ({
  kind: 'run',
  what: `${item?.resource ?? 'a step'} was not begun`,
  where: { host, task: item?.task ?? '' },
  why,
  next: [look('see that /var/lib/fcops has room and can be written'), again('then run again')],
});

/** Changes that were not begun because of others that failed, and those that nobody came to after too many had. */
export const notBegunProblems = (
  host: string,
  skipped: readonly { readonly item: ChangeItem | undefined; readonly cause: ChangeItem | undefined }[],
  notReached: readonly ChangeItem[],
): Problem[] => {
  const causes = [...new Set(skipped.map(({ cause }) => cause?.resource ?? 'a step'))];
  const needing = skipped.map(({ item }) => item?.title ?? 'a step');
  return [
    ...notBegun(
      host,
      needing,
      `not begun, as ${needing.length === 1 ? 'it needs' : 'they need'} ${causes.join(', ')}`,
    ),
    ...notBegun(
      host,
      notReached.map(({ title }) => title),
      'not come to, as too many before had failed',
    ),
  ];
};

const notBegun = (host: string, titles: readonly string[], why: string): Problem[] => {
  if (titles.length === 0) return [];
  const more = titles.length > TITLES ? [`and ${titles.length - TITLES} more`] : [];
  return [
    {
      kind: 'step',
      what: `${count(titles.length, 'change')} ${why}`,
      where: { host },
      why: [...titles.slice(0, TITLES), ...more].join(', '),
    },
  ];
};

/** Names of changes that were not begun that are told. */
const TITLES = 12;

export const stoppedProblem = (host: string, item: ChangeItem | undefined): Problem => ({
  kind: 'stopped',
  what: 'stopped between two steps, as asked',
  where: { host, task: item?.task ?? '' },
  next: [again('run again to do the rest')],
});

/** Status of follow.sh where the host has nothing of the run. */
export const NEVER_ARRIVED = 76;

/** Status where the host has a directory of the run, and no runner has said its number in it. */
export const ABOUT_TO_BEGIN = 77;

const NOT_ARRIVED: Pick<Problem, 'what' | 'next'> = {
  what: 'the steps did not reach the host whole; nothing was done',
  next: [again()],
};

const NOT_KEPT: Pick<Problem, 'what' | 'next'> = {
  what: 'the steps could not be kept on the host; nothing was done',
  next: [look('see that /var/lib/fcops has room and can be written'), again('then run again')],
};

/** What start.sh and follow.sh say by their status, where no journal of the steps was read. */
const NOT_STARTED: ReadonlyMap<number | null, Pick<Problem, 'what' | 'next'>> = new Map([
  [74, NOT_KEPT],
  [75, { ...NOT_ARRIVED, next: [look('see that /var/lib/fcops has room'), again('then run again')] }],
  [
    78,
    {
      what: 'the file system that /var/lib/fcops is on can only be read; nothing was done',
      next: [
        shellOnHost('dmesg | tail -n 30', 'a disk that fails is mounted read-only'),
        again('mend it, then run again'),
      ],
    },
  ],
  [
    79,
    {
      what: 'the disk that /var/lib/fcops is on is full; nothing was done',
      next: [shellOnHost('df -h /var/lib/fcops; df -i /var/lib/fcops', 'make room'), again()],
    },
  ],
  [NEVER_ARRIVED, NOT_ARRIVED],
  [
    ABOUT_TO_BEGIN,
    {
      what: 'whether the steps were begun is not known: the host has a place for them, and none was heard of',
      next: [again('run again: the look that comes first sees what was done')],
    },
  ],
]);

const ENDED_SILENTLY: Pick<Problem, 'what' | 'next'> = {
  what: 'the run ended on the host without saying how',
  next: [look('see that /var/lib/fcops has room and can be written'), again('then run again')],
};

/** The run says that not all went well, and nothing that it said before tells what. */
export const unexplainedProblem = (host: string, line: string): Problem => ({
  kind: 'run',
  ...ENDED_SILENTLY,
  where: { host },
  why: line,
});

/** The run ended without a word in its journal; `noise` is what else stands there. */
export const brokenOffProblem = (host: string, noise: readonly string[], exit: Exit): Problem =>
  exit.problem ?? {
    kind: 'run',
    ...(NOT_STARTED.get(exit.status) ?? ENDED_SILENTLY),
    where: { host },
    why: [...noise, exit.stderr.trim()].filter(Boolean).join('\n') || `status ${exit.status}`,
  };

export const lostProblem = (host: string, why: string): Problem => ({
  kind: 'lost',
  what: 'the connection was lost while the host was being changed; its steps go on without it',
  where: { host },
  why,
  next: [again('run again when the host can be reached: only what is missing is done')],
});
