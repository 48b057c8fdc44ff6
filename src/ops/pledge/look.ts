import type { LockHolder } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { holderOf, holderShell } from '../../engine/lock/holder.ts';
import type { Query } from '../../engine/query.ts';
import type { MinerInfo } from '../../lotus/miner-info.ts';
import { readMinerInfo } from '../../lotus/miner-info.ts';
import type { StorageList } from '../../lotus/storage-list.ts';
import { readStorageList } from '../../lotus/storage-list.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import minerShell from '../miner-says.sh';
import type { MinerSays, Told } from '../miner-says.ts';
import { COMMAND_DEADLINE, minerSaysIn, NO_PROFILE, readMinerRows, readTold } from '../miner-says.ts';
import lookShell from './look.sh';

/** A pledge that fcops has carried out on a host, as its journal there tells it. */
export interface LastPledge {
  readonly by: LockHolder;
  /** Sectors that were asked for. */
  readonly asked: number;
  readonly made: number;
  /** Of so many more it is not known whether they were made. */
  readonly unknown: number;
}

/** What is known before sectors are pledged. */
export interface PledgeLook extends MinerSays {
  readonly info: Told<MinerInfo>;
  readonly storage: Told<StorageList>;
  /** Who is changing the miner host right now. */
  readonly holder: LockHolder | null;
  /** The newest pledge of ours; null: the host knows of none. */
  readonly last: LastPledge | null;
}

/** Seconds of what asks more than the miner's own memory: as many as its cron job gives it. */
const LONGER = 120;

/** Names of runs that pledge: `r-20261122T103000Z-x7k2qp28`. */
const RUN = /^r-\d{8}T\d{6}Z-[a-z0-9]{5}p(\d{1,5})$/;

/** The name of a run that pledges so many sectors, from that of any run. */
export const pledgeRun = (name: string, sectors: number): string => `${name}p${sectors}`;

/** How many sectors a run is to pledge; null where it is no such run. */
export const sectorsOfRun = (run: string): number | null => {
  const [, number] = RUN.exec(run) ?? [];
  return number === undefined ? null : Number(number);
};

/** Asks a miner host all of it at once. */
export const pledgeQuery: Query<PledgeLook> = {
  name: 'what lotus-miner says of its sectors',
  script: [
    holderShell,
    minerShell,
    lookShell,
    words('pledge_look', PROFILE, String(COMMAND_DEADLINE), String(LONGER)),
    '',
  ].join('\n'),
  parse: (text) => parsePledgeLook(text),
  deadline: (LONGER + 15) * 1000,
};

/** Reads the rows of look.sh. */
export const parsePledgeLook = (text: string): Result<PledgeLook, string> => {
  const read = readMinerRows(text);
  if (!read.ok) return read;
  const says = minerSaysIn(read.value);
  if (!says.ok) return says;
  const { rows, answers } = read.value;
  const lock = rows.find(([tag]) => tag === 'lock');
  const beside = {
    ...says.value,
    holder: lock ? holderOf(lock.slice(1)) : null,
    last: lastOf(rows.find(([tag]) => tag === 'last')),
  };
  if (answers === null) return ok({ ...beside, info: NO_PROFILE, storage: NO_PROFILE });
  const [info, storage] = [answers.get('info'), answers.get('storage')];
  if (!info || !storage) return err('the host did not tell what all commands have printed');
  return ok({
    ...beside,
    info: readTold('lotus-miner info', info, readMinerInfo, LONGER),
    storage: readTold('lotus-miner storage list', storage, readStorageList, LONGER),
  });
};

const lastOf = (row: readonly string[] | undefined): LastPledge | null => {
  if (row === undefined) return null;
  const [, who, run = '', since, , made = '', unknown = ''] = row;
  const asked = sectorsOfRun(run);
  if (asked === null || !/^\d+$/.test(made) || !/^\d+$/.test(unknown)) return null;
  return { by: holderOf([who ?? '', run, since ?? '']), asked, made: Number(made), unknown: Number(unknown) };
};
