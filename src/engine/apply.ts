import type { Problem } from '../core/errors.ts';
import { messageOf } from '../core/errors.ts';
import type { Connection, Exit, Running } from '../transport/connection.ts';
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
      if (!again || tries >= PAUSES.length) return brokenOff(job, progress, exit);
      tries += 1;
      running = start();
      continue;
    }
    for (let why: string | null = ''; why !== null; ) {
      const pause = PAUSES[tries];
      if (pause === undefined) return lost(job, progress, why || 'it was lost again and again');
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
      else progress.outcome = failed(job, progress, line.step, line.status);
      return;
    }
    case 'stopped':
      progress.outcome = {
        state: 'stopped',
        succeeded: progress.succeeded,
        problems: [stoppedBefore(job, line.step)],
      };
      return;
    case 'locked':
      progress.outcome = { state: 'locked', succeeded: 0, problems: [lockedProblem(job.host, line.holder)] };
      return;
    case 'done':
      progress.outcome = { state: 'done', succeeded: progress.succeeded, problems: [] };
      return;
    case 'noise':
      progress.noise = [...progress.noise, line.line].slice(-LAST_LINES);
  }
};

/** The lock of a host is held: by whom, and what to do. */
export const lockedProblem = (host: string, holder: string): Problem => ({
  what: 'another run is changing this host; nothing was done to it',
  where: { host },
  why: holder || 'it does not say who',
  next: 'wait for it to end, then run again',
});

const failed = (job: ApplyJob, progress: Progress, step: number, status: number): Applied => {
  const item = job.changes[step - 1];
  return {
    state: 'failed',
    succeeded: progress.succeeded,
    problems: [
      {
        what: `${item?.resource ?? `step ${step}`} failed (status ${status})`,
        where: { host: job.host, task: item?.task ?? '' },
        why: progress.lastLines.join('\n        ') || 'it printed nothing',
        next: 'fix the cause and run again: what was done stays, and only what is missing is done',
      },
    ],
  };
};

const stoppedBefore = (job: ApplyJob, step: number): Problem => ({
  what: 'stopped between two steps, as asked',
  where: { host: job.host, task: job.changes[step - 1]?.task ?? '' },
  next: 'run again to do the rest',
});

/** Status of follow.sh where the host has nothing of the run. */
const NEVER_ARRIVED = 76;

const NOT_ARRIVED: Pick<Problem, 'what' | 'next'> = {
  what: 'the steps did not reach the host whole; nothing was done',
  next: 'run again',
};

/** What start.sh and follow.sh say by their status, where the steps were not started: nothing was done. */
const NOT_STARTED: ReadonlyMap<number | null, Pick<Problem, 'what' | 'next'>> = new Map([
  [
    74,
    {
      what: 'the steps could not be kept on the host; nothing was done',
      next: 'see that /var/lib/fcops has room and can be written, then run again',
    },
  ],
  [75, { ...NOT_ARRIVED, next: 'see that /var/lib/fcops has room, then run again' }],
  [NEVER_ARRIVED, NOT_ARRIVED],
  [77, NOT_ARRIVED],
]);

const ENDED_SILENTLY: Pick<Problem, 'what' | 'next'> = {
  what: 'the run ended on the host without saying how',
  next: 'see that /var/lib/fcops has room and can be written, then run again',
};

const brokenOff = (job: ApplyJob, progress: Progress, exit: Exit): Applied => {
  const said = [...progress.noise, exit.stderr.trim()].filter(Boolean).join('\n        ');
  const problem = exit.problem ?? {
    ...(NOT_STARTED.get(exit.status) ?? ENDED_SILENTLY),
    where: { host: job.host },
    why: said || `status ${exit.status}`,
  };
  return { state: 'failed', succeeded: progress.succeeded, problems: [problem] };
};

const lost = (job: ApplyJob, progress: Progress, why: string): Applied => ({
  state: 'lost',
  succeeded: progress.succeeded,
  problems: [
    {
      what: 'the connection was lost while the host was being changed; its steps go on without it',
      where: { host: job.host },
      why,
      next: 'run again when the host can be reached: only what is missing is done',
    },
  ],
});
