import { problemsOf } from '../../core/problem.ts';
import type { HostResult } from '../../engine/events.ts';
import type { Stage } from '../../engine/flow.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import { stage } from '../deploy-stages.ts';
import type { StopContext } from './context.ts';
import { DrainWatch } from './drain-watch.ts';
import { brokenOff, isOfWorker, pauseWorkers, stoppedDrain, workersOf } from './paused-workers.ts';
import { POLL, QUIET } from './waiting.ts';

/** Pauses the workers of a host at the miner, and waits for their tasks to end. */
export const drainStage = (context: StopContext): Stage<DeployHost> =>
  stage(context, {
    name: 'drain',
    width: null,
    concerns: ({ plan }) => plan !== null && changesOf(plan).some(isOfWorker),
    work: async (host) => {
      try {
        // It may take hours, and the host is not needed for it.
        await host.session.close();
        const refused = await pauseWorkers(host, context);
        return refused ?? (await untilAtRest(host, context));
      } catch (error) {
        return brokenOff(host, context, problemsOf(error, host.name));
      }
    },
  });

const untilAtRest = async (host: DeployHost, context: StopContext): Promise<HostResult | null> => {
  const watch = new DrainWatch(host, context);
  for (let quiet = 0; ; await context.pause(POLL)) {
    if (context.signal.aborted) return host.result('stopped', [stoppedDrain(host, context)]);
    const asked = await watch.ask(workersOf(host));
    if ('over' in asked) return asked.over;
    quiet = asked.left.length === 0 ? quiet + 1 : 0;
    if (quiet >= QUIET) return null;
    const waited = await watch.wait();
    if ('over' in waited) return waited.over;
  }
};
