import type { Observation } from '../look.ts';
import type { Resource, Task } from '../resource.ts';
import { SAME } from '../resource.ts';

/** Seconds that the order to reboot may take. */
const ORDER_DEADLINE = 60;

const KIND = 'reboot';

/** Whether a resource is the start of its machine, which has a stage of its own. */
export const isReboot = ({ kind }: Pick<Resource, 'kind'>): boolean => kind === KIND;

/**
 * That the machine has been started anew, as a resource. `since`: the boot id that it had when that was agreed to, of a
 * run that is taken up; under another one it has been done.
 */
export const reboot = (since: string | undefined): Resource => ({
  kind: KIND,
  id: `${KIND}:machine`,
  title: 'the machine',
  asks: [],
  diff: (seen) => {
    if (wasRebooted(seen, since)) return SAME;
    const { bootId } = factsOf(seen);
    return {
      state: 'change',
      change: {
        action: 'run',
        details: [{ name: 'state', before: 'up', after: 'rebooted' }],
        steps: [{ step: 'reboot', boot: bootId, deadline: ORDER_DEADLINE }],
      },
    };
  },
});

const factsOf = ({ facts, observedFacts }: Observation) => observedFacts ?? facts;

/** Whether a machine is at another boot than it was then; of one of which no boot is known it is not. */
export const wasRebooted = (seen: Observation, since: string | undefined): boolean =>
  since !== undefined && since !== factsOf(seen).bootId;

/** The same tasks as far as they tell why the machine has to be started anew; nothing else of them is done or told. */
export const owedReboots = (tasks: readonly Task[]): readonly Task[] =>
  tasks.map((task) => ({
    ...task,
    resources: task.resources.map((resource) => ({
      ...resource,
      diff: (seen, context) => {
        const found = resource.diff(seen, context);
        return found.state === 'reboot' ? found : SAME;
      },
    })),
  }));
