import { describe, expect, it } from 'vitest';
import { jobOf, runOf, stepOfRun } from '../../../../src/ops/bootstrap/step-runs.ts';
import { SETUP_STEPS } from '../../../../src/ops/bootstrap/steps/steps.ts';

describe('a run of a set-up', () => {
  it.each(SETUP_STEPS.map((step) => [step.name, step] as const))(
    'about %s is told by its name',
    (_, step) => {
      expect(stepOfRun(runOf('r-20261122T103000Z-x7k2q', step))).toBe(step);
    },
  );

  it('is none of a deploy', () => {
    for (const other of [
      'r-20261122T103000Z-x7k2q',
      'r-20261122T103000Z-x7k2qs',
      'r-20261122T103000Z-x7k2qbnothing',
    ])
      expect(stepOfRun(other)).toBeNull();
  });

  it('has one change, whatever it does: who takes it up does not know its steps', () => {
    const [step] = SETUP_STEPS;
    if (!step) throw new Error('there are steps');
    const holder = { who: 'alice@ops1', run: 'r-1', since: '2026-11-22T10:30:00Z' };
    expect(jobOf(step, [], { host: 'miner-1', holder })).toMatchObject({
      run: 'r-1',
      holder,
      changes: [{ resource: `bootstrap:${step.name}` }],
    });
  });
});
