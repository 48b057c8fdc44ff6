import type { Facts } from '../../core/facts.ts';
import type { Result } from '../../core/result.ts';
import { err } from '../../core/result.ts';
import type { Row } from '../probes/sort.ts';
import shell from './facts.sh';

/** Bash functions that `factsCall` uses. */
export const factsShell: string = shell;

/** Bash that prints the rows of the facts; part of every observation. */
export const factsCall = 'fcops_facts';

/** The facts from the rows of an observation, or what is missing in them. */
export const parseFacts = (rows: readonly Row[]): Result<Facts, string> =>
  err(`${rows.length} rows, no facts`);
