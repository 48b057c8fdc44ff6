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
/** How often a lost connection is made again before the host is given up; the steps go on without it. */
const RECONNECTS = 5;

export interface ApplyJob {
  readonly run: string;
  readonly host: string;
  /** Who runs it, for the lock: `alice@ops1 since …`. */
  readonly holder: string;
  readonly changes: readonly ChangeItem[];
  /** Makes a new connection when the first one is lost. */
  readonly reconnect: () => Promise<Connection>;
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
 * is lost is made again and the journal read on from where it was. When `signal` fires, the host is asked to
 * stop after the step it is at.
 */
export const applyChanges = async (
  job: ApplyJob,
  connection: Connection,
  emit: Emit,
  signal: AbortSignal,
): Promise<{ readonly applied: Applied; readonly connection: Connection }> => {
  const steps = stepsScript(job.run, job.holder, job.changes);
  const progress: Progress = { bytes: 0, succeeded: 0, begunAt: 0, lastLines: [], noise: [], outcome: null };
  let current = connection;
  const askToStop = () => void drain(current.exec(stopScript(job.run)));
  signal.addEventListener('abort', askToStop, { once: true });
  try {
    let running = current.exec(startScript(job.run, steps), Buffer.from(steps));
    for (let attempt = 1; ; attempt++) {
      await readJournal(job, running, progress, emit);
      if (progress.outcome) return { applied: progress.outcome, connection: current };
      const exit = await running.exit;
      if (!exit.lost) return { applied: brokenOff(job, progress, exit), connection: current };
      if (attempt > RECONNECTS)
        return { applied: lost(job, progress, 'it was lost again and again'), connection: current };
      emit({ type: 'reconnect', host: job.host, attempt });
      try {
        current = await job.reconnect();
      } catch (error) {
        return { applied: lost(job, progress, messageOf(error)), connection: current };
      }
      running = current.exec(followScript(job.run, progress.bytes + 1));
    }
  } finally {
    signal.removeEventListener('abort', askToStop);
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
  for await (const text of linesOf(running.stdout)) {
    progress.bytes += Buffer.byteLength(text) + 1;
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
        next: 'mend the cause and run again: what was done stays, and only what is missing is done',
      },
    ],
  };
};

const stoppedBefore = (job: ApplyJob, step: number): Problem => ({
  what: 'stopped between two steps, as asked',
  where: { host: job.host, task: job.changes[step - 1]?.task ?? '' },
  next: 'run again to do the rest',
});

/** What start.sh and follow.sh say by their status, where the steps were not started: nothing was done. */
const NOT_STARTED: ReadonlyMap<number | null, Pick<Problem, 'what' | 'next'>> = new Map([
  [
    74,
    {
      what: 'the steps could not be kept on the host; nothing was done',
      next: 'see that /var/lib/fcops has room and can be written, then run again',
    },
  ],
  [75, { what: 'the steps did not reach the host whole; nothing was done', next: 'run again' }],
  [76, { what: 'the steps did not reach the host; nothing was done', next: 'run again' }],
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
