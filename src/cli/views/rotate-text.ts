import { groupBy } from '../../core/group-by.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { AddressBook } from '../text/addresses.ts';
import { addressesAt } from '../text/addresses.ts';
import { fittingTable } from '../text/fitting-table.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import { failureLines, trustAdvice, typedLines } from './failures.ts';
import { SYMBOLS } from './item-text.ts';
import type { RotateDocument } from './rotate-document.ts';

export interface RotateTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** What shows the changes of the profiles. */
  readonly planCommand: string;
  readonly addresses: AddressBook;
  /** Records the keys of these hosts. */
  readonly trustCommand: (hosts: readonly string[]) => string;
}

type Worker = RotateDocument['workers'][number];

/** Who has another token, what each is at and for how long, and what a rotation would do first. */
export const rotateLines = (
  document: RotateDocument,
  { paint, width, planCommand, addresses, trustCommand }: RotateTextOptions,
): string[] => {
  const { miner, workers, profiles, unseen } = document;
  const failures = unseen.map((one) => ({ ...one, ...addressesAt(addresses, one.host) }));
  return [
    ...wrap(`${paint.strong(miner)}: ${headOf(document)}`, width, 2),
    ...(workers.length === 0 ? [] : ['', ...workerTable(workers, paint, width), '']),
    ...(workers.some(isKnown) ? wrap(`the last of them is idle ${untilIdle(document)}`, width, 2) : []),
    ...(workers.every(isKnown) ? [] : wrap(UNKNOWN, width, 2)),
    ...(profiles.length === 0
      ? []
      : [
          ...wrap(`the profile of ${hostRanges(profiles)} changes before that; to see how:`, width, 2),
          `    ${planCommand}`,
        ]),
    ...failureLines(failures, { width, paint }),
    ...trustAdvice(failures, trustCommand).flatMap((one) => typedLines(one, width)),
  ];
};

const isKnown = ({ unknown }: Worker): boolean => unknown === null;

const UNKNOWN =
  'of whom it is not known what they are at, nobody is restarted without --lose-tasks: the hours of whatever that is are lost with it';

/** Of hosts that were not seen nothing is known: that is not the same as none. */
const headOf = ({ workers, seen, unseen }: RotateDocument): string => {
  if (seen.length === 0 && unseen.length > 0)
    return `it is not known who runs with another token: ${unseen.length === 1 ? 'the host' : `none of ${unseen.length} hosts`} could ${unseen.length === 1 ? 'not ' : ''}be looked at`;
  const hosts = new Set(workers.map(({ host }) => host)).size;
  const one = workers.length === 1;
  const found =
    workers.length === 0
      ? 'no worker that was seen runs with another token'
      : `${count(workers.length, 'worker')} at ${count(hosts, 'host')} ${one ? 'runs' : 'run'} with another token${workers.some(isKnown) ? `, and ${one ? 'is' : 'are'} restarted when idle` : ''}`;
  return unseen.length === 0 ? found : `${found}; of ${count(unseen.length, 'host')} it is not known`;
};

const untilIdle = ({ workers, seconds }: RotateDocument): string => {
  if (workers.every(({ tasks, unknown }) => tasks.length === 0 && unknown === null)) return 'now';
  if (seconds !== null) return `in about ${formatSeconds(seconds)}, by the times of the handbook`;
  const known = Math.max(0, ...workers.flatMap(({ tasks }) => tasks.map(({ left }) => left ?? 0)));
  return known > 0
    ? `in ${formatSeconds(known)} or later: of some tasks nobody can say how long they take`
    : 'when its task has ended: nobody can say how long that takes';
};

const COLUMNS = [
  { title: 'host' },
  { title: 'worker' },
  { title: 'is at' },
  { title: 'for', align: 'right' },
  { title: 'left', align: 'right', spare: 1 },
] as const;

/** Those of a host that are at nothing, or of which the same is said, are told once. */
const alike = ({ host, process, tasks, unknown }: Worker): string =>
  JSON.stringify([host, unknown, tasks.length === 0 ? null : process]);

const workerTable = (workers: readonly Worker[], paint: Paint, width: number): string[] =>
  fittingTable(
    COLUMNS,
    [...groupBy(workers, alike).values()].flatMap((group) => {
      const [one] = group;
      if (!one) return [];
      const { host, tasks, unknown } = one;
      const process = hostRanges(group.map((worker) => worker.process));
      if (unknown !== null)
        return [[host, process, paint.careful(`${SYMBOLS.warn.sign} ${printable(unknown)}`), '', '']];
      if (tasks.length === 0) return [[host, process, 'nothing', '', '']];
      return tasks.map(({ task, sector, seconds, left }, index) => [
        index === 0 ? host : '',
        index === 0 ? process : '',
        `${printable(task)} of sector ${sector}`,
        formatSeconds(seconds),
        left === null ? '?' : formatSeconds(left),
      ]);
    }),
    width,
    paint.quiet,
  );
