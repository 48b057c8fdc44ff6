import { ExecaError } from 'execa';
import { digestBy } from '../../../src/core/content.ts';
import { lookScript, parseLook } from '../../../src/engine/look-script.ts';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { changesOf, planHost } from '../../../src/engine/plan.ts';
import { bashOf, STEP_SHELL } from '../../../src/resources/kinds.ts';
import type { Observation } from '../../../src/resources/look.ts';
import type { Resource, Task } from '../../../src/resources/resource.ts';
import type { PlainHost } from '../../support/host-set.ts';

/** The values of secrets: each is its own name. */
const reveal = (name: string): string => name;
const digest = digestBy(reveal);

const task = (resources: readonly Resource[]): Task => ({ name: 'test', tags: [], resources });

/** One look at a host, without SSH. */
export const look = async (host: PlainHost, resources: readonly Resource[]): Promise<Observation> => {
  const answer = parseLook(await host.sh(lookScript([task(resources)], digest)));
  if (!answer.ok) throw new Error(answer.error);
  return answer.value.seen;
};

/** What is not as it shall be. */
export const plan = async (host: PlainHost, resources: readonly Resource[]): Promise<HostPlan> =>
  planHost(host.name, [task(resources)], await look(host, resources), digest);

/** The script of a plan's steps, each in a subshell as the engine's runner has them. */
export const stepsOf = (toDo: HostPlan): string =>
  [
    'export FCOPS_RUN=/var/lib/fcops/runs/r-test',
    'mkdir -p "$FCOPS_RUN"',
    STEP_SHELL,
    // What errexit needs: a subshell whose status nobody asks for.
    ...changesOf(toDo).map(
      ({ change }) =>
        `(\nset -euo pipefail\n${change.steps.map((step) => bashOf(step, reveal)).join('\n')}\n) </dev/null\n[ $? = 0 ] || exit 1`,
    ),
  ].join('\n');

/** Makes the planned changes. Rejects with what the failed step printed. */
export const apply = async (host: PlainHost, toDo: HostPlan): Promise<string> => host.sh(stepsOf(toDo));

/** Brings the resources about. Gives the first plan; rejects where the second look still finds a difference. */
export const converge = async (host: PlainHost, resources: readonly Resource[]): Promise<HostPlan> => {
  const first = await plan(host, resources);
  await apply(host, first);
  const second = await plan(host, resources);
  if (second.items.length > 0) throw new Error(`not reached: ${JSON.stringify(second.items, null, 2)}`);
  return first;
};

/** What a script that failed printed on standard error. Rejects where it did not fail. */
export const failureOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ExecaError) return String(error.stderr);
    throw error;
  }
  throw new Error('it did not fail');
};
