import type { Problem } from '../../core/problem.ts';
import { onDemand } from '../../core/remember.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { ChangeDeps } from '../deps.ts';
import { downtimeAt } from './downtime.ts';
import type { WindowNeeds } from './gate.ts';
import { waitForWindow, windowGate } from './gate.ts';

/** What is done where a proof would be lost: nothing is stopped, it is waited for, or nobody asks. */
export type WindowMode = 'refuse' | 'wait' | 'ignore';

/** Whether a plan stops lotus or lotus-miner, without which no proof is made or sent. */
export const stopsMiner = (plan: HostPlan): boolean =>
  changesOf(plan).some(({ change }) =>
    change.steps.some((step) => step.step === 'stop-process' && step.known.by === 'environment'),
  );

const NODE = 'lotus';

/** Whether a plan stops lotus itself. */
const stopsNode = (plan: HostPlan): boolean =>
  changesOf(plan).some(({ change }) =>
    change.steps.some((step) => step.step === 'stop-process' && step.name === NODE),
  );

/** The gate of proving windows as an operation that stops processes goes by it. */
export interface WindowGuard {
  /** Whether a gap is waited for. */
  readonly waits: boolean;
  /** Before anybody is asked. Where a gap is waited for, it need not be there yet. */
  readonly atFirst: (plan: HostPlan, host: DeployHost) => Promise<readonly Problem[]>;
  /** Right before the stop. */
  readonly atLast: (plan: HostPlan, host: DeployHost) => Promise<readonly Problem[]>;
  readonly wait: (host: DeployHost, deps: Pick<ChangeDeps, 'emit'>) => Promise<readonly Problem[]>;
}

/**
 * The gate for the hosts of a miner. How long a restart takes, in seconds, is read from the runs of this controller where
 * nobody has stated it. `reboots`: the machine is rebooted between stop and start.
 */
export const windowGuard = (
  miner: string,
  {
    mode,
    downtime: stated,
    reboots = false,
  }: { readonly mode: WindowMode; readonly downtime: number | null; readonly reboots?: boolean },
  deps: ChangeDeps,
): WindowGuard => {
  const measured = new Map<string, () => WindowNeeds['downtime']>();
  const needs = ({ name }: DeployHost, plan: HostPlan | null): WindowNeeds => {
    const node = plan === null || stopsNode(plan);
    const key = `${name} ${node}`;
    const downtime =
      measured.get(key) ??
      onDemand(() => downtimeAt(deps.journal.directory, name, stated, { reboots, node }));
    measured.set(key, downtime);
    return { miner, host: name, downtime: downtime() };
  };
  const asked = async (plan: HostPlan, host: DeployHost): Promise<readonly Problem[]> =>
    mode !== 'ignore' && stopsMiner(plan) ? windowGate(host.session, needs(host, plan), deps) : [];
  return {
    waits: mode === 'wait',
    atFirst: async (plan, host) => (mode === 'wait' ? [] : asked(plan, host)),
    atLast: asked,
    wait: (host, { emit }) =>
      waitForWindow(host.session, needs(host, host.plan), {
        ...deps,
        tell: (text) => emit({ type: 'waits', host: host.name, text }),
      }),
  };
};

/** A gate that nobody asks. */
export const OPEN_GUARD: WindowGuard = {
  waits: false,
  atFirst: async () => [],
  atLast: async () => [],
  wait: async () => [],
};
