import type { ChangeItem, HostPlan } from '../../engine/plan.ts';
import { changesOf, obstaclesOf } from '../../engine/plan.ts';
import type { Starting } from './schedule.ts';

/**
 * Seconds before the host's next may be started; null where a change starts nothing that registers at a miner: lotus and
 * lotus-miner are what others register at.
 */
export const pauseOf = ({ change: { steps } }: Pick<ChangeItem, 'change'>): number | null => {
  const starts = steps.flatMap((step) =>
    step.step === 'start-process' && step.known.by === 'argument' ? [step.pause] : [],
  );
  return starts.length === 0 ? null : Math.max(...starts);
};

/** What a plan starts of that: null where it is nothing. */
export const startingOf = (plan: HostPlan): Starting | null => {
  if (obstaclesOf(plan).length > 0) return null;
  const pauses = changesOf(plan).flatMap((item) => pauseOf(item) ?? []);
  return pauses.length === 0 ? null : { host: plan.host, pauses };
};
