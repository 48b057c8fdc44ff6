import { minerId } from './address.ts';
import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { attoFilOf, bytesOf, countOf, secondsOf } from './numbers.ts';
import { isIndented } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

/** How far the node behind the miner is, as the first line of `info` says it (from lotus 1.2 on). */
export type ChainState =
  | { readonly type: 'ok' }
  | { readonly type: 'slow' | 'behind'; readonly seconds: number }
  | { readonly type: 'unsaid' };

/** Sectors by state. A state without a sector is not listed: `countIn` knows that. */
export interface SectorCounts {
  readonly total: number;
  readonly states: ReadonlyMap<string, number>;
}

/** What `lotus-miner info` says. Amounts are attoFIL, of three decimals each; null where a line is not there. */
export interface MinerInfo {
  /** `f01234` */
  readonly miner: string;
  /** Bytes. */
  readonly sectorSize: number | null;
  readonly chain: ChainState;
  /** Bytes that the miner should prove and cannot. */
  readonly faulty: number | null;
  readonly available: bigint | null;
  readonly worker: bigint | null;
  readonly control: bigint | null;
  /** Null where they were hidden (`--hide-sectors-info`). */
  readonly sectors: SectorCounts | null;
}

/** Sectors in a state, such as `Packing`. The row of a state is missing where there is none. */
export const countIn = ({ states }: SectorCounts, state: string): number => states.get(state) ?? 0;

/** Reads `lotus-miner info` of lotus 1.2 and newer, in any order of its parts. */
export const readMinerInfo = (answer: Answer): Reading<MinerInfo> =>
  readAnswer(answer, (lines) => {
    const parts = partsOf(lines);
    const [, miner, size] = /^(\S+?)(?: \((.+) sectors\))?$/.exec(valueAt(parts, 'Miner') ?? '') ?? [];
    const power = parts.get('Power');
    const proving = power?.rows.get('Proving');
    const sectors = parts.get('Sectors');
    return {
      miner: known(minerId(miner), 'the miner is not named'),
      sectorSize: size === undefined ? null : known(bytesOf(size), 'the sector size is unclear', size),
      chain: readChain(valueAt(parts, 'Chain')),
      faulty: proving === undefined ? null : readFaulty(proving),
      available: amountOf(parts.get('Miner Balance')?.rows.get('Available')),
      worker: amountOf(valueAt(parts, 'Worker Balance')),
      control: amountOf(parts.get('Worker Balance')?.rows.get('Control')),
      sectors: sectors ? readSectors(sectors) : null,
    };
  });

/** A line that begins at the margin, and the indented ones below it. */
interface Part {
  readonly value: string;
  readonly rows: ReadonlyMap<string, string>;
}

const partsOf = (lines: readonly string[]): ReadonlyMap<string, Part> => {
  const parts = new Map<string, Part>();
  let rows = new Map<string, string>();
  let name: string | null = null;
  for (const line of lines) {
    if (line === '') {
      name = null;
      continue;
    }
    const [, label = line, value = ''] = /^\s*([^\s:][^:]*):\s*(.*)$/.exec(line) ?? [];
    if (!isIndented(line)) {
      name = label;
      rows = new Map();
      if (parts.has(name)) unclear(`"${name}" is there twice`);
      parts.set(name, { value, rows });
    } else if (name !== null) {
      if (rows.has(label)) unclear(`"${label}" is there twice`);
      rows.set(label, value);
    }
  }
  return parts;
};

const valueAt = (parts: ReadonlyMap<string, Part>, name: string): string | undefined =>
  parts.get(name)?.value;

const readChain = (text: string | undefined): ChainState => {
  if (text === undefined) return { type: 'unsaid' };
  const [, ok, type, time = ''] = /^\[sync (?:(ok)|(slow|behind!) \((\S+) behind\))\]/.exec(text) ?? [];
  if (ok !== undefined) return { type: 'ok' };
  if (type === undefined) return unclear('whether the chain is in sync is unclear', text);
  const seconds = known(secondsOf(time), 'how far the chain is behind is unclear', text);
  return { type: type === 'slow' ? 'slow' : 'behind', seconds };
};

/** Of `45.75 TiB (64 GiB Faulty, 0.14%)`; nothing in parentheses is nothing faulty. */
const readFaulty = (text: string): number => {
  const [, size, faulty] = /^([^()]+?)(?: \(([^()]+) Faulty, [\d.]+%\))?$/.exec(text) ?? [];
  known(bytesOf(size ?? ''), 'the power that is proven is unclear', text);
  return faulty === undefined ? 0 : known(bytesOf(faulty), 'what is faulty is unclear', text);
};

const amountOf = (text: string | undefined): bigint | null =>
  text === undefined ? null : known(attoFilOf(text), 'an amount is unclear', text);

/** The rows add up to their total: a row that is lost is no state without sectors. */
const readSectors = ({ rows }: Part): SectorCounts => {
  const states = new Map<string, number>();
  for (const [state, number] of rows)
    states.set(state, known(countOf(number), 'a number of sectors is unclear', `${state}: ${number}`));
  const total = known(states.get('Total'), 'the number of all sectors is not there');
  states.delete('Total');
  const sum = [...states.values()].reduce((a, b) => a + b, 0);
  if (sum !== total) unclear(`the states have ${sum} sectors together, but there are ${total}`);
  return { total, states };
};
