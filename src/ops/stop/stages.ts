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
import {
  applyTo,
  changesBeforeStart,
  done,
  jobsOf,
  notBegun,
  stage,
  startStage,
  waitingProblems,
} from '../deploy-stages.ts';
import { obstacleProblems } from '../obstacles.ts';

import { stopsMiner } from '../window/guard.ts';
import { refusedAtFirst, refusedAtLast } from './at-risk.ts';
import type { StopContext } from './context.ts';
import { drainStage } from './drain.ts';
import { eachStage } from './each.ts';
import { rememberWorkers } from './gone.ts';
import { brokenOff, stayPaused } from './paused-workers.ts';
import { untilRegistered } from './registered.ts';
import { leftEnded, notStartedAgain } from './started-again.ts';

const stopsOf = (plan: HostPlan) => changesOf(plan).filter(({ kind }) => kind === 'stop');

/** Why nothing is done to a host: tasks that would be lost, or, where it is to run again, what keeps it from that. */
export const refusedStop = (
  plan: HostPlan,
  { mode, startWork }: Pick<StopContext, 'mode' | 'startWork'>,
  comingBack?: ReadonlySet<string>,
): readonly Problem[] => [
  ...refusedAtFirst(plan, mode, comingBack),
  ...(startWork !== null && stopsOf(plan).length > 0 ? waitingProblems(plan).map(notRestarted) : []),
];

const notRestarted = (problem: Problem): Problem => ({
  ...problem,
  what: `nothing was stopped, as it could not be started again: ${problem.what}`,
});

/**
 * What a stop does after it was agreed to, and a restart: what is started again only when its turn has come is not ended
 * before.
 */
export const stopStages = (
  context: StopContext,
  turns: readonly Stage<DeployHost>[],
): readonly Stage<DeployHost>[] => {
  if (context.mode.each && context.startWork !== null) return [eachStage(context)];
  return wholeHosts(context, turns);
};

/** All processes of a host at the same time. */
const wholeHosts = (
  context: StopContext,
  turns: readonly Stage<DeployHost>[],
): readonly Stage<DeployHost>[] => [
  ...(context.mode.drain === null ? [] : [drainStage(context)]),
  ...(context.startWork === null ? [] : turns.map((turn) => beforeStop(turn, context))),
  ...(context.guard.waits ? [windowStage(context)] : []),
  stopStage(context),
  ...(context.startWork === null ? [] : [startAgainStage(context)]),
];

/** One that ends while it waits to be stopped still runs all of its own, with what a drain has paused. */
export const beforeStop = (turn: Stage<DeployHost>, context: StopContext): Stage<DeployHost> => ({
  ...turn,
  work: async (host) =>
    (await turn.work(host)) === null ? null : brokenOff(host, context, [notBegun(host.name)]),
});

/** Waits until the proofs of the miner let lotus and lotus-miner be stopped, for as long as that takes. */
export const windowStage = (context: StopContext): Stage<DeployHost> =>
  stage(context, {
    name: 'window',
    width: null,
    concerns: ({ plan }) => plan !== null && stopsMiner(plan),
    work: async (host) => {
      const problems = await context.guard.wait(host, context);
      if (context.signal.aborted) return brokenOff(host, context, [notBegun(host.name)]);
      return problems.length > 0 ? brokenOff(host, context, problems) : null;
    },
  });

/** Starts what was stopped, unless somebody has interrupted between the two. */
export const startEndedStage = (context: StopContext): Stage<DeployHost> => {
  const starting = startStage(context);
  return {
    ...starting,
    work: async (host) =>
      context.signal.aborted ? host.result('stopped', [notStartedAgain(host.name)]) : starting.work(host),
  };
};

/** The same where workers that were paused have to be at their miner again before it is over. */
const startAgainStage = (context: StopContext): Stage<DeployHost> => {
  const starting = startEndedStage(context);
  return {
    ...starting,
    work: async (host) => {
      const result = await starting.work(host);
      const paused = [...(context.paused.get(host.host)?.keys() ?? [])];
      if (result === null || !isGood(result) || paused.length === 0) return result;
      const missing = await untilRegistered(host, context, paused);
      return missing.length > 0 ? host.result('failed', missing) : result;
    },
  };
};

/**
 * Holds the host, looks what is still so of what was agreed to, ends the processes, and looks that they have gone.
 * Nobody comes between until all is over. `then`: what comes after it; left out: the host is turned to what is started.
 */
export const stopStage = (
  context: StopContext,
  then: (host: DeployHost) => Promise<HostResult | null> = (host) => turned(host, context.startWork),
): Stage<DeployHost> =>
  stage(context, {
    name: 'stop',
    width: 'apply',
    work: async (host) => {
      const { signal, holder } = context;
      const agreed = host.plan;
      if (agreed === null) return null;
      if (signal.aborted) return brokenOff(host, context, [notBegun(host.name)]);
      const before = host.succeeded;
      let stops: readonly string[] = [];
      try {
        await host.session.hold(holder);
        const atWork = await context.atWork?.(host.host);
        const { plan, lockedBy } = await host.look(await context.work(), atWork);
        const other = otherHolder(lockedBy, holder.run);
        if (other) return brokenOff(host, context, [lockedProblem(host.name, other)]);
        const refused = [...obstacleProblems(plan), ...refusedAtLast(agreed, plan, context.mode)];
        if (refused.length > 0) return brokenOff(host, context, refused);
        // Hours may have gone by since it was asked, and nobody else stops it now.
        const closed = await context.guard.atLast(plan, host);
        if (closed.length > 0) return brokenOff(host, context, closed);
        await rememberWorkers(host, plan, context);
        stops = stopsOf(plan).map(({ title }) => title);
        return (await stopped(host, plan, context)) ?? (await then(host));
      } catch (error) {
        return brokenIn(host, problemsOf(error, host.name), host.succeeded > before ? stops : null, context);
      }
    },
  });

/** Something came between, when these processes had ended; null: none had. */
const brokenIn = async (
  host: DeployHost,
  problems: readonly Problem[],
  stops: readonly string[] | null,
  context: StopContext,
): Promise<HostResult> => {
  // Whoever was asked says that nothing was done by that; what came before it was.
  if (context.signal.aborted && stops !== null)
    return host.result('stopped', [notStartedAgain(host.name), ...stayPaused(host, context)]);
  const left = context.startWork === null ? [] : leftEnded(host.name, stops ?? []);
  return brokenOff(host, context, [...problems, ...left]);
};

/** Ends what runs; a result where not all of it has gone, with what of it gets no tasks any more. */
const stopped = async (
  host: DeployHost,
  plan: HostPlan,
  context: StopContext,
): Promise<HostResult | null> => {
  const { changes } = jobsOf(plan, context);
  if (changes.changes.length === 0) return null;
  if (stopsMiner(plan)) context.miner.isEnded();
  const failed = await applyTo(host, changes, context);
  // What was told to end is not given new tasks: it may end yet.
  if (failed) return { ...failed, problems: [...failed.problems, ...stayPaused(host, context)] };
  const { plan: now } = await host.look(await context.work());
  const left = leftProblems(host.name, changesBeforeStart(now));
  return left.length > 0 ? host.result('failed', [...left, ...stayPaused(host, context)]) : null;
};

/** Goes on to what is started, or ends. */
export const turned = async (
  host: DeployHost,
  startWork: StopContext['startWork'],
): Promise<HostResult | null> => {
  if (startWork === null) return done(host);
  const work = await startWork();
  host.turnTo(work);
  const { plan } = await host.look(work);
  const obstacles = obstacleProblems(plan);
  return obstacles.length > 0 ? host.result('failed', obstacles) : null;
};
