import type { Problem } from '../../core/problem.ts';

/** What a check of secrets has found. */
export interface Finding {
  /** unknown: what could not be looked at here; it may be right. */
  readonly level: 'wrong' | 'unknown';
  readonly problem: Problem;
}

export const wrong = (problem: Problem): Finding => ({ level: 'wrong', problem });
export const unknown = (problem: Problem): Finding => ({ level: 'unknown', problem });
