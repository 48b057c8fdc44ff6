import type { HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import { uptimeQuery } from '../../engine/query.ts';
import { ageOf } from '../../resources/process/look.ts';
import type { DeployHost } from '../deploy-host.ts';

/** Seconds. It takes a run about as long to start all workers of a host and to see that they are not registered. */
const FRESH = 10 * 60;

/**
 * Workers that a plan ends and that were started some minutes ago, as by a run that was killed and is taken up at once: the
 * host tells that of each, and whatever it is at has gone on no longer.
 */
export const freshIn = async (host: DeployHost, plan: HostPlan): Promise<ReadonlySet<string>> => {
  const ends = changesOf(plan).flatMap(({ title, change: { steps } }) =>
    steps.flatMap((step) =>
      step.step === 'stop-process' && step.known.by === 'argument' ? [{ title, step }] : [],
    ),
  );
  if (ends.length === 0) return new Set();
  const up = await host.session.ask(uptimeQuery);
  const old = new Set(ends.flatMap(({ title, step }) => (ageOf(step, up) > FRESH ? [title] : [])));
  return new Set(ends.flatMap(({ title }) => (old.has(title) ? [] : [title])));
};
