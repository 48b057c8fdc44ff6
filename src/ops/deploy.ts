import type { RunName } from '../engine/apply-host.ts';
import { applyTo } from '../engine/apply-host.ts';
import type { HostResult } from '../engine/events.ts';
import type { EngineDeps, HostJob, PlannedLook } from '../engine/look.ts';
import { lookAt } from '../engine/look.ts';
import { inParallel } from '../engine/parallel.ts';
import type { HostPlan } from '../engine/plan.ts';
import { changesOf, obstaclesOf } from '../engine/plan.ts';

/** The plan of one host, or how the look at it ended without one. */
export type PlannedHost =
  | { readonly state: 'planned'; readonly plan: HostPlan }
  | { readonly state: 'ended'; readonly result: HostResult };

/** Looks at every host and says what would change. Nothing is changed. */
export const planHosts = (
  jobs: readonly HostJob[],
  forks: number,
  deps: EngineDeps,
): Promise<PlannedHost[]> =>
  inParallel(jobs, forks, async (job): Promise<PlannedHost> => {
    const looked = await lookAt(job, deps);
    if (looked.state === 'ended') return looked;
    await looked.connection.close();
    return { state: 'planned', plan: looked.plan };
  });

export interface DeployOptions {
  readonly name: RunName;
  /** Hosts worked on at the same time. */
  readonly forks: number;
  /** Shown the plan of all hosts before anything is changed; false: nothing is. */
  readonly confirm: (planned: readonly PlannedHost[]) => Promise<boolean>;
}

/** How a deploy ended: declined before anything was done, or with a result a host. */
export type Deployed =
  | { readonly state: 'declined' }
  | { readonly state: 'ended'; readonly results: readonly HostResult[] };

/**
 * Looks at every host, asks, and makes the changes: what `confirm` is shown is what is done. Hosts where there
 * is nothing to do end at once; one host's failure leaves the others going.
 */
export const deployHosts = async (
  jobs: readonly HostJob[],
  { name, forks, confirm }: DeployOptions,
  deps: EngineDeps,
): Promise<Deployed> => {
  const startedAt = deps.now();
  deps.emit({ type: 'run-begin', run: name.run, hosts: jobs.map((job) => job.target.name) });
  const hosts = await inParallel(jobs, forks, async (job): Promise<Progress> => {
    const looked = await lookAt(job, deps);
    if (looked.state === 'ended') return { planned: looked, result: looked.result };
    const planned: PlannedHost = { state: 'planned', plan: looked.plan };
    const waits = changesOf(looked.plan).length > 0 && obstaclesOf(looked.plan).length === 0;
    return waits
      ? { planned, waiting: looked, since: deps.now() }
      : { planned, result: await applyTo(looked, name, deps) };
  });
  if (hosts.some((host) => 'waiting' in host)) {
    const agreed = !deps.signal.aborted && (await confirm(hosts.map(({ planned }) => planned)));
    if (!agreed) {
      await Promise.all(hosts.map((host) => 'waiting' in host && host.waiting.connection.close()));
      return { state: 'declined' };
    }
  }
  const results = await inParallel(hosts, forks, async (host) =>
    'waiting' in host ? applyTo(afterWaiting(host.waiting, host.since, deps), name, deps) : host.result,
  );
  deps.emit({ type: 'run-end', results, seconds: (deps.now() - startedAt) / 1000 });
  return { state: 'ended', results };
};

/**
 * A host that was looked at: it has ended, and neither its tasks nor its connection are held on to, or it
 * waits for the confirmation.
 */
type Progress =
  | { readonly planned: PlannedHost; readonly result: HostResult }
  | { readonly planned: PlannedHost; readonly waiting: PlannedLook; readonly since: number };

/** The time that a host waited for an answer, or for its turn, is not its own. */
const afterWaiting = (looked: PlannedLook, since: number, { now }: EngineDeps): PlannedLook => ({
  ...looked,
  startedAt: looked.startedAt + now() - since,
});
