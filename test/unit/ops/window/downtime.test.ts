import { describe, expect, it } from 'vitest';
import type { TimedRun, TimedStep } from '../../../../src/engine/runs/step-times.ts';
import { ASSUMED, downtimeAt, downtimeOf } from '../../../../src/ops/window/downtime.ts';

const MINUTE = 60_000;
const step = (
  resource: string,
  from: number,
  to: number | null,
  more: Partial<TimedStep> = {},
): TimedStep => ({
  host: 'miner-1',
  resource,
  begun: from * MINUTE,
  ended: to === null ? null : to * MINUTE,
  ok: to !== null,
  ...more,
});
let number = 0;
const run = (...steps: readonly TimedStep[]): TimedRun => ({ run: `r-${number++}`, steps });
/** A restart of both that takes so many minutes. */
const restart = (minutes: number) =>
  run(
    step('stop:lotus-miner', 0, 1),
    step('stop:lotus', 1, 2),
    step('process:lotus', 2, 3),
    step('process:lotus-miner', 3, minutes),
  );

describe('how long lotus-miner is away', () => {
  it('is assumed where nothing was measured, with a margin', () => {
    expect(downtimeOf([], 'miner-1')).toEqual({
      seconds: ASSUMED,
      by: 'assumed',
      restarts: 0,
      margin: 300,
      needed: 1500,
    });
  });

  it('is what somebody has stated', () => {
    expect(downtimeAt('/nowhere', 'miner-1', 480)).toEqual({
      seconds: 480,
      by: 'stated',
      restarts: 0,
      margin: 300,
      needed: 780,
    });
  });

  it('is the longest of the last five restarts', () => {
    const runs = [restart(6), restart(9), restart(7), restart(6), restart(6), restart(60)];
    expect(downtimeOf(runs, 'miner-1')).toEqual({
      seconds: 540,
      by: 'measured',
      restarts: 5,
      margin: 300,
      needed: 840,
    });
  });

  it('has a quarter more of what takes long', () => {
    expect(downtimeOf([restart(40)], 'miner-1')).toMatchObject({ seconds: 2400, margin: 600, needed: 3000 });
  });

  it('counts what a stop and a start took where they were two runs, and not the night between', () => {
    const runs = [
      run(step('process:lotus', 600, 602), step('process:lotus-miner', 602, 607)),
      run(step('stop:lotus-miner', 0, 3), step('stop:lotus', 3, 4)),
    ];
    expect(downtimeOf(runs, 'miner-1')).toMatchObject({ seconds: (7 + 4) * 60, restarts: 1 });
  });

  it('of a restart of lotus too is measured by none of lotus-miner alone: its node has to be in sync again', () => {
    const alone = run(step('stop:lotus-miner', 0, 1), step('process:lotus-miner', 1, 2));
    expect(downtimeOf([alone], 'miner-1')).toMatchObject({ by: 'measured', seconds: 120 });
    expect(downtimeOf([alone], 'miner-1', { node: true })).toMatchObject({ by: 'assumed', seconds: ASSUMED });
    const apart = [
      run(step('process:lotus-miner', 600, 601)),
      run(step('stop:lotus-miner', 0, 1)),
      run(step('process:lotus', 600, 610), step('process:lotus-miner', 610, 611)),
    ];
    expect(downtimeOf(apart, 'miner-1', { node: true })).toMatchObject({ by: 'assumed' });
    const fifth = [alone, alone, alone, alone, alone, restart(17)];
    expect(downtimeOf(fifth, 'miner-1', { node: true })).toMatchObject({ seconds: 17 * 60, restarts: 1 });
  });

  it.each([
    ['of another host', [run(...restart(5).steps.map((one) => ({ ...one, host: 'miner-2' })))]],
    ['that only stopped', [run(step('stop:lotus-miner', 0, 3))]],
    ['that did not answer', [run(step('stop:lotus-miner', 0, 3), step('process:lotus-miner', 3, null))]],
    [
      'whose start has failed',
      [run(step('stop:lotus-miner', 0, 3), step('process:lotus-miner', 3, 9, { ok: false }))],
    ],
    ['that started what did not run', [run(step('process:lotus-miner', 0, 2))]],
  ])('is not measured by runs %s', (_, runs) => {
    expect(downtimeOf(runs, 'miner-1')).toMatchObject({ by: 'assumed', seconds: ASSUMED });
  });
});
