import type { Problem } from '../core/errors.ts';
import { FcopsError } from '../core/errors.ts';
import type { Facts } from '../core/facts.ts';
import type { Task } from '../resources/resource.ts';
import type { Connect, Connection, Exit, Running, Target } from '../transport/connection.ts';
import type { Emit, HostResult } from './events.ts';
import type { Look } from './observe.ts';
import { observeScript, parseLook } from './observe.ts';
import type { HostPlan } from './plan.ts';
import { planHost } from './plan.ts';

/** Milliseconds that a host has to answer a look: it takes a tenth of a second where nothing is wrong. */
const LOOK_DEADLINE = 60_000;

/** A host and what it is to be. */
export interface HostJob {
  readonly target: Target;
  /** Worked out when the host's turn comes, and let go where there is nothing to do. */
  readonly tasks: () => readonly Task[];
  /** The facts that count, given those observed: what is stated by hand goes over them. */
  readonly factsOf?: (observed: Facts) => Facts;
}

/** What the engine needs from outside. */
export interface EngineDeps {
  readonly connect: Connect;
  /** Milliseconds, for durations. */
  readonly now: () => number;
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A host with its plan, and a connection that is open for the changes. */
export interface PlannedLook {
  readonly state: 'planned';
  readonly job: HostJob;
  readonly tasks: readonly Task[];
  readonly plan: HostPlan;
  readonly facts: Facts;
  /** Text of the lock where another run holds it. */
  readonly lockedBy: string | null;
  readonly connection: Connection;
  readonly startedAt: number;
}

/** A host after the look at it: with a plan, or with the reason why not. */
export type Looked = PlannedLook | { readonly state: 'ended'; readonly result: HostResult };

/** Connects, looks once, and compares. The connection stays open for the changes. */
export const lookAt = async (job: HostJob, deps: EngineDeps): Promise<Looked> => {
  const { name: host } = job.target;
  const startedAt = deps.now();
  const end = (state: 'unreachable' | 'blocked', problems: readonly Problem[]): Looked => {
    const seconds = (deps.now() - startedAt) / 1000;
    const result: HostResult = {
      host,
      state,
      changed: 0,
      skipped: 0,
      same: 0,
      seconds,
      reboot: [],
      problems,
    };
    deps.emit({ type: 'host-end', result });
    return { state: 'ended', result };
  };
  let tasks: readonly Task[];
  try {
    tasks = job.tasks();
  } catch (error) {
    return end('blocked', problemsOf(error, host));
  }
  let connection: Connection;
  deps.emit({ type: 'phase', host, phase: 'connect' });
  try {
    connection = await deps.connect(job.target, deps.signal);
  } catch (error) {
    return end('unreachable', problemsOf(error, host));
  }
  try {
    deps.emit({ type: 'phase', host, phase: 'look' });
    const answer = await look(job, tasks, connection, deps);
    const plan = planHost(host, tasks, answer.seen);
    deps.emit({ type: 'planned', host, plan });
    const { facts } = answer.seen;
    return { state: 'planned', job, tasks, plan, facts, lockedBy: answer.lockedBy, connection, startedAt };
  } catch (error) {
    await connection.close();
    return end('blocked', problemsOf(error, host));
  }
};

/** One look over an open connection. Throws an FcopsError where the answer is not whole or does not come. */
export const look = async (
  job: HostJob,
  tasks: readonly Task[],
  connection: Connection,
  deps: Pick<EngineDeps, 'after' | 'signal'>,
): Promise<Look> => {
  const { text, exit } = await inTime(collect(connection.exec(observeScript(tasks))), job.target.name, deps);
  const answer = parseLook(text);
  if (answer.ok && exit.status === 0) {
    const { seen, lockedBy } = answer.value;
    const facts = job.factsOf?.(seen.facts);
    return { seen: facts ? { ...seen, facts, observedFacts: seen.facts } : seen, lockedBy };
  }
  if (exit.problem) throw new FcopsError(exit.problem);
  throw new FcopsError({
    what: 'the host could not be looked at',
    where: { host: job.target.name },
    why: [answer.ok ? `status ${exit.status}` : answer.error, exit.stderr.trim()].filter(Boolean).join('; '),
    next: 'run the same with --limit for this host and look at the reason',
  });
};

const collect = async (running: Running): Promise<{ readonly text: string; readonly exit: Exit }> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of running.stdout) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString('utf8'), exit: await running.exit };
};

/** A host that hangs (a disk that does not answer) must not hold up the others, nor an interrupt. */
const inTime = <T>(
  work: Promise<T>,
  host: string,
  { after, signal }: Pick<EngineDeps, 'after' | 'signal'>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = (what: string, next: string) => reject(new FcopsError({ what, where: { host }, next }));
    const cancel = after(LOOK_DEADLINE, () =>
      giveUp(
        `the host did not answer within ${LOOK_DEADLINE / 1000} s of being looked at`,
        'log in and see what hangs: a disk, a network file system, a full process table',
      ),
    );
    const onAbort = () => giveUp('interrupted while it was looked at; nothing was done', 'run again');
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      cancel();
      signal.removeEventListener('abort', onAbort);
    });
  });

/** The problems of a user's or a host's mistake, with the host's name. */
export const problemsOf = (error: unknown, host: string): readonly Problem[] => {
  // What is no mistake of the user's is a defect: it must reach the top with its stack.
  if (!(error instanceof FcopsError)) throw error;
  return error.problems.map((problem) => ({ ...problem, where: { host, ...problem.where } }));
};
