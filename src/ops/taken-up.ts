import { FcopsError } from '../core/problem.ts';
import type { HostResult } from '../engine/events.ts';
import type { HostPlan } from '../engine/plan.ts';
import { goingOnQuery } from '../engine/runs/going-on.ts';
import type { TakenUp } from './deploy.ts';
import type { DeployHost } from './deploy-host.ts';
import { stateAfter } from './deploy-host.ts';
import type { StageContext } from './deploy-stages.ts';
import { endUnseen, jobsOf } from './deploy-stages.ts';

/** A run, and what it was to do, by host. */
interface Planned {
  readonly run: string;
  readonly plans: ReadonlyMap<string, HostPlan>;
}

/** What more is known of a run that is taken up. */
interface Known {
  /** Machines that were rebooting, and the milliseconds that they have to come back. */
  readonly away?: ReadonlyMap<string, number>;
  /** The runs that it took up itself: one that was killed soon may not have come to what they have begun. */
  readonly earlier?: readonly Planned[];
}

/** What of a run goes on is found out first, on each of its hosts. */
export const takenUpFrom = (own: Planned, known: Known = {}): TakenUp => ({
  run: own.run,
  plans: [own, ...(known.earlier ?? [])].map(({ plans }) => plans),
  before: (context) => [findStage(context, own, known)],
});

/** Finds out what became of the run on a host: what still goes on there is followed to its end. */
const findStage = (
  context: StageContext,
  { run, plans }: Planned,
  { away = new Map(), earlier = [] }: Known,
): ReturnType<TakenUp['before']>[number] => ({
  name: 'find',
  width: 'apply',
  concerns: ({ name }) => plans.has(name) || earlier.length > 0,
  work: (host) =>
    host.timed(context.now, async () => {
      context.emit({ type: 'phase', host: host.name, phase: 'find' });
      const within = away.get(host.name);
      // One that does not come is found out below.
      if (within !== undefined) await host.session.comeBack({ boot: null, within });
      const plan = plans.get(host.name);
      const lost = plan ? await agreedOf(host, plan, { ...context, run }) : null;
      return lost ?? goesOn(host, [run, ...earlier.map((one) => one.run)], context);
    }),
});

/** What was agreed to: fetched, changed, started. */
const agreedOf = async (
  host: DeployHost,
  plan: HostPlan,
  context: StageContext,
): Promise<HostResult | null> => {
  const { fetch, changes, starts } = jobsOf(plan, context);
  return (await found(host, fetch)) ?? (await found(host, changes)) ?? (await found(host, starts));
};

/** What of these runs goes on besides: a way back, the restart of workers that were at rest. */
const goesOn = async (
  host: DeployHost,
  runs: readonly string[],
  { emit }: StageContext,
): Promise<HostResult | null> => {
  try {
    for (const run of runs)
      for (const name of await host.session.ask(goingOnQuery(run))) {
        emit({ type: 'waits', host: host.name, text: `follows the steps that ${run} has begun there` });
        const lost = await found(host, { run: name, host: host.name, changes: null });
        if (lost) return lost;
      }
    return null;
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return endUnseen(host, 'unreachable', error);
  }
};

/** A result where the host was lost again; what failed or was stopped then is left to the look that follows. */
const found = async (
  host: DeployHost,
  job: Parameters<DeployHost['session']['rejoin']>[0],
): Promise<HostResult | null> => {
  if (job.changes?.length === 0) return null;
  try {
    const applied = await host.session.rejoin(job);
    if (applied === null) return null;
    host.succeeded += applied.succeeded;
    return applied.state === 'lost'
      ? host.endUnplanned(stateAfter(applied) ?? 'unreachable', applied.problems)
      : null;
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return endUnseen(host, 'unreachable', error);
  }
};
