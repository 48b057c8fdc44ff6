import type { Problem } from '../../core/problem.ts';

/** What is wrong has to be mended, a warning may be meant so; what could not be looked at here is unknown, and may be right. */
export const LEVELS = ['wrong', 'warning', 'unknown'] as const;
export type Level = (typeof LEVELS)[number];

/** What a check of secrets has found. */
export interface Finding {
  readonly level: Level;
  readonly problem: Problem;
}

export const wrong = (problem: Problem): Finding => ({ level: 'wrong', problem });
export const warning = (problem: Problem): Finding => ({ level: 'warning', problem });
export const unknown = (problem: Problem): Finding => ({ level: 'unknown', problem });
