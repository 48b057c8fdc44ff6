import { groupBy } from '../../core/group-by.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap, wrapAround } from '../text/width.ts';
import { adviceAsOne, adviceForAll } from './advice-for-all.ts';
import { SYMBOLS } from './item-text.ts';
import { alikeIn, asOne, ownNumber } from './own-number.ts';
import { withoutMeasured, withoutOwn } from './own-words.ts';
import { paragraph } from './problem-text.ts';
import { SINCE_WORDS } from './since-words.ts';
import type { VerifyCheck, VerifyDocument, VerifyHost } from './verify-document.ts';

export interface VerifyTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Every check that is not right by itself. */
  readonly full: boolean;
  /** A moment (`2026-11-22T10:30:00Z`) as short as it can be told: `11-22 10:30`. */
  readonly moment: (stamp: string) => string;
}

/** Checks of a host that are not right, told as one. */
interface Wrong {
  readonly host: string;
  readonly address: string;
  readonly kind: VerifyCheck['kind'];
  readonly result: VerifyCheck['result'];
  readonly processes: readonly string[];
  readonly message: string;
  readonly why?: string;
  readonly next?: string;
  readonly commands: readonly string[];
  readonly checks: readonly VerifyCheck[];
}

/** What is not right, the worst first, by name and since when; what is alike once, with all its processes and hosts. */
export const wrongLines = ({ hosts }: VerifyDocument, options: VerifyTextOptions): string[] => {
  const all = hosts.flatMap((host) => wrongOf(host, options.full));
  const groups = [...groupBy(all, keyOf).values()];
  return [
    ...groups.filter(([first]) => first?.result === 'off'),
    ...groups.filter(([first]) => first?.result === 'unknown'),
  ].flatMap((group, index, sorted) => groupLines(group, sorted[index - 1], options));
};

/** What is the same in every host: that the miner does not tell is one thing, whatever runs there. */
const keyOf = (wrong: Wrong): string => {
  const { kind, result, processes, why } = wrong;
  if (isUntold(wrong)) return JSON.stringify([kind, why]);
  const said = saidBy(wrong);
  // Hosts that cannot be looked at name themselves, and how long it took.
  const alike = kind === 'look' ? withoutMeasured(withoutOwn(wrong)(said)) : said;
  return JSON.stringify([kind, result, processes, alike]);
};

const saidBy = ({ message, why }: Wrong): string => JSON.stringify([message, why]);

const isUntold = ({ kind, result }: Pick<Wrong, 'kind' | 'result'>): boolean =>
  kind === 'registration' && result === 'unknown';

const wrongOf = (host: VerifyHost, full: boolean): Wrong[] => {
  const wrong = host.checks.filter(({ result }) => result !== 'ok');
  const bySort = [...groupBy(wrong, ({ kind, result, why }) => JSON.stringify([kind, result, why])).values()];
  return bySort.flatMap((checks) => {
    const told = alikeIn(checks, numbered).map((ones) => oneOf(host, ones));
    const [first] = told;
    if (full || first?.kind !== 'data' || told.length === 1) return told;
    // Files are lost together, with the disk that they were on.
    const message = `${first.message}, and ${count(told.length - 1, 'more', 'more')} of its data`;
    return [{ ...first, message, checks }];
  });
};

/** Processes that differ only by their number are one; of the machine it is a node's. */
const numbered = ({ process, name, message }: VerifyCheck) => ({
  text: message,
  number: ownNumber(process ?? name),
});

const oneOf = ({ host, address }: VerifyHost, checks: readonly VerifyCheck[]): Wrong => {
  const [first] = checks;
  if (!first) throw new RangeError('nothing is wrong there');
  const { kind, result, message, why, next } = first;
  const nexts = checks.map((check) => ({ ...numbered(check), text: check.next ?? '' }));
  return {
    ...{ host, address, kind, result, checks },
    processes: checks.flatMap(({ process }) => process ?? []),
    message: checks.length === 1 ? message : asOne(checks.map(numbered)),
    ...(why !== undefined && { why }),
    ...(next !== undefined && { next: adviceAsOne(nexts) }),
    commands: first.commands ?? [],
  };
};

const groupLines = (
  group: readonly Wrong[],
  before: readonly Wrong[] | undefined,
  options: VerifyTextOptions,
): string[] => {
  const { paint, width } = options;
  const [first] = group;
  if (!first) return [];
  const { result, processes, message, why } = first;
  const mark = result === 'off' ? paint.bad(SYMBOLS.enforce.sign) : paint.careful(SYMBOLS.unknown.sign);
  const names = hostRanges(group.map(({ host }) => host));
  const about = [names, ...(processes.length > 0 && !isUntold(first) ? [hostRanges(processes)] : [])];
  const own = !isUntold(first) && new Set(group.map(saidBy)).size > 1 ? `, as ${first.host} says it` : '';
  const said = isUntold(first) ? 'it is not known which of its workers are registered' : message;
  const since = sinceText(group, options);
  const advice = adviceForAll(group);
  // Of one after the other that ask for the same it is said once.
  const next = advice?.text === adviceForAll(before ?? [])?.text ? undefined : advice;
  return [
    ...wrap(
      `${mark} ${paint.strong(printable(about.join(': ')))}${own}: ${printable(said)}${since}`,
      width,
      2,
    ),
    ...(why === undefined ? [] : paragraph('    why: ', why, width)),
    ...(next === undefined ? [] : wrapAround(`    next: ${next.text}`, next.commands, width, 6)),
  ];
};

/** Moments that are told one by one; of more only the first and the last are. */
const MOST_MOMENTS = 4;

/** ` (log last written 11-24 14:31, 29 min ago)`; where it is not the same for all, whose is which. */
const sinceText = (group: readonly Wrong[], { moment, full }: VerifyTextOptions): string => {
  const several = { hosts: group.length > 1, processes: (group[0]?.processes.length ?? 0) > 1 };
  const told = group.flatMap(({ host, checks }) =>
    checks.flatMap(({ process, since }) =>
      since === undefined
        ? []
        : [{ ...since, text: moment(since.at), who: whoOf(host, process ?? '', several) }],
    ),
  );
  const [first] = told;
  if (!first) return '';
  const word = SINCE_WORDS[first.by];
  const byMoment = [...groupBy(told, ({ text }) => text).entries()];
  if (byMoment.length === 1) return ` (${word} ${first.text}, ${ago(first.seconds)} ago)`;
  if (byMoment.length > MOST_MOMENTS && !full) {
    const sorted = told.toSorted((a, b) => b.seconds - a.seconds);
    return ` (${word} between ${sorted[0]?.text} and ${sorted.at(-1)?.text}; --full tells each)`;
  }
  const each = byMoment.map(([text, ones]) => `${hostRanges(ones.map(({ who }) => who))} ${text}`);
  return ` (${word}: ${printable(each.join(', '))})`;
};

const whoOf = (
  host: string,
  process: string,
  { hosts, processes }: { readonly hosts: boolean; readonly processes: boolean },
): string => (hosts ? (processes ? `${host}/${process}` : host) : process);

/** `29 min`, `3 h 2 min`, `4 d 3 h`: what is told beside a moment to the minute. */
const ago = (seconds: number): string => {
  if (seconds >= 48 * 3600)
    return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
  if (seconds >= 3600 || seconds < 60)
    return formatSeconds(Math.max(0, Math.round(seconds))).replace('.0', '');
  return `${Math.floor(seconds / 60)} min`;
};

/** What is told and is no fault: workers of others, restarts that are owed, and who is changing a host right now. */
export const besideLines = (
  { hosts, strangers }: VerifyDocument,
  { paint, width }: VerifyTextOptions,
): string[] => {
  const owed = groupBy(
    hosts.filter(({ restart }) => restart.length > 0),
    ({ restart }) => hostRanges(restart),
  );
  const named = (ones: readonly VerifyHost[]) =>
    paint.strong(printable(hostRanges(ones.map(({ host }) => host))));
  const places = [...new Set(strangers.map(({ host, address, id }) => host || (address ?? id)))];
  return [
    ...(places.length === 0
      ? []
      : wrap(
          `${paint.careful(SYMBOLS.warn.sign)} the miner lists ${count(strangers.length, 'worker')} of hosts that the inventory does not know: ${printable(hostRanges(places))}`,
          width,
          2,
        )),
    ...[...owed.entries()].flatMap(([processes, ones]) =>
      wrap(
        `${paint.careful(SYMBOLS.restart.sign)} ${named(ones)}: ${processes}: a restart is owed; fcops status says why`,
        width,
        2,
      ),
    ),
    ...hosts.flatMap((host) =>
      host.lockedBy === null
        ? []
        : wrap(
            `${paint.info(SYMBOLS.idle.sign)} ${named([host])}: changed right now by ${printable(host.lockedBy.who)}`,
            width,
            2,
          ),
    ),
  ];
};
