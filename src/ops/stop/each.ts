import type { Problem } from '../../core/problem.ts';
import { problemsOf } from '../../core/problem.ts';
import type { HostResult } from '../../engine/events.ts';
import { isGood } from '../../engine/events.ts';
import type { Stage } from '../../engine/flow.ts';
import { lockedProblem, otherHolder } from '../../engine/lock/holder.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import { leftProblems } from '../deploy-host.ts';
import { applyTo, done, jobsOf, notBegun, stage, startIn } from '../deploy-stages.ts';
import { obstacleProblems } from '../obstacles.ts';
import type { AtRisk } from './at-risk.ts';
import { refusedAtLast } from './at-risk.ts';
import type { StopContext } from './context.ts';
import { DrainWatch } from './drain-watch.ts';
import { rememberWorkers } from './gone.ts';
import {
  brokenOff,
  pauseWorkers,
  resumeWorkers,
  stayPaused,
  stoppedDrain,
  workersOf,
} from './paused-workers.ts';
import { untilRegistered } from './registered.ts';
import { leftEnded, notStartedAgain } from './started-again.ts';
import { POLL, QUIET } from './waiting.ts';

/**
 * Restarts workers in the order in which they fall idle: all of them are paused at the miner, and whichever has ended its
 * tasks is ended and started anew at its turn, while the others of its host go on. The host is held only meanwhile.
 */
export const eachStage = (context: StopContext): Stage<DeployHost> =>
  stage(context, {
    name: 'drain',
    width: null,
    concerns: ({ plan }) => plan !== null && changesOf(plan).length > 0,
    work: async (host) => {
      const agreed = host.plan;
      if (agreed === null) return null;
      try {
        // It may take hours, and the host is not needed for it.
        await host.session.close();
        return (await pauseWorkers(host, context)) ?? (await untilAllAnew(host, agreed, context));
      } catch (error) {
        if (context.signal.aborted) return interrupted(host, context);
        return brokenOff(host, context, problemsOf(error, host.name));
      }
    },
  });

const interrupted = (host: DeployHost, context: StopContext): HostResult =>
  host.result('stopped', [stoppedDrain(host, context, host.succeeded > 0)]);

const untilAllAnew = async (
  host: DeployHost,
  agreed: HostPlan,
  context: StopContext,
): Promise<HostResult> => {
  const watch = new DrainWatch(host, context);
  /** Those that are left, and how many times in a row each was at rest. */
  let rest: ReadonlyMap<string, number> = new Map(workersOf(host).map((name) => [name, 0]));
  let round = 0;
  // What does not run is no worker to wait for: one that an interrupt has left so, for example.
  const dead = notRunning(agreed, [...rest.keys()]);
  if (dead.length > 0) {
    const started = await startedAnew(host, agreed, { names: dead, round }, context);
    if (started !== 'busy' && started !== 'done') return started;
  }
  while (rest.size > 0) {
    if (context.signal.aborted) return interrupted(host, context);
    const asked = await watch.ask([...rest.keys()]);
    if ('over' in asked) return asked.over;
    rest = atRestAgain(rest, asked.left);
    const quiet = [...rest].flatMap(([name, times]) => (times >= QUIET ? [name] : []));
    const waited = quiet.length > 0 ? { ended: quiet } : await watch.wait();
    if ('over' in waited) return waited.over;
    // What has died is at nothing any more.
    const ready = waited.ended;
    if (ready.length === 0) {
      await context.pause(POLL);
      continue;
    }
    round += 1;
    const ended = await startedAnew(host, agreed, { names: ready, round }, context);
    if (ended !== 'busy' && ended !== 'done') return ended;
    rest = new Map(
      [...rest].flatMap(([name, quiet]) => {
        if (!ready.includes(name)) return [[name, quiet]];
        return ended === 'done' ? [] : [[name, 0]];
      }),
    );
  }
  return done(host);
};

const notRunning = (plan: HostPlan, running: readonly string[]): readonly string[] =>
  changesOf(plan).flatMap(({ kind, title }) =>
    kind === 'process' && !running.includes(title) ? [title] : [],
  );

const atRestAgain = (
  rest: ReadonlyMap<string, number>,
  left: readonly AtRisk[],
): ReadonlyMap<string, number> => {
  const busy = new Set(left.map(({ process }) => process));
  return new Map([...rest].map(([name, quiet]) => [name, busy.has(name) ? 0 : quiet + 1]));
};

/** Workers that are at rest, and how many times the host was come to for that. */
interface Ready {
  readonly names: readonly string[];
  readonly round: number;
}

/** Ends these workers and starts them; `busy`: one of them has begun a task since, and none was ended. */
const startedAnew = async (
  host: DeployHost,
  agreed: HostPlan,
  { names, round }: Ready,
  context: StopContext,
): Promise<HostResult | 'busy' | 'done'> => {
  const { pacer, holder, emit } = context;
  // What is started again only when its turn has come is not ended before.
  if (!(await pacer.lane(host.name))) return brokenOff(host, context, [notBegun(host.name)]);
  try {
    emit({ type: 'phase', host: host.name, phase: 'stop' });
    await host.session.hold(holder);
    // The journals of the steps of a host must not be taken for each other.
    const own = { ...context, run: `${context.run}e${round}` };
    const end = await ended(host, agreed, names, own);
    if ('over' in end) return end.over;
    const result = await started(host, names, end.gone, own);
    if (!isGood(result)) return broken(host, result, names, context);
    const missing = await resumed(host, names, context);
    return missing.length === 0 ? 'done' : brokenOff(host, context, missing);
  } finally {
    pacer.release(host.name);
    emit({ type: 'phase', host: host.name, phase: 'drain' });
    await host.session.close();
  }
};

/** Starts these workers, whose ends are behind them; `gone`: those of them that this run has ended. */
const started = async (
  host: DeployHost,
  names: readonly string[],
  gone: readonly string[],
  context: StopContext,
): Promise<HostResult> => {
  context.emit({ type: 'phase', host: host.name, phase: 'start' });
  const before = host.succeeded;
  try {
    const work = await context.workOn('start', names);
    host.turnTo(work);
    const { plan } = await host.look(work);
    const obstacles = obstacleProblems(plan);
    if (obstacles.length > 0) return notStarted(host, obstacles, gone, context);
    if (context.signal.aborted) return notStarted(host, [], gone, context);
    const result = await startIn(host, context);
    return isGood(result) || host.succeeded > before
      ? result
      : { ...result, problems: [...result.problems, ...leftEnded(host.name, gone)] };
  } catch (error) {
    return notStarted(host, problemsOf(error, host.name), gone, context);
  }
};

/** Something has come between the end of workers and their start: which are left ended is told with it. */
const notStarted = (
  host: DeployHost,
  problems: readonly Problem[],
  gone: readonly string[],
  { signal }: StopContext,
): HostResult =>
  signal.aborted
    ? host.result('stopped', [gone.length > 0 ? notStartedAgain(host.name, gone) : notBegun(host.name)])
    : host.result('failed', [...problems, ...leftEnded(host.name, gone)]);

/** What came of the end of workers: those that have gone, or why it goes no further. */
type Ended = { readonly gone: readonly string[] } | { readonly over: HostResult | 'busy' };

/** Ends these workers. */
const ended = async (
  host: DeployHost,
  agreed: HostPlan,
  names: readonly string[],
  context: StopContext,
): Promise<Ended> => {
  const { holder, mode } = context;
  const work = await context.workOn('stop', names);
  host.turnTo(work);
  const { plan, lockedBy } = await host.look(work, await context.atWork?.(host.host));
  const other = otherHolder(lockedBy, holder.run);
  if (other) return { over: await brokenOff(host, context, [lockedProblem(host.name, other)]) };
  const obstacles = obstacleProblems(plan);
  if (obstacles.length > 0) return { over: await brokenOff(host, context, obstacles) };
  if (refusedAtLast(agreed, plan, mode).length > 0) return { over: 'busy' };
  await rememberWorkers(host, plan, context);
  const stops = changesOf(plan).map(({ title }) => title);
  // Somebody has started it anew meanwhile.
  if (stops.length === 0) return { gone: [] };
  const failed = await applyTo(host, jobsOf(plan, context).changes, context);
  const over = async (result: HostResult): Promise<Ended> => ({
    over: await broken(host, result, names, context),
  });
  if (failed?.state === 'unreachable') return over(failed);
  try {
    const left = changesOf((await host.look(work)).plan);
    const gone = stops.filter((name) => !left.some(({ title }) => title === name));
    if (failed) return over({ ...failed, problems: [...failed.problems, ...leftEnded(host.name, gone)] });
    if (left.length === 0) return { gone };
    return over(host.result('failed', [...leftProblems(host.name, left), ...leftEnded(host.name, gone)]));
  } catch (error) {
    // Every step has said of itself that it ended well.
    return over(failed ?? notStarted(host, problemsOf(error, host.name), stops, context));
  }
};

/** What was told to end is not given new tasks, as it may end yet; the others of the host are. */
const broken = async (
  host: DeployHost,
  result: HostResult,
  names: readonly string[],
  context: StopContext,
): Promise<HostResult> => {
  const paused = [...(context.paused.get(host.host) ?? [])];
  const of = (wanted: boolean) => new Map(paused.filter(([name]) => names.includes(name) === wanted));
  context.paused.set(host.host, of(false));
  const others = context.signal.aborted ? stayPaused(host, context) : await resumeWorkers(host, context);
  context.paused.set(host.host, of(true));
  return { ...result, problems: [...result.problems, ...stayPaused(host, context), ...others] };
};

/** They get tasks again, and nothing of them is paused any more. */
const resumed = async (
  host: DeployHost,
  names: readonly string[],
  context: StopContext,
): Promise<readonly Problem[]> => {
  const paused = context.paused.get(host.host) ?? new Map<string, readonly string[]>();
  const own = names.filter((name) => paused.has(name));
  // Their sessions of before are gone.
  context.paused.set(host.host, new Map([...paused].filter(([name]) => !names.includes(name))));
  return own.length === 0 ? [] : untilRegistered(host, context, own);
};
