import type { z } from 'zod';
import type { Reveal } from '../core/content.ts';

/** A step as a value has its kind as `step`. */
type StepSchema = z.ZodObject<{ step: z.ZodLiteral<string> } & z.core.$ZodShape>;

/** One kind of step: what it is as data, and the bash that it becomes when it is sent. */
interface StepSpec<Schema extends StepSchema> {
  /** The step as a value: `{ step: 'put-link', path, target, seen, deadline }`. No secret can be in it. */
  readonly schema: Schema;
  /** Bash functions that `bash` calls; they may use those of base.sh. In parts where others share some. */
  readonly shell: string | readonly string[];
  /**
   * Bash that carries the step out. It runs with `set -euo pipefail`, checks its precondition again, can be run
   * twice, and ends with status 0 only where the change was made. `reveal` gives values of secrets: what it
   * gives may stand in a here-document only, never in an argument list.
   */
  readonly bash: (step: z.infer<Schema>, reveal: Reveal) => string;
}

export interface StepKind<Schema extends StepSchema> extends StepSpec<Schema> {
  /** The bash of a step that is of this kind, null for others. */
  readonly bashFor: (step: { readonly step: string }, reveal: Reveal) => string | null;
}

/** Makes a kind of step, with its exact schema. */
export const stepKind = <Schema extends StepSchema>(spec: StepSpec<Schema>): StepKind<Schema> => ({
  ...spec,
  bashFor: (step, reveal) =>
    step.step === spec.schema.shape.step.value ? spec.bash(spec.schema.parse(step), reveal) : null,
});

/** A here-document of base64 for a step that reads its content from standard input. */
export const dataDocument = (text: string): string =>
  `<<'FCOPS_DATA'\n${Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n')}\nFCOPS_DATA`;
