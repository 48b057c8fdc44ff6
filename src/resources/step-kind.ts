import type { z } from 'zod';
import type { Reveal } from '../core/content.ts';

/** One kind of step: what it is as data, and the bash that it becomes when it is sent. */
export interface StepKind<Schema extends z.ZodType> {
  /** The step as a value: `{ step: 'put-link', path, target, seen, deadline }`. No secret can be in it. */
  readonly schema: Schema;
  /** Bash functions that `bash` calls; they may use those of base.sh. */
  readonly shell: string;
  /**
   * Bash that carries the step out. It runs with `set -euo pipefail`, checks its precondition again, can be run
   * twice, and ends with status 0 only where the change was made. `reveal` gives values of secrets: what it
   * gives may stand in a here-document only, never in an argument list.
   */
  readonly bash: (step: z.infer<Schema>, reveal: Reveal) => string;
}

/** Says that a value is a kind of step, and keeps its exact schema. */
export const stepKind = <Schema extends z.ZodType>(kind: StepKind<Schema>): StepKind<Schema> => kind;

/** A here-document of base64 for a step that reads its content from standard input. */
export const dataDocument = (text: string): string =>
  `<<'FCOPS_DATA'\n${Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n')}\nFCOPS_DATA`;
