import { again } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { Emit, HostResult } from '../../engine/events.ts';
import type { Stage } from '../../engine/flow.ts';
import type { HostPlan } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { Pacer } from './pacer.ts';
import { startingOf } from './starts.ts';

interface Context {
  readonly pacer: Pacer;
  readonly emit: Emit;
}

/** Hosts wait here until others have started theirs, for as long as that takes. */
export const turnStage = (context: Context): Stage<DeployHost> => ({
  name: 'turn',
  width: null,
  concerns: ({ plan }) => plan !== null && startingOf(plan) !== null,
  work: async (host) => {
    const { pacer, emit } = context;
    emit({ type: 'phase', host: host.name, phase: 'turn' });
    if (pacer.mustWait(host.name))
      emit({
        type: 'waits',
        host: host.name,
        text: `waits for its turn: ${count(pacer.atOnce, 'host starts', 'hosts start')} at a time`,
      });
    return (await pacer.lane(host.name)) ? null : notItsTurn(host, host.plan);
  },
});

/** Waits until a host may start the first of its processes; a result where somebody interrupted. */
export const atItsTurn = async (
  host: DeployHost,
  plan: HostPlan,
  { pacer, emit }: Context,
): Promise<HostResult | null> => {
  if (startingOf(plan) === null) return null;
  if (!(await pacer.lane(host.name))) return notItsTurn(host, plan);
  const seconds = Math.ceil(pacer.untilTurn(host.name) / 1000);
  if (seconds > 0) emit({ type: 'waits', host: host.name, text: 'waits for its turn to start', seconds });
  return (await pacer.turn(host.name)) ? null : notItsTurn(host, plan);
};

const notItsTurn = (host: DeployHost, plan: HostPlan | null): HostResult =>
  host.result('stopped', [stoppedProblem(host.name, (plan && startingOf(plan)?.pauses.length) ?? 0)]);

const stoppedProblem = (host: string, processes: number): Problem => ({
  kind: 'stopped',
  what: `stopped while it waited for its turn, as asked: ${count(processes, 'process', 'processes')} not started`,
  where: { host },
  next: [again('run again, or fcops start: what does not run is started')],
});
