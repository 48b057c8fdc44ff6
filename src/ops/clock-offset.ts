import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import { formatSeconds } from '../core/units.ts';
import type { Query } from '../engine/query.ts';
import type { Session } from '../engine/session.ts';
import clockShell from './clock-offset.sh';
import type { OpsDeps } from './deps.ts';

/**
 * Whether a host says that something keeps its clock right, and who says so: chronyd, ntpd, or the kernel by
 * timedatectl. The kernel says no of a clock that ntpdate sets every minute (handbook 2.1.2.3): that alone is no trouble.
 */
export type Synchronized =
  | { readonly type: 'yes' | 'no'; readonly by: 'chrony' | 'ntp' | 'kernel' }
  /** The host has nobody who could be asked, or none who answers. */
  | { readonly type: 'unknown' };

/** What a host's clock has said, in milliseconds since 1970: before and after it was asked who keeps it. */
export interface ClockSaid {
  readonly begin: number;
  readonly end: number;
  readonly synchronized: Synchronized;
}

/** A host's clock against that of this machine. Milliseconds. */
export interface ClockOffset {
  /** Above zero: the host is ahead. */
  readonly offset: number;
  /** How far the truth may lie from it, on both sides: what the way there and back has taken. */
  readonly uncertainty: number;
  readonly synchronized: Synchronized;
}

/**
 * Milliseconds that a clock may be off: the handbook sets it every minute. lotus takes blocks for those of the future that
 * are further ahead, and is late with its own.
 */
export const CLOCK_LIMIT = 1000;

/** Milliseconds: three programs that do not answer are given up one after the other. */
const DEADLINE = 30_000;

/** Asks a host what time it is. */
export const clockQuery: Query<ClockSaid> = {
  name: 'what its clock says',
  script: clockShell,
  parse: (text) => parseClock(text),
  deadline: DEADLINE,
};

/**
 * Measures a host's clock: one trip over the connection of the session. Rejects with an FcopsError where the host does
 * not answer. A trip that had to be made anew over another connection only takes longer: that shows in the uncertainty.
 */
export const askClock = async (
  session: Pick<Session, 'open' | 'ask'>,
  { now, date }: Pick<OpsDeps, 'now' | 'date'>,
): Promise<ClockOffset> => {
  // The way in is no part of the trip.
  await session.open();
  const sent = date().getTime();
  const start = now();
  const said = await session.ask(clockQuery);
  return { ...offsetOf(said, sent, sent + (now() - start)), synchronized: said.synchronized };
};

/**
 * The offset of a clock that was read on a trip of which we know when it began and ended, as NTP reckons it: the host
 * may have read it at any moment of the time that it did not take itself.
 */
export const offsetOf = (
  { begin, end }: Pick<ClockSaid, 'begin' | 'end'>,
  sent: number,
  received: number,
): Pick<ClockOffset, 'offset' | 'uncertainty'> => {
  const onHost = end - begin;
  // A clock that was set meanwhile does not tell how long anything took: then its last word counts.
  const isSteady = onHost >= 0 && onHost <= received - sent;
  const first = isSteady ? begin : end;
  const offset = (first - sent + (end - received)) / 2;
  return { offset, uncertainty: Math.abs(received - sent - (end - first)) / 2 };
};

/** Whether a clock is within so many milliseconds of ours; null: it may be, and may not. */
export const isWithin = (
  { offset, uncertainty }: Pick<ClockOffset, 'offset' | 'uncertainty'>,
  limit: number,
): boolean | null => {
  const distance = Math.abs(offset);
  if (distance + uncertainty <= limit) return true;
  return distance - uncertainty > limit ? false : null;
};

/** `2.4 s ahead (± 12 ms)`, `8 min 3 s behind (± 40 ms)`, `right (± 12 ms)` where no difference can be told. */
export const offsetText = ({ offset, uncertainty }: Pick<ClockOffset, 'offset' | 'uncertainty'>): string => {
  const bounds = `(± ${shortTime(uncertainty)})`;
  const distance = Math.abs(offset);
  if (distance <= uncertainty) return `right ${bounds}`;
  return `${shortTime(distance)} ${offset > 0 ? 'ahead' : 'behind'} ${bounds}`;
};

const shortTime = (ms: number): string =>
  ms < 1000 ? `${Math.max(1, Math.ceil(ms))} ms` : formatSeconds(ms / 1000);

/** Reads the rows of clock-offset.sh; an answer without its last row broke off, and is not used. */
export const parseClock = (text: string): Result<ClockSaid, string> => {
  const rows = new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): [string, string] => {
        const [name = '', ...rest] = line.split('\t');
        return [name, rest.join(' ')];
      }),
  );
  const [begin, end] = [rows.get('begin'), rows.get('end')];
  if (begin === undefined || end === undefined) return err('the answer of the host broke off before its end');
  const [first, last] = [millisecondsOf(begin), millisecondsOf(end)];
  if (first === null || last === null) return err('its date command does not print a time');
  return ok({ begin: first, end: last, synchronized: synchronizedOf(rows) });
};

/** `1764446400.123456789` */
const millisecondsOf = (text: string): number | null =>
  /^\d{1,12}\.\d{1,9}$/.test(text) ? Number(text) * 1000 : null;

/** What each keeper of clocks prints where it is in step with its source. */
const IN_STEP: readonly (readonly ['chrony' | 'ntp' | 'kernel', RegExp])[] = [
  ['chrony', /^Leap status *: *(Normal|Insert second|Delete second)$/],
  ['ntp', /leap_(none|add_sec|del_sec|01|10)\b.*sync_(?!unspec)/],
  ['kernel', /synchronized: *yes$/],
];

const synchronizedOf = (rows: ReadonlyMap<string, string>): Synchronized => {
  for (const [by, inStep] of IN_STEP) {
    const line = rows.get(by);
    if (line !== undefined) return { type: inStep.test(line.trim()) ? 'yes' : 'no', by };
  }
  return { type: 'unknown' };
};
