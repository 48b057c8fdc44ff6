import type { Facts } from '../core/facts.ts';
import type { HostResult } from '../engine/events.ts';
import type { EngineDeps } from '../engine/look.ts';
import { lookAt } from '../engine/look.ts';
import { inParallel } from '../engine/parallel.ts';
import type { Target } from '../transport/connection.ts';

/** What a machine is, or why nobody knows. */
export type HostFacts =
  | { readonly state: 'seen'; readonly host: string; readonly facts: Facts }
  | { readonly state: 'ended'; readonly host: string; readonly result: HostResult };

/** Looks at machines without wanting anything of them. */
export const lookAtFacts = (
  targets: readonly Target[],
  forks: number,
  deps: EngineDeps,
): Promise<HostFacts[]> =>
  inParallel(targets, forks, async (target): Promise<HostFacts> => {
    const looked = await lookAt({ target, tasks: () => [] }, deps);
    if (looked.state === 'ended') return { state: 'ended', host: target.name, result: looked.result };
    await looked.connection.close();
    return { state: 'seen', host: target.name, facts: looked.facts };
  });
