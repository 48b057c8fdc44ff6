import { minerId } from './address.ts';
import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf } from './numbers.ts';
import { saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

export interface Deadline {
  readonly partitions: number;
  /** All sectors of its partitions, terminated ones among them. */
  readonly sectors: number;
  readonly faults: number;
  /** Partitions with a proof on the chain in the current window; zero in all others. */
  readonly proven: number;
}

export interface Deadlines {
  readonly miner: string;
  /** All 48, in order. */
  readonly deadlines: readonly Deadline[];
  /** Index of the current one. */
  readonly current: number;
}

const ROWS = 48;
const ROW = /^(\d+)\s+(\d+)\s+(\d+) \((\d+)\)\s+(\d+)(\s+\(current\))?$/;

/** Reads `lotus-miner proving deadlines`: all of the 48 rows, or nothing. */
export const readDeadlines = (answer: Answer): Reading<Deadlines> =>
  readAnswer(answer, (lines) => {
    const [named = '', header = '', ...rows] = saying(lines);
    if (!/^deadline\s+partitions\s+sectors \(faults\)\s+proven partitions$/.test(header))
      unclear('this is no list of deadlines', header);
    if (rows.length !== ROWS) unclear(`there are ${rows.length} deadlines in place of ${ROWS}`);
    const read = rows.map(readRow);
    const current = read.flatMap((row, index) => (row.isCurrent ? [index] : []));
    const [index, ...others] = current;
    if (index === undefined || others.length > 0)
      return unclear('which deadline is the current one is unclear');
    return {
      miner: known(minerId(/^Miner: (\S+)$/.exec(named)?.[1]), 'the miner is not named', named),
      deadlines: read.map(({ deadline }) => deadline),
      current: index,
    };
  });

const readRow = (line: string, index: number) => {
  const [, number, ...texts] = ROW.exec(line) ?? [];
  const [partitions, sectors, faults, proven] = texts.slice(0, 4).map(countOf);
  if (partitions == null || sectors == null || faults == null || proven == null)
    return unclear('this is no deadline', line);
  if (countOf(number) !== index) unclear(`deadline ${index} is not in its place`, line);
  if (faults > sectors || proven > partitions) unclear('a deadline has less than a part of it', line);
  return { deadline: { partitions, sectors, faults, proven }, isCurrent: texts[4] !== undefined };
};
