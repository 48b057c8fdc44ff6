import { again } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Stage } from '../../engine/flow.ts';
import type { DeployHost } from '../deploy-host.ts';
import { startStage } from '../deploy-stages.ts';
import { onward } from '../onward.ts';
import { drainStage } from '../stop/drain.ts';
import { beforeStop, stopStage, windowStage } from '../stop/stages.ts';
import { machineCheck } from './check.ts';
import type { RebootContext } from './context.ts';
import { rebootStage } from './reboot-stage.ts';

/**
 * What is done to a host when its turn has come: its workers end their tasks, all of it is stopped, the machine is
 * rebooted, all of it is started, and the miner has it again.
 */
export const rebootStages = (
  context: RebootContext,
  turns: readonly Stage<DeployHost>[],
): readonly Stage<DeployHost>[] => [
  ...(context.mode.drain === null ? [] : [drainStage(context)]),
  ...turns.map((turn) => beforeStop(turn, context)),
  ...(context.guard.waits ? [windowStage(context)] : []),
  stopStage(context, async () => null),
  rebootStage(context),
  onward(startAfterStage(context)),
  machineCheck(context),
];

/** Starts what the machine runs, unless somebody has interrupted. */
const startAfterStage = (context: RebootContext): Stage<DeployHost> => {
  const starting = startStage(context);
  return {
    ...starting,
    work: async (host) =>
      context.signal.aborted ? host.result('stopped', [notStarted(host.name)]) : starting.work(host),
  };
};

const notStarted = (host: string): Problem => ({
  kind: 'stopped',
  what: 'stopped between two steps, as asked: the machine was rebooted, and its processes are not started',
  where: { host },
  next: [again('run again, or fcops start: what does not run is started')],
});
