import { escapeUnseen } from '../core/invisible.ts';
import type { Problem } from '../core/problem.ts';
import { FcopsError, inShort } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import { words } from '../core/shell.ts';
import { toldRows } from '../core/told-rows.ts';
import { MiB } from '../core/units.ts';
import type { Query } from '../engine/query.ts';
import type { Session } from '../engine/session.ts';
import type { Answer } from '../lotus/failure.ts';
import { failureOf } from '../lotus/failure.ts';
import type { SealingJob } from '../lotus/jobs.ts';
import { readJobs } from '../lotus/jobs.ts';
import type { Reading } from '../lotus/reading.ts';
import { notUnderstood } from '../lotus/reading.ts';
import type { SealingWorker } from '../lotus/workers.ts';
import { readWorkers } from '../lotus/workers.ts';
import { PROFILE } from '../roles/miner-places.ts';
import minerShell from './miner-says.sh';

/** What the miner has answered, or why nobody can tell: then nothing is registered, missing or at rest. */
export type Told<T> =
  | Reading<T>
  /** It gave no answer: it does not run, is not let in to, or takes too long. */
  | { readonly type: 'not reachable'; readonly why: string };

/** What lotus-miner says of its workers and their tasks at one moment (lotus-miner sealing workers, sealing jobs). */
export interface MinerSays {
  readonly workers: Told<readonly SealingWorker[]>;
  readonly jobs: Told<readonly SealingJob[]>;
  /** What tells its start from another one, from before it was asked; left out: its host does not tell. */
  readonly start?: string;
}

/** Seconds that each of the two commands has on the host. */
export const COMMAND_DEADLINE = 20;
/** Milliseconds: both run at the same time, and a program may have to be killed. */
const DEADLINE = (COMMAND_DEADLINE + 10) * 1000;
/** Bytes of one output that are read: some thousand workers. */
const LIMIT = MiB;

/** Asks a miner host for both at once. */
export const minerSaysQuery: Query<MinerSays> = {
  name: 'what lotus-miner says of its workers',
  script: `${minerShell}\n${words('miner_says', PROFILE, String(COMMAND_DEADLINE))}\n`,
  parse: (text) => parseMinerSays(text),
  deadline: DEADLINE,
};

/** The same for any number of hosts with their own trouble: where the host cannot be asked, neither is known. */
export const askMiner = async (session: Pick<Session, 'ask'>): Promise<MinerSays> => {
  try {
    return await session.ask(minerSaysQuery);
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return unasked(error.problems);
  }
};

/** What is known of a miner that could not be asked. */
export const unasked = (problems: readonly Problem[]): MinerSays => {
  const [first] = problems;
  const why = first ? inShort(first) : 'it was not asked';
  return { workers: { type: 'not reachable', why }, jobs: { type: 'not reachable', why } };
};

/** What a miner host has answered. */
export interface MinerRows {
  /** All of it, in fields. */
  readonly rows: readonly (readonly string[])[];
  /** What each command has left, by its name; null: the host has no profile to ask with. */
  readonly answers: ReadonlyMap<string, Answer> | null;
}

/** Reads the rows of a script that asks by miner-says.sh. */
export const readMinerRows = (text: string): Result<MinerRows, string> => {
  const rows = toldRows(text);
  if (!rows.ok) return rows;
  const hasProfile = rows.value.every(([tag]) => tag !== 'noprofile');
  return ok({ rows: rows.value, answers: hasProfile ? toldAnswers(rows.value) : null });
};

/** What each command has left, by its name. */
const toldAnswers = (rows: readonly (readonly string[])[]): ReadonlyMap<string, Answer> =>
  new Map(
    rows.flatMap(([tag, name = '', out, status = '', errors]) =>
      tag === 'told' && out !== undefined && errors !== undefined && /^\d+$/.test(status)
        ? [[name, { status: Number(status), stdout: decoded(out), stderr: decoded(errors) }] as const]
        : [],
    ),
  );

/** What is known where the host has no profile to ask with. */
export const NO_PROFILE = { type: 'not reachable', why: `${PROFILE} is not there` } as const;

/** Reads the rows of miner-says.sh. */
export const parseMinerSays = (text: string): Result<MinerSays, string> => {
  const read = readMinerRows(text);
  return read.ok ? minerSaysIn(read.value) : read;
};

/** What of an answer is about workers and tasks. */
export const minerSaysIn = ({ answers, rows }: MinerRows): Result<MinerSays, string> => {
  if (answers === null) return ok({ workers: NO_PROFILE, jobs: NO_PROFILE });
  const [workers, jobs] = [answers.get('workers'), answers.get('jobs')];
  const [, start = ''] = rows.find(([tag]) => tag === 'start') ?? [];
  if (!workers || !jobs) return err('the host did not tell what both commands have printed');
  return ok({
    workers: readTold('lotus-miner sealing workers', workers, readWorkers),
    jobs: readTold('lotus-miner sealing jobs', jobs, readJobs),
    ...(start !== '' && { start }),
  });
};

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** timeout (coreutils) ends with one of these where it had to end, or kill, what it ran. */
const LATE: readonly number[] = [124, 137];
const LONGEST_REASON = 300;

/** Reads what a command has printed, which had so many seconds. */
export const readTold = <T>(
  command: string,
  answer: Answer,
  read: (answer: Answer) => Reading<T>,
  seconds = COMMAND_DEADLINE,
): Told<T> => {
  if (LATE.includes(answer.status))
    return { type: 'not reachable', why: `${command} gave no answer within ${seconds} s` };
  if (answer.stdout.length > LIMIT) return notUnderstood(`${command} prints more than 1 MiB`);
  const failure = failureOf(answer);
  // One that breaks within its list has been reached.
  if (failure && failure.kind !== 'panic')
    return { type: 'not reachable', why: escapeUnseen(failure.why.slice(0, LONGEST_REASON)) };
  return read(answer);
};
