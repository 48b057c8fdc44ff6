import { describe, expect, it } from 'vitest';
import type { HostPlan, PlanItem } from '../../../../src/engine/plan.ts';
import { forecastStarts } from '../../../../src/ops/pace/forecast.ts';
import { startingOf } from '../../../../src/ops/pace/starts.ts';
import type { Known } from '../../../../src/resources/process/sought.ts';
import { startStep } from '../../../../src/resources/process/start-step.ts';

const LOTUS: Known = {
  by: 'environment',
  program: 'lotus',
  command: 'daemon',
  flags: ['repo'],
  variables: ['LOTUS_PATH'],
  fallback: '.lotus',
};

const start = (name: string, pause: number, known: Known = { by: 'argument' }): PlanItem => ({
  state: 'change',
  task: 'processes',
  kind: 'process',
  resource: `process:${name}`,
  title: name,
  change: {
    action: 'run',
    details: [],
    steps: [
      startStep({
        name,
        repository: `/opt/${name}`,
        known,
        log: '/log',
        port: 1,
        start: { run: 'true', pause },
      }),
    ],
  },
});

const planOf = (...items: PlanItem[]): HostPlan => ({
  format: 'fcops-host-plan/1',
  host: 'p1-50',
  same: 0,
  items,
});

describe('what a plan starts', () => {
  it('are its workers, each with the pause after it', () => {
    expect(startingOf(planOf(start('APx', 0), start('P1-1', 30)))).toEqual({
      host: 'p1-50',
      pauses: [0, 30],
    });
  });

  it('is not lotus, which registers at no miner', () => {
    expect(startingOf(planOf(start('lotus', 0, LOTUS)))).toBe(null);
    expect(startingOf(planOf())).toBe(null);
  });

  it('is nothing where something is in the way of the host', () => {
    const unknown = {
      task: 't',
      kind: 'file',
      resource: 'file:/a',
      title: 'file /a',
      state: 'unknown',
      reason: '',
    } as const;
    expect(startingOf(planOf(start('P1-1', 30), unknown))).toBe(null);
  });
});

describe('the time that it takes', () => {
  const hosts = Array.from({ length: 24 }, (_, index) => ({
    host: `p1-${index}`,
    pauses: Array.from({ length: 14 }, () => 30),
  }));
  const rate = { perMinute: 12, atOnce: 50 };

  it('is that of all hosts together', () => {
    expect(forecastStarts(hosts, rate, [])).toEqual({
      hosts: 24,
      processes: 336,
      perMinute: 12,
      seconds: 1675,
    });
  });

  it('is that of each batch after the other', () => {
    const seconds = (batch: number) => forecastStarts(hosts.slice(0, batch), rate, []).seconds;
    expect(forecastStarts(hosts, rate, [{ hosts: 1 }, { hosts: 23 }]).seconds).toBe(seconds(1) + seconds(23));
  });
});
