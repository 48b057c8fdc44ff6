import { escapeUnseen } from '../core/invisible.ts';
import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { bytesOf, countOf } from './numbers.ts';
import { isIndented, saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

/** A directory of sectors as `lotus-miner storage list` shows it. */
export interface StoragePath {
  readonly id: string;
  /** Sectors are sealed there. */
  readonly seals: boolean;
  /** Sectors are kept there. */
  readonly stores: boolean;
  /** Sectors that have something there; null: it does not say. */
  readonly sectors: number | null;
  /** Bytes, to four digits; null: it does not say. */
  readonly space: { readonly used: number; readonly total: number } | null;
  /** Hosts that serve it. */
  readonly hosts: readonly string[];
  /** Where it is on the miner host; null: another machine serves it. */
  readonly local: string | null;
}

/** A directory that could not be asked. */
export interface SilentPath {
  readonly id: string;
  readonly why: string;
}

/** All directories that lotus-miner knows. */
export interface StorageList {
  readonly paths: readonly StoragePath[];
  /** How many could not be asked: neither their room nor what they are for is known. */
  readonly silent: number;
  /** Those. */
  readonly failed: readonly SilentPath[];
}

const LONGEST_REASON = 300;

/** A line of its own, or one that follows `Use: ReadOnly`, which has no line end. */
const PARTS = /(?=[\t ](?:Local|URL): )/;

/**
 * Reads `lotus-miner storage list`. A directory that could not be asked says why in place of its rows, and is only
 * counted. No directory is nothing printed.
 */
export const readStorageList = (answer: Answer): Reading<StorageList> =>
  readAnswer(answer, (lines) => {
    const blocks: { readonly id: string; readonly rows: string[] }[] = [];
    for (const line of saying(lines)) {
      const [, id] = /^([\da-f]{8}-[\da-f-]{27}):$/.exec(line) ?? [];
      if (id !== undefined) {
        if (blocks.some((block) => block.id === id)) unclear(`directory ${id} is there twice`);
        blocks.push({ id, rows: [] });
      } else if (isIndented(line) && blocks.length > 0)
        blocks.at(-1)?.rows.push(...line.split(PARTS).map((part) => part.trim()));
      else unclear('a line belongs to no directory', line);
    }
    const told = blocks.filter(({ rows }) => !rows.some(isError));
    const failed = blocks.flatMap(({ id, rows }): SilentPath[] => {
      const row = rows.find(isError);
      return row === undefined ? [] : [{ id, why: reasonIn(row) }];
    });
    return { paths: told.map(({ id, rows }) => readPath(id, rows)), silent: failed.length, failed };
  });

const isError = (row: string): boolean => row.startsWith('Error:');

/** `Error: fsstat: connection refused:` */
const reasonIn = (row: string): string =>
  escapeUnseen(row.slice('Error:'.length).replace(/:$/, '').trim().slice(0, LONGEST_REASON));

const readPath = (id: string, rows: readonly string[]): StoragePath => {
  const use = known(
    rows.map((row) => /(?:^|; )Use: ?(.*)$/.exec(row)?.[1]).find((text) => text !== undefined),
    'what a directory is for is not there',
    id,
  );
  const words = use.split(/\s+/);
  const counts = rows.find((row) => /^Unsealed: /.test(row));
  const bars = rows.filter((row) => row.startsWith('['));
  return {
    id,
    seals: words.includes('Seal'),
    stores: words.includes('Store'),
    sectors: counts === undefined ? null : readSectors(counts),
    space: bars.length === 0 ? null : fullest(bars.map(readSpace)),
    hosts: rows.flatMap((row) => {
      const [, host] = /^URL: https?:\/\/([^\s/:]+|\[[\da-f:]+\])(?::\d+)?(?:\/|$)/.exec(row) ?? [];
      return host === undefined ? [] : [host];
    }),
    local: rows.find((row) => row.startsWith('Local: '))?.slice('Local: '.length) ?? null,
  };
};

/** A sector has up to three files there; one that is being sealed not all of them yet. */
const readSectors = (row: string): number => {
  const numbers = ['Unsealed', 'Sealed', 'Caches'].map((label) =>
    known(countOf(new RegExp(`\\b${label}: (\\d+)(?:;|$)`).exec(row)?.[1]), 'the sectors are unclear', row),
  );
  return Math.max(...numbers);
};

/** `[####**   ] 17.7 TiB/30 TiB 59% (filesystem)`: what is used of what there is. */
const readSpace = (row: string): { readonly used: number; readonly total: number } => {
  const [, used = '', total = ''] =
    /^\[[^\]]*\] ([\d.]+ ?[KMGTPE]?i?B)\/([\d.]+ ?[KMGTPE]?i?B) \d+%(?: \((?:filesystem|limit)\))?$/.exec(
      row,
    ) ?? [];
  const why = 'the room is unclear';
  return { used: known(bytesOf(used), why, row), total: known(bytesOf(total), why, row) };
};

/** Where there is a limit besides the file system, the one that leaves less. */
const fullest = (spaces: readonly { readonly used: number; readonly total: number }[]) =>
  spaces.reduce((least, one) => (one.total - one.used < least.total - least.used ? one : least));
