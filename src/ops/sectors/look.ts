import type { LockHolder } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { holderOf, holderShell } from '../../engine/lock/holder.ts';
import type { Query } from '../../engine/query.ts';
import type { SealingJob } from '../../lotus/jobs.ts';
import { readJobs } from '../../lotus/jobs.ts';
import type { MinerInfo } from '../../lotus/miner-info.ts';
import { readMinerInfo } from '../../lotus/miner-info.ts';
import type { SectorStatus } from '../../lotus/sector-status.ts';
import { readSectorStatus } from '../../lotus/sector-status.ts';
import type { ListedSector } from '../../lotus/sectors-list.ts';
import { readSectorsList } from '../../lotus/sectors-list.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import minerShell from '../miner-says.sh';
import type { Told } from '../miner-says.ts';
import { COMMAND_DEADLINE, NO_PROFILE, readMinerRows, readTold } from '../miner-says.ts';
import lookShell from './look.sh';

/** What a miner host tells of its sectors at one moment. */
export interface SectorsLook {
  /** Who is changing the miner host right now. */
  readonly holder: LockHolder | null;
  /** Seconds since 1970, by the clock of the miner host. */
  readonly now: number;
  readonly jobs: Told<readonly SealingJob[]>;
  readonly info: Told<MinerInfo>;
  /** Those in the states that were asked for. */
  readonly list: Told<readonly ListedSector[]>;
}

/** What it tells of some of them. */
export interface StatusLook {
  readonly now: number;
  readonly statuses: ReadonlyMap<number, Told<SectorStatus>>;
}

/** Where no sector was asked about. */
export const noStatuses = (now: number): StatusLook => ({ now, statuses: new Map() });

/** Seconds of what asks more than the miner's own memory. */
const LONGER = 120;
/** Commands that ask for one sector at the same time. */
const AT_ONCE = 10;
/** Sectors that are asked for in one trip. */
export const STATUSES_AT_ONCE = 50;

const scriptOf = (...call: readonly string[]): string =>
  [holderShell, minerShell, lookShell, words(...call), ''].join('\n');

/** Asks a miner host for its sectors in these states, with what else is told of sectors. */
export const sectorsQuery = (states: readonly string[]): Query<SectorsLook> => ({
  name: 'what lotus-miner says of its sectors',
  script: scriptOf('sectors_look', PROFILE, String(COMMAND_DEADLINE), String(LONGER), states.join(',')),
  parse: parseSectorsLook,
  deadline: (LONGER + 15) * 1000,
});

/** Asks a miner host for single sectors, STATUSES_AT_ONCE at the most. */
export const statusQuery = (numbers: readonly number[]): Query<StatusLook> => ({
  name: 'what lotus-miner says of single sectors',
  script: scriptOf(
    'sector_statuses',
    PROFILE,
    String(COMMAND_DEADLINE),
    String(AT_ONCE),
    ...numbers.map(String),
  ),
  parse: (text) => parseStatusLook(text, numbers),
  deadline: ((COMMAND_DEADLINE + 5) * Math.ceil(numbers.length / AT_ONCE) + 15) * 1000,
});

/** Reads the rows of sectors_look. */
export const parseSectorsLook = (text: string): Result<SectorsLook, string> => {
  const read = beginning(text);
  if (!read.ok) return read;
  const { now, holder, answers } = read.value;
  if (answers === null) return ok({ now, holder, jobs: NO_PROFILE, info: NO_PROFILE, list: NO_PROFILE });
  const [jobs, info, list] = [answers.get('jobs'), answers.get('info'), answers.get('list')];
  if (!jobs || !info || !list) return err('the host did not tell what all commands have printed');
  return ok({
    ...{ now, holder },
    jobs: readTold('lotus-miner sealing jobs', jobs, readJobs),
    info: readTold('lotus-miner info', info, readMinerInfo, LONGER),
    list: readTold('lotus-miner sectors list', list, readSectorsList, LONGER),
  });
};

/** Reads the rows of sector_statuses; each sector that was asked for is in it. */
export const parseStatusLook = (text: string, numbers: readonly number[]): Result<StatusLook, string> => {
  const read = beginning(text);
  if (!read.ok) return read;
  const { now, answers } = read.value;
  const statuses = new Map<number, Told<SectorStatus>>();
  for (const number of numbers) {
    const answer = answers?.get(`${number}`);
    if (answers !== null && !answer)
      return err(`the host did not tell what lotus-miner says of sector ${number}`);
    const told = answer ? readTold('lotus-miner sectors status', answer, readSectorStatus) : NO_PROFILE;
    const isOther = told.type === 'understood' && told.value.number !== number;
    statuses.set(
      number,
      isOther ? { type: 'not understood', why: `it tells of sector ${told.value.number}` } : told,
    );
  }
  return ok({ now, statuses });
};

const beginning = (text: string) => {
  const read = readMinerRows(text);
  if (!read.ok) return read;
  const { rows, answers } = read.value;
  const lock = rows.find(([tag]) => tag === 'lock');
  const [, now = ''] = rows.find(([tag]) => tag === 'now') ?? [];
  if (!/^\d{1,12}$/.test(now)) return err('the host did not tell what time it is');
  return ok({ now: Number(now), holder: lock ? holderOf(lock.slice(1)) : null, answers });
};
