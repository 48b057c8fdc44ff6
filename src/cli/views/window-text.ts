import { formatSeconds } from '../../core/units.ts';
import { EPOCH } from '../../lotus/epochs.ts';
import { downtimeText } from '../../ops/window/words.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap, wrapAround } from '../text/width.ts';
import { shortMoment } from './short-moment.ts';
import type { WindowDocument } from './window-document.ts';

export interface WindowTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
}

type Moment = NonNullable<WindowDocument['until']>;
type Gap = NonNullable<WindowDocument['gaps']>[number];

/** What `fcops window` says, as lines. */
export const windowLines = (document: WindowDocument, { paint, width }: WindowTextOptions): string[] => {
  const { miner, reasons, downtime, next, gaps } = document;
  return [
    ...wrap(`${paint.strong(miner)}: ${headOf(document, paint)}`, width, 2),
    ...reasons.flatMap(({ message }) => wrap(`  ${printable(message)}`, width, 4)),
    ...deadlineLines(document, width),
    ...(next === null
      ? []
      : wrap(
          `  next: deadline ${next.deadline}, whose proofs lotus-miner begins with ${whenOf(next.computes, document)}; its window opens ${whenOf(next.opens, document)}`,
          width,
          4,
        )),
    ...wrap(`  ${downtimeText(downtime)}`, width, 4),
    ...(gaps === null ? [] : ['', ...gapLines(gaps, document, paint, width)]),
    ...reasons.flatMap((reason) =>
      reason.next === undefined ? [] : wrapAround(`  next: ${reason.next}`, reason.commands ?? [], width, 4),
    ),
  ];
};

const headOf = ({ state, until, ...document }: WindowDocument, paint: Paint): string => {
  switch (state) {
    case 'open':
      return `${paint.good('lotus and lotus-miner may be stopped now')}${until === null ? '' : `, and up to ${shortOf(until)}${leftOf(until, document.now)}`}`;
    case 'idle':
      return paint.good('lotus may be stopped now');
    case 'closed':
      return paint.bad('lotus and lotus-miner must not be stopped now');
    case 'unknown':
      return `${paint.bad('it cannot be told whether lotus and lotus-miner may be stopped')}: that is not safe`;
  }
};

const deadlineLines = ({ deadline }: WindowDocument, width: number): string[] => {
  if (deadline === null) return [];
  const { index, sectors, partitions, proven, closes } = deadline;
  const what =
    closes === null
      ? '  no window is open'
      : `  now: deadline ${index}, ${sectors} sectors, ${proven} of ${partitions} partitions proven, closes ${shortOf(closes)}`;
  return wrap(what, width, 4);
};

const gapLines = (gaps: readonly Gap[], { now }: WindowDocument, paint: Paint, width: number): string[] => {
  if (gaps.length === 0) return ['There is no gap of that length in the coming day.'];
  const rows = gaps.flatMap(({ from, sure, until }) => {
    const begin = from.epoch === now ? 'now' : shortOf(from);
    const depends = sure?.epoch === from.epoch ? '' : dependsOn(sure);
    const row = `  ${begin.padEnd(11)}  to ${shortOf(until)}${depends === '' ? '' : paint.quiet(`  ${depends}`)}`;
    return wrap(row, width, 13);
  });
  return [paint.quiet('When a stop may begin in the coming day:'), ...rows];
};

const dependsOn = (sure: Moment | null): string =>
  sure === null
    ? 'where the window of then is proven by then'
    : `once the window of then is proven, in any case from ${shortOf(sure)} on`;

const shortOf = ({ at }: Moment): string => shortMoment(at);

const leftOf = ({ epoch }: Moment, now: number | null): string =>
  now === null ? '' : ` (for ${formatSeconds((epoch - now) * EPOCH)})`;

const whenOf = (moment: Moment, { now }: Pick<WindowDocument, 'now'>): string =>
  now === null || moment.epoch <= now
    ? shortOf(moment)
    : `in ${formatSeconds((moment.epoch - now) * EPOCH)} (${shortOf(moment)})`;
