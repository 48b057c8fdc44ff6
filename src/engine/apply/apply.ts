import type { Reveal } from '../../core/content.ts';
import type { LockHolder, Problem } from '../../core/problem.ts';
import { messageOf } from '../../core/problem.ts';
import type { Exit, Running } from '../../transport/connection.ts';
import type { Emit } from '../events.ts';
import { linesOf } from '../lines.ts';
import { holderText, lockedProblem } from '../lock/holder.ts';
import { maskedExit } from '../masked-exit.ts';
import type { ChangeItem } from '../plan.ts';
import type { JournalLine } from './journal-line.ts';
import { parseJournalLine } from './journal-line.ts';
import type { Pace } from './pace.ts';
import {
  ABOUT_TO_BEGIN,
  brokenOffProblem,
  brokenProblem,
  failedProblem,
  lostProblem,
  NEVER_ARRIVED,
  notBegunProblems,
  stoppedProblem,
  unexplainedProblem,
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
  /** When those of them that start something have their turns; left out: they are begun one right after the other. */
  readonly pace?: Pace;
  /** Told when the step of a change has ended well. */
  readonly onDone?: (item: ChangeItem) => void;
}

/** Steps that another controller has started; `changes`: what they are, null where nobody here has kept that. */
export type BegunJob = Pick<ApplyJob, 'run' | 'host' | 'onDone'> & {
  readonly changes: readonly ChangeItem[] | null;
};

/** The way to the host while it is changed. */
export interface ApplyWay {
  readonly exec: (script: string, payload?: Uint8Array) => Running;
  /** Makes a connection that was lost again. Rejects where it cannot be. */
  readonly reconnect: () => Promise<void>;
  /** Waits for so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  readonly reveal: Reveal;
  /** Masks secrets in what the host says. */
  readonly mask: (text: string) => string;
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
  /** Steps that failed; others go on. */
  failures: Problem[];
  skipped: { readonly item: ChangeItem | undefined; readonly cause: ChangeItem | undefined }[];
  outcome: Applied | null;
}

/**
 * Brings the steps to the host, starts them detached, and reports what their journal says. A connection that
 * is lost is made again and the journal read on from where it was; steps that never arrived are sent again.
 */
export const applyChanges = async (job: ApplyJob, way: ApplyWay): Promise<Applied> => {
  // A request to stop that arrives beside the steps may come too late for the first of them.
  if (way.signal.aborted) return ended('stopped', NOTHING, stoppedProblem(job.host, job.changes[0]));
  const steps = stepsScript(job.run, holderText(job.holder), job.changes, way.reveal, job.pace);
  const start = () => way.exec(startScript(job.run, steps), Buffer.from(steps));
  return untilItEnds(job, way, start, (exit, mayTry) =>
    mayTry
      ? { follow: start() }
      : { end: ended('failed', NOTHING, brokenOffProblem(job.host, [], maskedExit(exit, way.mask))) },
  );
};

/**
 * Joins a run again that was started by a controller which is gone: follows it to its end, or reads how it ended.
 * Null where the host has nothing of it.
 */
export const rejoinRun = (job: BegunJob, way: ApplyWay): Promise<Applied | null> =>
  untilItEnds(
    job,
    way,
    () => way.exec(followScript(job.run, 1)),
    () => ({ end: null }),
  );

/** What is done where the host has nothing of the run: something else is followed, or that is the end. */
type WhenAbsent<End> = (
  exit: Exit,
  mayTry: boolean,
) => { readonly follow: Running } | { readonly end: Applied | End };

const untilItEnds = async <End>(
  job: BegunJob,
  way: ApplyWay,
  begin: () => Running,
  whenAbsent: WhenAbsent<End>,
): Promise<Applied | End> => {
  const askToStop = () => void requestStop(job, way);
  way.signal.addEventListener('abort', askToStop, { once: true });
  try {
    if (way.signal.aborted) askToStop();
    return await followToTheEnd(job, way, begin, whenAbsent, () => {
      // The request may have gone down with the connection.
      if (way.signal.aborted) askToStop();
    });
  } finally {
    way.signal.removeEventListener('abort', askToStop);
  }
};

/** Asks the host to stop after the step it is at. Where it cannot take that down, it is said. */
const requestStop = async ({ host, run }: BegunJob, { exec, emit, mask }: ApplyWay): Promise<void> => {
  const { stdout, exit } = exec(stopScript(run));
  for await (const _ of stdout) {
    // It prints nothing that matters.
  }
  const { status, lost, stderr } = await exit;
  if (!lost && status !== 0)
    emit({ type: 'not-stopping', host, why: mask(stderr.trim()) || `status ${status}` });
};

const followToTheEnd = async <End>(
  job: BegunJob,
  way: ApplyWay,
  begin: () => Running,
  whenAbsent: WhenAbsent<End>,
  reconnected: () => void,
): Promise<Applied | End> => {
  const { host, run } = job;
  const progress: Progress = {
    bytes: 0,
    succeeded: 0,
    begunAt: 0,
    late: null,
    lastLines: [],
    noise: [],
    failures: [],
    skipped: [],
    outcome: null,
  };
  let tries = 0;
  for (let running = begin(); ; ) {
    await readJournal(job, running, progress, way);
    if (progress.outcome) return progress.outcome;
    const exit = await running.exit;
    if (!exit.lost) {
      const next = await afterNoWord(job, way, progress, exit, tries, whenAbsent);
      if ('end' in next) return next.end;
      tries += 1;
      running = next.follow;
      continue;
    }
    const back = await connectAgain(host, way, tries);
    if (typeof back !== 'number') return ended('lost', progress, back);
    tries = back;
    reconnected();
    running = way.exec(followScript(run, progress.bytes + 1));
  }
};

/** What is done where the journal broke off without a word of how it ended, over a connection that holds. */
const afterNoWord = async <End>(
  { run, host }: BegunJob,
  way: ApplyWay,
  progress: Progress,
  exit: Exit,
  tries: number,
  whenAbsent: WhenAbsent<End>,
): Promise<ReturnType<WhenAbsent<End>>> => {
  const { bytes, noise } = progress;
  const pause = PAUSES[tries];
  if (bytes === 0 && exit.status === NEVER_ARRIVED) return whenAbsent(exit, pause !== undefined);
  if (bytes === 0 && exit.status === ABOUT_TO_BEGIN && pause !== undefined) {
    await way.pause(pause);
    return { follow: way.exec(followScript(run, 1)) };
  }
  return { end: ended('failed', progress, brokenOffProblem(host, noise, maskedExit(exit, way.mask))) };
};

/** Makes a lost connection again. Gives the tries there have been by then, or what is said where it cannot be. */
const connectAgain = async (host: string, way: ApplyWay, before: number): Promise<number | Problem> => {
  let why = 'it was lost again and again';
  for (let tries = before; ; ) {
    const pause = PAUSES[tries];
    if (pause === undefined) return lostProblem(host, why);
    tries += 1;
    way.emit({ type: 'reconnect', host, attempt: tries });
    await way.pause(pause);
    try {
      await way.reconnect();
      return tries;
    } catch (error) {
      why = messageOf(error);
    }
  }
};

const readJournal = async (
  job: BegunJob,
  running: Running,
  progress: Progress,
  way: ApplyWay,
): Promise<void> => {
  for await (const { text, bytes } of linesOf(running.stdout)) {
    progress.bytes += bytes;
    // What programs print may hold secrets: such are in no event and no problem.
    report(job, parseJournalLine(way.mask(text)), progress, way.emit);
    if (progress.outcome) return;
  }
};

const report = (job: BegunJob, line: JournalLine, progress: Progress, told: Emit): void => {
  const { host, changes: known } = job;
  const changes = known ?? [];
  // Of steps of which nothing is known but that they are, there is nothing to show.
  const emit: Emit = known === null ? () => {} : told;
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
    case 'waits': {
      const { step, seconds } = line;
      const text = `${changes[step - 1]?.title ?? 'the next step'} waits for its turn`;
      emit({ type: 'waits', host, text, seconds });
      return;
    }
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
        progress.failures.push(failedProblem(host, item, how, progress.lastLines));
      }
      return;
    }
    case 'broken':
      progress.outcome = ended('failed', progress, brokenProblem(host, changes[line.step - 1], line.why));
      return;
    case 'stopped':
      progress.outcome = ended('stopped', progress, stoppedProblem(host, changes[line.step - 1]));
      return;
    case 'skipped':
      progress.skipped.push({ item: changes[line.step - 1], cause: changes[line.cause - 1] });
      return;
    case 'over': {
      const notReached = changes.slice(line.step);
      const problems = notBegunProblems(host, progress.skipped, notReached);
      if (progress.failures.length + problems.length === 0)
        problems.push(unexplainedProblem(host, `over\t${line.step}`));
      progress.outcome = ended('failed', progress, ...problems);
      return;
    }
    case 'locked':
      progress.outcome = ended('locked', progress, lockedProblem(host, line.holder));
      return;
    case 'done':
      // Whatever the runner says, done is what every step has said of itself.
      if (known === null || progress.succeeded === known.length) progress.outcome = ended('done', progress);
      return;
    case 'noise':
      progress.noise = [...progress.noise, line.line].slice(-LAST_LINES);
  }
};

const NOTHING: Pick<Progress, 'succeeded' | 'failures'> = { succeeded: 0, failures: [] };

/** How it ended, after the steps that failed on the way: with one of those it was not only stopped. */
const ended = (
  state: Applied['state'],
  { succeeded, failures }: Pick<Progress, 'succeeded' | 'failures'>,
  ...problems: Problem[]
): Applied => ({
  state: state === 'stopped' && failures.length > 0 ? 'failed' : state,
  succeeded,
  problems: [...failures, ...problems],
});
