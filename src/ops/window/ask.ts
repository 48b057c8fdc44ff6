import type { Problem } from '../../core/problem.ts';
import { FcopsError, inShort } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import type { Query } from '../../engine/query.ts';
import type { Session } from '../../engine/session.ts';
import { readDeadlinePartitions } from '../../lotus/deadline-partitions.ts';
import { readDeadlines } from '../../lotus/deadlines.ts';
import type { Answer } from '../../lotus/failure.ts';
import { readNodeStatus } from '../../lotus/node-status.ts';
import { readProvingInfo } from '../../lotus/proving-info.ts';
import type { ProvingWindow, WindowFacts } from '../../lotus/proving-window.ts';
import { provingWindow } from '../../lotus/proving-window.ts';
import type { Reading } from '../../lotus/reading.ts';
import { notUnderstood } from '../../lotus/reading.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import type { OpsDeps } from '../deps.ts';
import minerShell from '../miner-says.sh';
import { COMMAND_DEADLINE, NO_PROFILE, readMinerRows, readTold } from '../miner-says.ts';
import shell from './window.sh';

/** What a miner host has told of its proofs. */
export interface WindowSays extends Omit<WindowFacts, 'moment'> {
  /** Whether any lotus-miner is at work there. */
  readonly runs: boolean;
  /** Seconds since 1970, by the clock of the host. */
  readonly host: number;
}

/** Whether the proofs of a miner let it be stopped; `idle`: no lotus-miner runs, so that a stop takes nothing from it. */
export type WindowLook = ProvingWindow | { readonly type: 'idle' };

/** Milliseconds: partitions are asked for after deadlines, and a program may have to be killed. */
const DEADLINE = (2 * COMMAND_DEADLINE + 15) * 1000;

/** Asks a miner host for its windows; of lotus-miner nothing is needed but the program. */
export const windowQuery = (miner: string): Query<WindowSays> => ({
  name: 'what is to be proven, and when',
  script: `${minerShell}\n${shell}\n${words('window_says', PROFILE, String(COMMAND_DEADLINE), miner)}\n`,
  parse: (text) => parseWindow(text, miner),
  deadline: DEADLINE,
});

/** Reads the rows of window.sh. */
export const parseWindow = (text: string, miner: string): Result<WindowSays, string> => {
  const read = readMinerRows(text);
  if (!read.ok) return read;
  const { rows, answers } = read.value;
  const now = rows.find(([tag]) => tag === 'now')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(now)) return err('the host did not tell what time it is');
  const runs = rows.some(([tag]) => tag === 'runs');
  const about = { runs, host: Number(now) };
  if (answers === null) {
    const unread = notUnderstood(NO_PROFILE.why);
    return ok({ ...about, info: unread, deadlines: unread, partitions: null, status: unread });
  }
  const [status, info, deadlines] = ['status', 'info', 'deadlines'].map((name) => answers.get(name));
  if (!status || !info || !deadlines) return err('the host did not tell what all commands have printed');
  const partitions = answers.get('partitions');
  return ok({
    ...about,
    info: ofMiner(heard('lotus-miner proving info', info, readProvingInfo), miner),
    deadlines: heard('lotus-miner proving deadlines', deadlines, readDeadlines),
    partitions: partitions ? heard('lotus-miner proving deadline', partitions, readDeadlinePartitions) : null,
    status: hasNoCommand(status) ? null : heard('lotus status', status, readNodeStatus),
  });
};

/** Who gives no answer is not understood either. */
const heard = <T>(command: string, answer: Answer, read: (answer: Answer) => Reading<T>): Reading<T> => {
  const told = readTold(command, answer, read);
  return told.type === 'not reachable' ? notUnderstood(told.why) : told;
};

/** Test networks write their addresses with a t. */
const ofMiner = <T extends { readonly miner: string }>(reading: Reading<T>, miner: string): Reading<T> =>
  reading.type === 'understood' && reading.value.miner.slice(1) !== miner.slice(1)
    ? notUnderstood(`it is about ${reading.value.miner}, and ${miner} was asked for`)
    : reading;

/** lotus before 1.11: a word that is no command ends with 3 and this. */
const hasNoCommand = ({ status, stderr }: Answer): boolean =>
  status === 3 && stderr.includes("No help topic for 'status'");

/**
 * Looks at the window of a miner, by way of its host: whether it may be down for so many seconds. A host that does not
 * answer leaves it unknown.
 */
export const lookAtWindow = async (
  session: Pick<Session, 'ask'>,
  { miner, needed }: { readonly miner: string; readonly needed: number },
  { date, signal }: Pick<OpsDeps, 'date' | 'signal'>,
): Promise<WindowLook> => {
  const seconds = () => date().getTime() / 1000;
  const asked = seconds();
  try {
    const says = await session.ask(windowQuery(miner));
    if (!says.runs) return { type: 'idle' };
    return provingWindow({ ...says, moment: { asked, answered: seconds(), host: says.host } }, needed);
  } catch (error) {
    if (!(error instanceof FcopsError) || signal.aborted) throw error;
    return { type: 'unknown', why: error.problems.map((problem: Problem) => inShort(problem)).join('; ') };
  }
};
