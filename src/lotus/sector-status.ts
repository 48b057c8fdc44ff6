import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf } from './numbers.ts';
import { known, type Reading, unclear } from './reading.ts';

/** An event of a sector's life. */
export interface SectorEvent {
  readonly index: number;
  /** Seconds since 1970, by the clock of the miner host. */
  readonly at: number;
  /** `SectorSealPreCommit1Failed` */
  readonly kind: string;
  /** What went wrong, in one line; null: it is no error, or says none. */
  readonly error: string | null;
}

/** What `lotus-miner sectors status` says of a sector. */
export interface SectorStatus {
  readonly number: number;
  readonly state: string;
  /** Whether it was sealed by P1 and P2. */
  readonly isSealed: boolean;
  /** Message that the chain was told of it with, and a deposit paid; null: none was sent. */
  readonly preCommit: string | null;
  /** Message that makes it count; null: none was sent. */
  readonly commit: string | null;
  /** Deals in it. */
  readonly deals: number;
  readonly lastError: string | null;
  /** The events that were printed (`--log`), the newest last. */
  readonly events: readonly SectorEvent[];
}

/** Reads `lotus-miner sectors status [--log] [--on-chain-info] N`; of the log any part may have been left out. */
export const readSectorStatus = (answer: Answer): Reading<SectorStatus> =>
  readAnswer(answer, (lines) => {
    const log = lines.indexOf('Event Log:');
    const head = log < 0 ? lines : lines.slice(0, log);
    const values = valuesOf(head);
    const value = (label: string): string => known(values.get(label), `"${label}" is not there`);
    const state = value('Status');
    if (!/^[A-Z]\w*$/.test(state)) unclear('nobody knows the state of this sector', state);
    const [, deals] = /^\[([\d ]*)\]$/.exec(value('Deals')) ?? [];
    return {
      number: known(countOf(value('SectorID')), 'the number of this sector is unclear', value('SectorID')),
      state,
      isSealed: cidOf(value('CIDcommR')) !== null,
      preCommit: cidOf(value('Precommit')),
      commit: cidOf(value('Commit')),
      deals: known(deals, 'the deals of this sector are unclear')
        .split(' ')
        .filter((deal) => deal !== '' && Number(deal) !== 0).length,
      lastError: values.get('Last Error') ?? null,
      events: log < 0 ? [] : readEvents(lines.slice(log + 1)),
    };
  });

/** Values by their labels, up to the part about the chain; the last error may go on over several lines. */
const valuesOf = (lines: readonly string[]): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  for (const line of lines) {
    if (/^-+$/.test(line) || line === 'Sector On Chain Info') break;
    const error = values.get('Last Error');
    if (error !== undefined) {
      if (line !== '') values.set('Last Error', `${error} ${line.trim()}`);
      continue;
    }
    if (line === '') continue;
    const [, label, value = ''] = /^([A-Z][A-Za-z ]*):\s*(.*)$/.exec(line) ?? [];
    if (label === undefined) return unclear('this is no status of a sector', line);
    if (values.has(label)) unclear(`"${label}" is there twice`);
    values.set(label, value);
  }
  return values;
};

/** Null where there is none, as Go writes that. */
const cidOf = (text: string): string | null => {
  if (/^(?:%!\w\(.*=)?<nil>\)?$/.test(text)) return null;
  return /^[a-zA-Z0-9]{10,120}$/.test(text) ? text : unclear('this is no content id', text);
};

const EVENT =
  /^(\d{1,6})\.\s+(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) \S+:\s+\[([^\]]{1,200})\](?:\s|$)/;

const readEvents = (lines: readonly string[]): readonly SectorEvent[] => {
  const blocks: { readonly first: string; readonly trace: string[] }[] = [];
  for (const line of lines) {
    if (EVENT.test(line)) blocks.push({ first: line, trace: [] });
    else if (blocks.length > 0) blocks.at(-1)?.trace.push(line);
    else if (line !== '') unclear('this is no event of a sector', line);
  }
  return blocks.map(({ first, trace }) => {
    const [, index, year, month, day, hour, minute, second, sign, hours, minutes, kind = ''] =
      EVENT.exec(first) ?? [];
    const local = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
    return {
      index: Number(index),
      at: local / 1000 - offset,
      kind: kind.replace(/^event;(?:\w+\.)?/, ''),
      error: errorOf(trace),
    };
  });
};

/** Of a trace of Go with its places in the source only what it says: each reason at the margin, or behind a dash. */
const errorOf = (trace: readonly string[]): string | null => {
  const said = trace
    .map((line) => line.replace(/^\t/, ''))
    .filter((line) => /^\S/.test(line) || /^ {2}- /.test(line))
    .map((line) => line.replace(/^ {2}- /, '').replace(/:$/, ''));
  return said.length === 0 ? null : said.join(': ');
};
