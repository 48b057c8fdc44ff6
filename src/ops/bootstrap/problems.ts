import { again, fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { SetupStep, StepState } from './setup-step.ts';

/** What ends a set-up at one of its steps. */

/** It is at stake, and nobody is there to say yes. */
export const unasked = ({ title }: SetupStep, host: string): Problem => ({
  kind: 'usage',
  what: `stopped before the ${title}: it is asked for first, and here is no terminal to ask on`,
  where: { host },
  next: [again('run it on a terminal, or add --yes')],
});

/** Somebody has to mend or to decide something first, or it cannot be told. */
export const stuck = (
  { title }: SetupStep,
  state: Extract<StepState, { type: 'blocked' | 'unknown' }>,
  host: string,
): Problem =>
  state.type === 'blocked'
    ? {
        kind: 'check',
        what: `${title}: ${state.says}`,
        where: { host },
        ...(state.why !== undefined && { why: state.why }),
        next: state.next,
      }
    : {
        kind: 'unseen',
        what: `whether this is done cannot be told: ${title}`,
        where: { host },
        why: state.says,
        next: [look('log in and see what the host says'), again()],
      };

/** Its steps ended well, and the look after them does not show it. */
export const notSeen = (
  { title }: SetupStep,
  { says }: StepState,
  host: string,
  check: readonly string[],
): Problem => ({
  kind: 'verify',
  what: `${title}: it was carried out, and the host does not show it`,
  where: { host },
  why: says,
  next: [fcopsCommand(check, 'see what it shows now')],
});

/** Problems of a step that failed, with what the host shows is to be done first. */
export const withAdvice = (problems: readonly Problem[], state: StepState): readonly Problem[] =>
  state.type === 'blocked' ? problems.map((problem) => ({ ...problem, next: state.next })) : problems;
