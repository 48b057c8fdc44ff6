import { again } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { inShort } from '../../core/problem.ts';
import { reasonIn } from '../../engine/apply/reason.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { ApplyDeps } from './apply.ts';
import { applyAtMiner } from './apply.ts';
import type { AskedCluster } from './asked.ts';

/** What came of one thing that lotus-miner was to be told, as far as its host knows. */
export interface Came {
  /** `asked`: lotus-miner took it. `refused`: surely not done. `unknown`: its answer, or the word of it, is not there. */
  readonly type: 'asked' | 'refused' | 'unknown' | 'not begun';
  readonly why: string | null;
}

/** What came of all of them; each has to be looked at again before anybody says that it is done. */
export interface CarriedOut {
  /** In the order of the changes. */
  readonly came: readonly Came[];
  /** What stood against the run as a whole: another one, an interrupt, a lost connection. */
  readonly problems: readonly Problem[];
  readonly isStopped: boolean;
}

/** What happens meanwhile. */
export type CarryEvent =
  | { readonly type: 'asked'; readonly done: number; readonly all: number }
  | Extract<RunEvent, { type: 'reconnect' | 'not-stopping' }>;

/** Has lotus-miner told one thing after the other, where none of them needs the ones before. */
export const carryOut = async (
  asked: AskedCluster,
  changes: readonly ChangeItem[],
  targetOf: (host: Host) => Target,
  deps: ApplyDeps,
  onEvent: (event: CarryEvent) => void,
): Promise<CarriedOut> => {
  const lines: string[][] = changes.map(() => []);
  const came: Came[] = changes.map(() => ({ type: 'not begun', why: null }));
  const emit = (event: RunEvent): void => {
    switch (event.type) {
      case 'step-begin':
        came[event.step - 1] = { type: 'unknown', why: 'it did not come to its end' };
        return;
      case 'step-output':
        lines[event.step - 1]?.push(event.line);
        return;
      case 'step-end':
        came[event.step - 1] = cameOf(lines[event.step - 1] ?? [], event.ok);
        onEvent({ type: 'asked', done: event.step, all: changes.length });
        return;
      case 'reconnect':
      case 'not-stopping':
        onEvent(event);
    }
  };
  const { state, problems } = await applyAtMiner(asked, { changes, emit }, targetOf, deps);
  // A run that was not heard of to its end may go on.
  const isHeard =
    ['done', 'locked', 'stopped'].includes(state) ||
    problems.every((problem) => isOfStep(problem) || isStop(problem));
  return {
    came: isHeard ? came : came.map((one) => (one.type === 'not begun' ? UNHEARD : one)),
    problems: problems.filter((problem) => !isOfStep(problem)).map(withNext),
    isStopped: problems.some(isStop) || deps.signal.aborted,
  };
};

const UNHEARD: Came = { type: 'unknown', why: 'the host goes on without us' };

const isOfStep = ({ kind }: Problem): boolean => kind === 'step';

const isStop = ({ kind }: Problem): boolean => kind === 'stopped';

const withNext = (problem: Problem): Problem =>
  problem.next && problem.next.length > 0 ? problem : { ...problem, next: [again('look again')] };

const cameOf = (lines: readonly string[], ok: boolean): Came => {
  const reason = reasonIn(lines);
  const why = reason.type === 'said' ? inShort(reason) : lines.at(-1) || 'it printed nothing';
  if (ok) return lines.includes('asked') ? { type: 'asked', why: null } : { type: 'unknown', why };
  // What was ended, or says nothing of itself, may have been done.
  const isSure = reason.type === 'said' && !lines.includes('not known');
  return { type: isSure ? 'refused' : 'unknown', why };
};
