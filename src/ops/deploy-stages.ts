import { again, fcopsCommand } from '../core/next.ts';
import type { LockHolder, Problem } from '../core/problem.ts';
import { FcopsError, problemsOf } from '../core/problem.ts';
import { count } from '../core/units.ts';
import type { ApplyJob } from '../engine/apply/apply.ts';
import type { Emit, HostResult, HostState } from '../engine/events.ts';
import type { Stage } from '../engine/flow.ts';
import { lockedProblem } from '../engine/lock/holder.ts';
import type { ChangeItem, HostPlan } from '../engine/plan.ts';
import { changesOf, startObstaclesOf } from '../engine/plan.ts';
import type { Gates } from '../engine/widths.ts';
import type { Host } from '../inventory/cluster.ts';
import type { WorkOfProcesses } from '../resources/process/at-work.ts';
import { isOfStart } from '../resources/process/start-kinds.ts';
import { isReboot } from '../resources/reboot/reboot.ts';
import type { DeployHost } from './deploy-host.ts';
import { fetches, leftProblems, stateAfter } from './deploy-host.ts';
import type { BeforeLook } from './miner-api.ts';
import { obstacleProblems } from './obstacles.ts';
import type { Pacer } from './pace/pacer.ts';
import { pauseOf, startingOf } from './pace/starts.ts';
import { atItsTurn } from './pace/turn.ts';
import type { Preflight } from './preflight/before-start.ts';
import type { RoleWork } from './role-work.ts';

/** What the stages of a deploy have in common. */
export interface StageContext {
  readonly run: string;
  readonly holder: LockHolder;
  readonly work: () => Promise<RoleWork>;
  readonly before: BeforeLook;
  /** Whether what does not run is to be started. */
  readonly start: boolean;
  /** What the miner says that the processes of a host are at, where that matters. */
  readonly atWork?: (host: Host) => Promise<WorkOfProcesses>;
  /** What stands against what a plan would start, asked of its host; left out: nobody asks. */
  readonly preflight?: Preflight;
  /** Changes that are made on all hosts before anything of the others is; left out: none is. */
  readonly isFetched?: (item: ChangeItem) => boolean;
  /** Whether a host with nothing to change goes on to the stages all the same: they look at more than the host. */
  readonly goesOnSame?: boolean;
  /** Whether machines are rebooted where that is owed and nothing runs. */
  readonly rebootsOwed?: boolean;
  /** Why nothing is done to a host with such a plan, besides what is always in the way; it may be asked for that. */
  readonly refuses?: (plan: HostPlan, host: DeployHost) => Promise<readonly Problem[]>;
  readonly gates: Gates;
  /** Gives the hosts their turns to start processes. */
  readonly pacer: Pacer;
  readonly now: () => number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

type DeployStage = Stage<DeployHost>;
type Context = StageContext;

/** A stage whose hosts say that they are at it, and whose time is theirs. */
export const stage = (context: Context, given: DeployStage): DeployStage => ({
  ...given,
  work: (host) => {
    context.emit({ type: 'phase', host: host.name, phase: given.name });
    return host.timed(context.now, () => given.work(host));
  },
});

/** What the look of a plan or a deploy takes. */
export type LookContext = Pick<
  StageContext,
  'work' | 'before' | 'atWork' | 'preflight' | 'now' | 'emit' | 'signal'
>;

/** Starting a process is a stage of its own, after all else is seen to be as it shall be; so is a reboot. */
export const changesBeforeStart = (plan: HostPlan): ChangeItem[] =>
  changesOf(plan).filter((item) => !isOfStart(item) && !isReboot(item));
const startsOf = (plan: HostPlan | null): ChangeItem[] => (plan ? changesOf(plan).filter(isOfStart) : []);

/** Connects, looks once, and compares. Ends a host that cannot be reached or looked at. */
export const planStage = (context: LookContext): DeployStage => ({
  name: 'look',
  width: 'look',
  work: (host) =>
    host.timed(context.now, async () => {
      const { emit, signal } = context;
      const work = await context.work();
      try {
        host.prepare(work);
      } catch (error) {
        return host.endUnplanned('blocked', problemsOf(error, host.name));
      }
      emit({ type: 'phase', host: host.name, phase: 'connect' });
      if (signal.aborted) return host.endUnplanned('stopped', [notBegun(host.name)]);
      try {
        await host.session.open();
      } catch (error) {
        return endUnseen(host, 'unreachable', error);
      }
      emit({ type: 'phase', host: host.name, phase: 'look' });
      try {
        const waiting = await context.before(host.host);
        if (waiting.length > 0) return endUnseen(host, 'blocked', new FcopsError(waiting));
        const atWork = await context.atWork?.(host.host);
        const { plan: compared, lockedBy } = await host.look(work, atWork);
        host.lockedBy = lockedBy;
        const plan = await checked(host, compared, context);
        host.plan = plan;
        emit({ type: 'planned', host: host.name, plan });
        return null;
      } catch (error) {
        return endUnseen(host, 'blocked', error);
      }
    }),
});

/** With what stands against what it would start; what another run is changing is not changed now. */
const checked = async (host: DeployHost, plan: HostPlan, { preflight }: LookContext): Promise<HostPlan> =>
  preflight && host.lockedBy === null ? preflight(host, plan) : plan;

/** An interrupted look says nothing against its host. */
export const endUnseen = (host: DeployHost, otherwise: HostState, error: unknown): HostResult => {
  const problems = problemsOf(error, host.name);
  const stopped = problems.every(({ kind }) => kind === 'stopped');
  return host.endUnplanned(stopped ? 'stopped' : otherwise, problems);
};

/** The same, and ends hosts where there is nothing to do or something in the way. */
export const lookStage = (context: Context): DeployStage => {
  const looking = planStage(context);
  return {
    ...looking,
    work: async (host) => (await looking.work(host)) ?? decided(host, context),
  };
};

/** Whether a host that was looked at goes on: a result where there is nothing to do to it, or something in the way. */
export const decided = async (host: DeployHost, context: Context): Promise<HostResult | null> => {
  const { signal, start, refuses, goesOnSame, rebootsOwed } = context;
  const owes = rebootsOwed === true && host.reboot.length > 0;
  const { plan, lockedBy } = host;
  if (plan === null) return null;
  const changes = changesOf(plan);
  if (signal.aborted && changes.length > 0) return host.result('stopped', [notBegun(host.name)]);
  const obstacles = obstacleProblems(plan);
  if (obstacles.length > 0) return host.result('blocked', obstacles);
  const waiting = start ? waitingProblems(plan) : [];
  if (changes.length === 0 && waiting.length > 0 && !owes) return host.result('blocked', waiting);
  if (changes.length === 0)
    return goesOnSame || owes ? null : host.result(host.succeeded > 0 ? 'changed' : 'same');
  const refused = (await refuses?.(plan, host)) ?? [];
  if (refused.length > 0) return host.result('blocked', refused);
  if (lockedBy !== null) return host.result('blocked', [lockedProblem(host.name, lockedBy)]);
  return null;
};

export const notBegun = (host: string): Problem => ({
  kind: 'stopped',
  what: 'stopped before its first step, as asked; nothing was done to it',
  where: { host },
  next: [again('run again to do it')],
});

/** Makes the planned changes but for the starts. */
export const applyStage = (context: Context): DeployStage =>
  stage(context, {
    name: 'apply',
    width: 'apply',
    concerns: ({ plan }) => plan !== null && changesBeforeStart(plan).length > 0,
    work: async (host) => {
      if (context.signal.aborted) return host.result('stopped', [notBegun(host.name)]);
      const { plan } = host;
      if (plan === null) return null;
      // Apply and start are two runs of steps, and nobody may come between.
      if (startsOf(plan).length > 0) {
        try {
          await host.session.hold(context.holder);
        } catch (error) {
          return host.result('blocked', problemsOf(error, host.name));
        }
      }
      return applyTo(host, jobsOf(plan, context).changes, context);
    },
  });

/** Looks again: "changed" is only said of what was seen. Ends hosts where nothing is to be started. */
export const verifyStage = (context: Context): DeployStage =>
  stage(context, {
    name: 'verify',
    width: 'look',
    concerns: ({ plan }) => plan !== null && changesBeforeStart(plan).length > 0,
    work: async (host) =>
      (await verified(host, context)) ?? (context.start || context.rebootsOwed ? null : done(host)),
  });

/** Starts what does not run, one after the other, and looks again. */
export const startStage = (context: Context): DeployStage =>
  stage(context, { name: 'start', width: 'apply', work: (host) => startIn(host, context) });

/** The same of one host, as a part of something else. */
export const startIn = async (host: DeployHost, context: Context): Promise<HostResult> => {
  const { plan } = host;
  const starts = startsOf(plan);
  if (plan === null || starts.length === 0) return startedOrLeft(host);
  if (context.signal.aborted) return host.result('stopped', [notBegun(host.name)]);
  if (host.reboot.length > 0) return host.result('failed', [notStarted(host.name, starts, host.reboot)]);
  try {
    // The lock may have gone with a connection, and others may have come between.
    await host.session.hold(context.holder);
  } catch (error) {
    return host.result('failed', problemsOf(error, host.name));
  }
  const waited = await atItsTurn(host, plan, context);
  if (waited) return waited;
  const { pacer } = context;
  const pace = startingOf(plan) ? { pace: { every: pacer.every, pauseOf } } : {};
  const result = await applyTo(host, { ...jobsOf(plan, context).starts, ...pace }, context);
  pacer.release(host.name);
  return result ?? (await verified(host, context)) ?? startedOrLeft(host);
};

const startedOrLeft = (host: DeployHost): HostResult => {
  const left = leftProblems(host.name, startsOf(host.plan));
  const problems = [...left, ...(host.plan ? waitingProblems(host.plan) : [])];
  return problems.length === 0 ? done(host) : host.result('failed', problems);
};

/** What was to be started and may not be, as problems. */
export const waitingProblems = (plan: HostPlan): Problem[] =>
  startObstaclesOf(plan).map(({ task, violation }) => {
    const { message, next, processes = [] } = violation;
    return {
      kind: 'check',
      what: `${processes.length === 1 ? processes[0] : count(processes.length, 'process', 'processes')} not started: ${message}`,
      where: { host: plan.host, task },
      ...(processes.length > 1 && { why: processes.join(', ') }),
      ...(next && { next }),
    };
  });

export const done = (host: DeployHost): HostResult => host.result(host.succeeded > 0 ? 'changed' : 'same');

/**
 * The runs of steps that an operation is on a host: what is brought before anything ends (`isFetched`), changes, then
 * starts. Each has a name of its own: its journal must not be taken for another one's.
 */
export const jobsOf = (
  plan: HostPlan,
  { run, holder, isFetched = () => false }: Pick<Context, 'run' | 'holder' | 'isFetched'>,
): Readonly<Record<'fetch' | 'changes' | 'starts', ApplyJob>> => {
  const job = (name: string, changes: readonly ChangeItem[]) => ({
    run: name,
    host: plan.host,
    holder,
    changes,
  });
  const changes = changesBeforeStart(plan);
  return {
    fetch: job(`${run}f`, changes.filter(isFetched)),
    changes: job(
      run,
      changes.filter((item) => !isFetched(item)),
    ),
    starts: job(`${run}s`, startsOf(plan)),
  };
};

const notStarted = (host: string, starts: readonly ChangeItem[], reboot: readonly string[]): Problem => ({
  kind: 'check',
  what: `${starts.map(({ title }) => title).join(', ')} not started: the machine has to be rebooted first`,
  where: { host },
  why: reboot.join('\n'),
  next: [
    fcopsCommand(['reboot', host, '--drain'], 'reboot it, and have its tasks end first'),
    again('then run the same again'),
  ],
});

/** Carries out steps on a host; null where all of them succeeded. */
export const applyTo = async (
  host: DeployHost,
  job: ApplyJob,
  { gates, signal }: Context,
): Promise<HostResult | null> => {
  const left = new Set(job.changes.filter(fetches));
  const leave =
    left.size > 0
      ? await gates.download.enter(signal).catch((error: unknown) => onAbort(signal, error))
      : () => {};
  if (leave === null) return host.result('stopped', [notBegun(host.name)]);
  const onDone = (item: ChangeItem) => {
    // Its place is another host's as soon as all is fetched.
    if (left.delete(item) && left.size === 0) leave();
  };
  try {
    const applied = await host.session.apply({ ...job, onDone });
    host.succeeded += applied.succeeded;
    const state = stateAfter(applied);
    return state === null ? null : host.result(state, applied.problems);
  } finally {
    leave();
  }
};

/** An interrupt is no error of what waited. */
const onAbort = (signal: AbortSignal, error: unknown): null => {
  if (signal.aborted) return null;
  throw error;
};

/** Looks again after steps; a result where something is not as it shall be. */
const verified = async (host: DeployHost, context: Context): Promise<HostResult | null> => {
  try {
    const { plan } = await host.look(await context.work());
    const problems = [...leftProblems(host.name, changesBeforeStart(plan)), ...obstacleProblems(plan)];
    return problems.length > 0 ? host.result('failed', problems) : null;
  } catch (error) {
    return host.result('failed', problemsOf(error, host.name));
  }
};
