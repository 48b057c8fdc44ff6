import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Step } from '../../../src/resources/kinds.ts';
import { bashOf, stepSchema } from '../../../src/resources/kinds.ts';
import { reveal, STEPS } from './arbitrary-steps.ts';

it.each(Object.keys(STEPS))(
  '%s: written to JSON and read back it is the same bash, and has no secret',
  (kind) => {
    const arbitrary = Object.entries(STEPS).find(([key]) => key === kind)?.[1];
    if (!arbitrary) throw new Error(kind);
    fc.assert(
      fc.property(arbitrary, (step: Step) => {
        const json = JSON.stringify(step);
        expect(json).not.toContain('pl4nted');
        expect(bashOf(stepSchema.parse(JSON.parse(json)), reveal)).toBe(bashOf(step, reveal));
      }),
      { numRuns: 200 },
    );
  },
);
