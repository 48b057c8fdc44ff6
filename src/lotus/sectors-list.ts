import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf } from './numbers.ts';
import { known, type Reading, unclear } from './reading.ts';

/** A sector as `lotus-miner sectors list` has it. */
export interface ListedSector {
  readonly number: number;
  /** Null where the miner could not read its record. */
  readonly state: string | null;
  /** Whether the chain knows it as committed; null: not told. */
  readonly onChain: boolean | null;
  /** Whether it is among those that are proven; null: not told. */
  readonly active: boolean | null;
  /** Why its record could not be read. */
  readonly error: string | null;
}

/**
 * Reads `lotus-miner sectors list` of lotus 0.9 and newer, with any of its flags. A column that no row uses is not
 * there; where there is no sector the output is one empty line.
 */
export const readSectorsList = (answer: Answer): Reading<readonly ListedSector[]> =>
  readAnswer(answer, (lines) => {
    const [header, ...rows] = lines;
    if (header === '' && rows.every((line) => line === '')) return [];
    if (header === undefined || !/^ID(?:\s|$)/.test(header))
      return unclear('this is no list of sectors', header ?? '');
    return whole(rowsOf(rows, columnsOf(header)));
  });

/** What does not fit into a row stands below it, indented. */
const rowsOf = (lines: readonly string[], columns: readonly Column[]): readonly ListedSector[] => {
  const found: ListedSector[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    const [, label, text = ''] = /^ {2}([A-Z]\w*): ?(.*)$/.exec(line) ?? [];
    if (label === undefined || !last) {
      if (line !== '') found.push(readRow(line, columns));
    } else if (label === 'Error') found[found.length - 1] = { ...last, error: text };
  }
  return found;
};

const whole = (found: readonly ListedSector[]): readonly ListedSector[] => {
  const untold = found.find(({ state, error }) => state === null && error === null);
  if (untold) unclear('the state of this sector is not told', `${untold.number}`);
  if (new Set(found.map(({ number }) => number)).size < found.length) unclear('a sector is there twice');
  return found;
};

interface Column {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const columnsOf = (header: string): readonly Column[] => {
  const starts = [...header.matchAll(/\S+/g)].map(({ 0: name, index }) => ({ name, from: index }));
  return starts.map((one, index) => ({ ...one, to: starts[index + 1]?.from ?? Number.POSITIVE_INFINITY }));
};

const readRow = (line: string, columns: readonly Column[]): ListedSector => {
  const cell = (name: string): string | null => {
    const column = columns.find((one) => one.name === name);
    if (!column) return null;
    if (column.from > 0 && column.from <= line.length && line[column.from - 1] !== ' ')
      unclear('the columns of this sector are shifted', line);
    return line.slice(column.from, column.to).trim() || null;
  };
  const state = cell('State');
  if (state !== null && !/^[A-Z]\w*$/.test(state)) unclear('nobody knows the state of this sector', line);
  const yesOrNo = (name: string): boolean | null => {
    const text = cell(name);
    if (text === null) return null;
    return text === 'YES' ? true : text === 'NO' ? false : unclear(`${name} of this sector is unclear`, line);
  };
  return {
    number: known(countOf(cell('ID') ?? undefined), 'this is no sector', line),
    state,
    onChain: yesOrNo('OnChain'),
    active: yesOrNo('Active'),
    error: null,
  };
};
