import { askGuard, guardLook } from '../guard/look.ts';
import type { Observation } from '../look.ts';
import type { AtWork } from '../process/at-work.ts';
import { pidsIn } from '../process/look.ts';
import type { SoughtProcess } from '../process/sought.ts';
import type { Resource, Task } from '../resource.ts';
import { SAME } from '../resource.ts';
import { othersIn, WORKING, workingShell } from './others.ts';

/** Seconds that the order to reboot may take. */
const ORDER_DEADLINE = 60;

const KIND = 'reboot';

/** Whether a resource is the start of its machine, which has a stage of its own. */
export const isReboot = ({ kind }: Pick<Resource, 'kind'>): boolean => kind === KIND;

/**
 * That the machine has been started anew, as a resource. `since`: the boot id that it had when that was agreed to, of a
 * run that is taken up; under another one it has been done. `own`: what is stopped before; whatever else is at work ends
 * with the machine, and nobody tells what that is at.
 */
export const reboot = (
  since: string | undefined,
  own: readonly Pick<SoughtProcess, 'repository'>[],
): Resource => ({
  kind: KIND,
  id: `${KIND}:machine`,
  title: 'the machine',
  asks: [askGuard(WORKING, workingShell)],
  diff: (seen) => {
    if (wasRebooted(seen, since)) return SAME;
    const { bootId } = factsOf(seen);
    const atWork = besides(seen, own);
    return {
      state: 'change',
      change: {
        action: 'run',
        details: [{ name: 'state', before: 'up', after: 'rebooted' }],
        steps: [{ step: 'reboot', boot: bootId, deadline: ORDER_DEADLINE }],
        ...(atWork && { atWork }),
      },
    };
  },
});

/** What the end of a machine may lose besides the work of its own processes; null: nothing. */
const besides = (seen: Observation, own: Parameters<typeof reboot>[1]): AtWork | null => {
  const others = othersIn(guardLook.seen(seen, WORKING)?.output ?? '', {
    repositories: new Set(own.map(({ repository }) => repository)),
    pids: pidsIn(seen),
  });
  if (others?.length === 0) return null;
  const why =
    others === null
      ? 'the host does not tell what else of lotus is at work there'
      : `${others.join('; ')}: the cluster file does not have ${others.length === 1 ? 'it' : 'them'}, and nobody tells what ${others.length === 1 ? 'it is' : 'they are'} at`;
  return { type: 'unknown', why, isOther: true };
};

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
