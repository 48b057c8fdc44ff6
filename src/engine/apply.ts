import type { Problem } from '../core/errors.ts';
import { messageOf } from '../core/errors.ts';
import type { Connection, Running } from '../transport/connection.ts';
import {
  brokenOffProblem,
  failedProblem,
  lockedProblem,
  lostProblem,
  NEVER_ARRIVED,
  stoppedProblem,
} from './apply-problems.ts';
import { followScript, startScript, stepsScript, stopScript } from './apply-script.ts';
import type { Emit } from './events.ts';
import type { JournalLine } from './journal.ts';
import { parseJournalLine } from './journal.ts';
import { linesOf } from './lines.ts';
import type { ChangeItem } from './plan.ts';

/** Lines of a failed step that are shown. */
const LAST_LINES = 20;
/** Milliseconds before each try to make a lost connection again; then the steps go on without us. */
const PAUSES: readonly number[] = [0, 1_000, 3_000, 8_000, 15_000, 30_000];

export interface ApplyJob {
  readonly run: string;
  readonly host: string;
  /** Who runs it, for the lock: `alice@ops1 since …`. */
  readonly holder: string;
  readonly changes: readonly ChangeItem[];
  /** Makes a new connection when the first one is lost. */
  readonly reconnect: () => Promise<Connection>;
  /** Waits for so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

/** How the steps of one host ended. */
export interface Applied {
  readonly state: 'done' | 'failed' | 'stopped' | 'locked' | 'lost';
  /** Steps that were carried out with success. */
  readonly succeeded: number;
  readonly problems: readonly Problem[];
}

/** What is known of a run while its journal is read. */
interface Progress {
  connection: Connection;
  /** Bytes of the journal that were read. */
  bytes: number;
  succeeded: number;
  begunAt: number;
  lastLines: string[];
  noise: string[];
  outcome: Applied | null;
}

/**
 * Brings the steps to the host, starts them detached, and reports what their journal says. A connection that
 * is lost is made again and the journal read on from where it was; steps that never arrived are sent again.
 * When `signal` fires, the host is asked to stop after the step it is at.
 */
export const applyChanges = async (
  job: ApplyJob,
  connection: Connection,
  emit: Emit,
  signal: AbortSignal,
): Promise<{ readonly applied: Applied; readonly connection: Connection }> => {
  const progress: Progress = {
    connection,
    bytes: 0,
    succeeded: 0,
    begunAt: 0,
    lastLines: [],
    noise: [],
    outcome: null,
  };
  const askToStop = () => void drain(progress.connection.exec(stopScript(job.run)));
  signal.addEventListener('abort', askToStop, { once: true });
  try {
    if (signal.aborted) askToStop();
    const applied = await followToTheEnd(job, progress, emit, () => {
      // The request may have gone down with the connection.
      if (signal.aborted) askToStop();
    });
    return { applied, connection: progress.connection };
  } finally {
    signal.removeEventListener('abort', askToStop);
  }
};

const followToTheEnd = async (
  job: ApplyJob,
  progress: Progress,
  emit: Emit,
  reconnected: () => void,
): Promise<Applied> => {
  const steps = stepsScript(job.run, job.holder, job.changes);
  const start = () => progress.connection.exec(startScript(job.run, steps), Buffer.from(steps));
  const follow = () => progress.connection.exec(followScript(job.run, progress.bytes + 1));
  let tries = 0;
  for (let running = start(); ; ) {
    await readJournal(job, running, progress, emit);
    if (progress.outcome) return progress.outcome;
    const exit = await running.exit;
    if (!exit.lost) {
      // Only a directory that is not there says for sure that nothing has begun.
      const again = progress.bytes === 0 && tries > 0 && exit.status === NEVER_ARRIVED;
      if (!again || tries >= PAUSES.length)
        return ended('failed', progress, brokenOffProblem(job.host, progress.noise, exit));
      tries += 1;
      running = start();
      continue;
    }
    for (let why: string | null = ''; why !== null; ) {
      const pause = PAUSES[tries];
      if (pause === undefined)
        return ended('lost', progress, lostProblem(job.host, why || 'it was lost again and again'));
      tries += 1;
      emit({ type: 'reconnect', host: job.host, attempt: tries });
      await job.pause(pause);
      why = await job.reconnect().then(
        (connection) => {
          progress.connection = connection;
          return null;
        },
        (error: unknown) => messageOf(error),
      );
    }
    reconnected();
    running = follow();
  }
};

const drain = async (running: Running): Promise<void> => {
  for await (const _ of running.stdout) {
    // A stop request prints nothing that matters.
  }
};

const readJournal = async (
  job: ApplyJob,
  running: Running,
  progress: Progress,
  emit: Emit,
): Promise<void> => {
  for await (const { text, bytes } of linesOf(running.stdout)) {
    progress.bytes += bytes;
    report(job, parseJournalLine(text), progress, emit);
    if (progress.outcome) return;
  }
};

const report = (job: ApplyJob, line: JournalLine, progress: Progress, emit: Emit): void => {
  switch (line.type) {
    case 'begin': {
      const item = job.changes[line.step - 1];
      progress.begunAt = line.at;
      progress.lastLines = [];
      emit({
        type: 'step-begin',
        host: job.host,
        step: line.step,
        steps: job.changes.length,
        task: item?.task ?? '',
        resource: item?.resource ?? '',
      });
      return;
    }
    case 'out':
      progress.lastLines = [...progress.lastLines, line.line].slice(-LAST_LINES);
      emit({ type: 'step-output', host: job.host, step: line.step, line: line.line });
      return;
    case 'end': {
      const seconds = Math.max(0, line.at - progress.begunAt);
      emit({ type: 'step-end', host: job.host, step: line.step, ok: line.status === 0, seconds });
      if (line.status === 0) progress.succeeded += 1;
      else {
        const problem = failedProblem(job.host, job.changes[line.step - 1], line.status, progress.lastLines);
        progress.outcome = ended('failed', progress, problem);
      }
      return;
    }
    case 'stopped':
      progress.outcome = ended('stopped', progress, stoppedProblem(job.host, job.changes[line.step - 1]));
      return;
    case 'locked':
      progress.outcome = ended('locked', progress, lockedProblem(job.host, line.holder));
      return;
    case 'done':
      progress.outcome = ended('done', progress);
      return;
    case 'noise':
      progress.noise = [...progress.noise, line.line].slice(-LAST_LINES);
  }
};

const ended = (state: Applied['state'], { succeeded }: Progress, ...problems: Problem[]): Applied => ({
  state,
  succeeded,
  problems,
});
