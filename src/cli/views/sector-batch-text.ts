import { groupBy } from '../../core/group-by.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { AT_REST } from '../../lotus/sector-states.ts';
import { durationText } from '../../ops/jobs/jobs.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import { SYMBOLS } from './item-text.ts';
import { numberRanges } from './pledge-text.ts';
import type { SectorsChangeDocument } from './sectors-change-document.ts';
import { chainText } from './sectors-text.ts';

export interface SectorBatchTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
}

type Sector = SectorsChangeDocument['sectors'][number];
type Action = SectorsChangeDocument['action'];
type Outcome = NonNullable<SectorsChangeDocument['result']>['outcomes'][number];

const TO_DO: Readonly<Record<Action, string>> = {
  retry: 'to try again',
  discard: 'to give up (state Removed; their files stay where they are)',
  remove: 'to remove with their files',
};

/** What would be done with which sectors, and what each costs; what is left alone comes last. */
export const sectorBatchLines = (
  document: SectorsChangeDocument,
  { paint, width }: SectorBatchTextOptions,
): string[] => {
  const { miner, minerHost, action, sectors, left, beyond } = document;
  return [
    ...wrap(
      `${paint.strong(miner)}: ${count(sectors.length, 'sector')} at ${minerHost} ${TO_DO[action]}`,
      width,
      2,
    ),
    ...(sectors.length === 0 ? [] : ['']),
    ...sectors.flatMap((sector) => sectorLines(sector, action, paint, width)),
    ...(left.length === 0 ? [] : ['', ...leftLines(left, paint, width)]),
    ...(beyond === 0
      ? []
      : [
          '',
          ...wrap(
            paint.quiet(`${count(beyond, 'sector')} more in that state: beyond --limit, or not looked at`),
            width,
            2,
          ),
        ]),
  ];
};

const sectorLines = (sector: Sector, action: Action, paint: Paint, width: number): string[] => {
  const { number, state, age, says } = sector;
  const since = age === null ? '' : ` for ${formatSeconds(age)}`;
  return [
    ...wrap(
      `${paint.strong(`${number}`)} ${printable(state ?? '?')}${since}: ${chainText(sector)}; ${costText(sector, action)}`,
      width,
      2,
    ),
    ...(says === null ? [] : wrap(paint.quiet(`  ${printable(says)}`), width, 2)),
  ];
};

const costText = ({ state, to, age, done, spent, preCommit }: Sector, action: Action): string => {
  if (action === 'retry')
    return to === state ? 'lotus-miner decides anew, in about a minute' : `goes on with ${to}`;
  if (state === 'Removed') return 'given up already: its files go';
  const stages =
    done.length === 0
      ? 'no stage of it is known to be done'
      : spent === null
        ? `${done.join(', ')} are lost`
        : `${done.join(', ')} (${durationText(spent)}) lost`;
  return [
    stages,
    ...(preCommit === null ? [] : [`its deposit is lost (${preCommit})`]),
    ...(age !== null && age < AT_REST ? ['lotus-miner would try it again by itself'] : []),
  ].join('; ');
};

const leftLines = (left: readonly Sector[], paint: Paint, width: number): string[] =>
  [...groupBy(left, ({ refusal }) => refusal?.replace(/\d+/g, '#') ?? '').values()].flatMap((group) =>
    wrap(
      `${paint.careful(SYMBOLS.warn.sign)} ${numberRanges(group.map(({ number }) => number))} left alone: ${printable(group[0]?.refusal ?? '')}`,
      width,
      2,
    ),
  );

const DONE: Readonly<Record<Action, string>> = {
  retry: 'tried again',
  discard: 'given up',
  remove: 'removed',
};

/** What came of them, the same once. */
export const outcomeLines = (
  { action, result }: Pick<SectorsChangeDocument, 'action' | 'result'>,
  { paint, width }: SectorBatchTextOptions,
): string[] => {
  const key = ({ type, state, why }: Outcome) => JSON.stringify([type, state, why?.replace(/\d+/g, '#')]);
  return [...groupBy(result?.outcomes ?? [], key).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const of = `${count(group.length, 'sector')}: ${numberRanges(group.map(({ number }) => number))}`;
    const why = first.why === null ? '' : `: ${printable(first.why)}`;
    return wrap(`${signOf(first, paint)} ${of} ${outcomeText(action, first)}${why}`, width, 2);
  });
};

const signOf = ({ type }: Outcome, paint: Paint): string =>
  type === 'done'
    ? paint.good(SYMBOLS.create.sign)
    : type === 'under way' || type === 'taken'
      ? paint.careful(SYMBOLS.warn.sign)
      : paint.bad(SYMBOLS.enforce.sign);

const outcomeText = (action: Action, { type, state }: Outcome): string => {
  const now = state === null ? '' : ` (${printable(state)})`;
  switch (type) {
    case 'done':
      return `${DONE[action]}${now}`;
    case 'under way':
      return `being removed${now}`;
    case 'taken':
      return `taken by lotus-miner, and not seen to be ${DONE[action]} yet${now}`;
    case 'unknown':
      return `not known to be ${DONE[action]}${now}`;
    case 'not done':
      return `not ${DONE[action]}${now}`;
    case 'not begun':
      return 'not begun';
  }
};
