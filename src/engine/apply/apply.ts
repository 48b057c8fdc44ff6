import type { Reveal } from '../../core/content.ts';
import type { LockHolder, Problem } from '../../core/problem.ts';
import { messageOf } from '../../core/problem.ts';
import type { Running } from '../../transport/connection.ts';
import type { Emit } from '../events.ts';
import { linesOf } from '../lines.ts';
import { holderText, lockedProblem } from '../lock/holder.ts';
import type { ChangeItem } from '../plan.ts';
import type { JournalLine } from './journal-line.ts';
import { parseJournalLine } from './journal-line.ts';
import {
  brokenOffProblem,
  brokenProblem,
  failedProblem,
  lostProblem,
  NEVER_ARRIVED,
  stoppedProblem,
} from './problems.ts';
import { followScript, startScript, stepsScript, stopScript } from './script.ts';

/** Lines of a failed step that are shown. */
const LAST_LINES = 20;
/** Milliseconds before each try to make a lost connection again; then the steps go on without us. */
const PAUSES: readonly number[] = [0, 1_000, 3_000, 8_000, 15_000, 30_000];

/** Changes that are made on a host under the name of a run, by one who is named in its lock. */
export interface ApplyJob {
  readonly run: string;
  readonly host: string;
  readonly holder: LockHolder;
  readonly changes: readonly ChangeItem[];
  /** Told when the step of a change has ended well. */
  readonly onDone?: (item: ChangeItem) => void;
}

/** The way to the host while it is changed. */
export interface ApplyWay {
  readonly exec: (script: string, payload?: Uint8Array) => Running;
  /** Makes a connection that was lost again. Rejects where it cannot be. */
  readonly reconnect: () => Promise<void>;
  /** Waits for so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  readonly reveal: Reveal;
  readonly emit: Emit;
  /** When it fires, the host is asked to stop after the step it is at. */
  readonly signal: AbortSignal;
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
  /** Seconds after which the step at work was ended. */
  late: number | null;
  lastLines: string[];
  noise: string[];
  outcome: Applied | null;
}

/**
 * Brings the steps to the host, starts them detached, and reports what their journal says. A connection that
 * is lost is made again and the journal read on from where it was; steps that never arrived are sent again.
 */
export const applyChanges = async (job: ApplyJob, way: ApplyWay): Promise<Applied> => {
  const steps = stepsScript(job.run, holderText(job.holder), job.changes, way.reveal);
  const start = () => way.exec(startScript(job.run, steps), Buffer.from(steps));
  const applied = await untilItEnds(job, way, start, start);
  return applied ?? neverArrived(job);
};

/**
 * Joins a run again that was started by a controller which is gone: follows it to its end, or reads how it ended.
 * Null where the host has nothing of it.
 */
export const rejoinRun = (job: ApplyJob, way: ApplyWay): Promise<Applied | null> =>
  untilItEnds(job, way, () => way.exec(followScript(job.run, 1)), null);

const neverArrived = ({ host }: ApplyJob): Applied => ({
  state: 'failed',
  succeeded: 0,
  problems: [brokenOffProblem(host, [], { status: NEVER_ARRIVED, signal: null, lost: false, stderr: '' })],
});

/** `again`: what is done where the host has nothing of the run; without it that is the answer: null. */
const untilItEnds = async (
  job: ApplyJob,
  way: ApplyWay,
  begin: () => Running,
  again: (() => Running) | null,
): Promise<Applied | null> => {
  const askToStop = () => void drain(way.exec(stopScript(job.run)));
  way.signal.addEventListener('abort', askToStop, { once: true });
  try {
    if (way.signal.aborted) askToStop();
    return await followToTheEnd(job, way, begin, again, () => {
      // The request may have gone down with the connection.
      if (way.signal.aborted) askToStop();
    });
  } finally {
    way.signal.removeEventListener('abort', askToStop);
  }
};

const followToTheEnd = async (
  job: ApplyJob,
  way: ApplyWay,
  begin: () => Running,
  again: (() => Running) | null,
  reconnected: () => void,
): Promise<Applied | null> => {
  const progress: Progress = {
    bytes: 0,
    succeeded: 0,
    begunAt: 0,
    late: null,
    lastLines: [],
    noise: [],
    outcome: null,
  };
  let tries = 0;
  for (let running = begin(); ; ) {
    await readJournal(job, running, progress, way.emit);
    if (progress.outcome) return progress.outcome;
    const exit = await running.exit;
    if (!exit.lost) {
      // Only a directory that is not there says for sure that nothing has begun.
      const nothing = progress.bytes === 0 && exit.status === NEVER_ARRIVED;
      if (nothing && again === null) return null;
      if (!nothing || again === null || tries === 0 || tries >= PAUSES.length)
        return ended('failed', progress, brokenOffProblem(job.host, progress.noise, exit));
      tries += 1;
      running = again();
      continue;
    }
    for (let why: string | null = ''; why !== null; ) {
      const pause = PAUSES[tries];
      if (pause === undefined)
        return ended('lost', progress, lostProblem(job.host, why || 'it was lost again and again'));
      tries += 1;
      way.emit({ type: 'reconnect', host: job.host, attempt: tries });
      await way.pause(pause);
      why = await way.reconnect().then(
        () => null,
        (error: unknown) => messageOf(error),
      );
    }
    reconnected();
    running = way.exec(followScript(job.run, progress.bytes + 1));
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
  const { host, changes } = job;
  switch (line.type) {
    case 'begin': {
      const { task = '', resource = '', title = '' } = changes[line.step - 1] ?? {};
      progress.begunAt = line.at;
      progress.late = null;
      progress.lastLines = [];
      emit({ type: 'step-begin', host, step: line.step, steps: changes.length, task, resource, title });
      return;
    }
    case 'out':
      progress.lastLines = [...progress.lastLines, line.line].slice(-LAST_LINES);
      emit({ type: 'step-output', host, step: line.step, line: line.line });
      return;
    case 'late':
      progress.late = line.seconds;
      return;
    case 'end': {
      const { step, status } = line;
      const seconds = Math.max(0, line.at - progress.begunAt);
      emit({ type: 'step-end', host, step, ok: status === 0, seconds });
      const item = changes[step - 1];
      if (status === 0) {
        progress.succeeded += 1;
        if (item) job.onDone?.(item);
      } else {
        const how = { status, late: progress.late };
        const problem = failedProblem(host, item, how, progress.lastLines);
        progress.outcome = ended('failed', progress, problem);
      }
      return;
    }
    case 'broken':
      progress.outcome = ended('failed', progress, brokenProblem(host, changes[line.step - 1], line.why));
      return;
    case 'stopped':
      progress.outcome = ended('stopped', progress, stoppedProblem(host, changes[line.step - 1]));
      return;
    case 'locked':
      progress.outcome = ended('locked', progress, lockedProblem(host, line.holder));
      return;
    case 'done':
      // Whatever the runner says, done is what every step has said of itself.
      if (progress.succeeded === changes.length) progress.outcome = ended('done', progress);
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
