/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pace } from '../../../src/engine/apply/pace.ts';
import { changesOf } from '../../../src/engine/plan.ts';
import type { SessionDeps } from '../../../src/engine/session.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { planOf, readOn, runName, sessionWith, step, task } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
});
afterAll(() => hosts?.stop());

const open = (more: Partial<SessionDeps> = {}) => sessionWith(hosts, hosts.host, more);

/** Steps that say when they were begun, in seconds of the host's uptime. */
const stepsIn = (directory: string, seconds: readonly number[]) =>
  seconds.map((takes, index) =>
    step(
      `s${index}`,
      `${directory}/${index}`,
      `cut -d ' ' -f 1 /proc/uptime >${directory}/${index}; sleep ${takes}`,
    ),
  );

const paced = async (
  one: ReturnType<typeof open>,
  directory: string,
  seconds: readonly number[],
  pace: Pace,
) => {
  await hosts.host.sh(`mkdir -p ${directory}`);
  const changes = changesOf(await planOf(one.session, [task(...stepsIn(directory, seconds))]));
  return one.session.apply({ ...runName(), host: one.session.host, changes, pace });
};

/** Seconds from the first step to each. */
const begunIn = (directory: string, steps: number): readonly number[] => {
  const times = Array.from({ length: steps }, (_, index) =>
    Number(readOn(hosts.host, `${directory}/${index}`)),
  );
  return times.map((time) => time - (times[0] ?? 0));
};

test('a step waits as long as the one before asks for, and not after the last', async () => {
  const one = open();
  const applied = await paced(one, '/opt/pause', [0.3, 0, 0], { every: 0, pauseOf: () => 2 });
  expect(applied.state).toBe('done');
  const [, second = 0, third = 0] = begunIn('/opt/pause', 3);
  expect(second).toBeGreaterThanOrEqual(1.9);
  expect(second).toBeLessThan(3.9);
  expect(third - second).toBeGreaterThan(1.5);
  expect(one.events.filter(({ type }) => type === 'waits')).toEqual(
    ['s1', 's2'].map((step) => ({
      type: 'waits',
      host: one.session.host,
      text: `${step} waits for its turn`,
      seconds: 2,
    })),
  );
  await one.session.close();
});

test('turns come at fixed times: who misses one takes the next, who needs none takes none', async () => {
  const one = open();
  // The second takes so long that the third misses its turn at 3 s.
  const pauseOf: Pace['pauseOf'] = ({ title }) => (title === 's1' ? null : 0);
  const applied = await paced(one, '/opt/turns', [0.2, 4.1, 0, 0], { every: 300, pauseOf });
  expect(applied.state).toBe('done');
  const [, second = 0, third = 0, fourth = 0] = begunIn('/opt/turns', 4);
  expect(second).toBeLessThan(2.9);
  expect(third).toBeGreaterThan(5.8);
  expect(third).toBeLessThan(8.9);
  // One turn is for one of them, however short that was.
  expect(fourth - third).toBeGreaterThan(2);
  await one.session.close();
});

test('who asks to stop while a turn is waited for leaves what was not begun, at once', async () => {
  const stopping = new AbortController();
  const one = open({
    signal: stopping.signal,
    emit: (event) => {
      if (event.type === 'waits') stopping.abort();
    },
  });
  const began = performance.now();
  const applied = await paced(one, '/opt/stopped', [0, 0], { every: 0, pauseOf: () => 60 });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(applied).toMatchObject({ state: 'stopped', succeeded: 1, problems: [{ kind: 'stopped' }] });
  expect(readOn(hosts.host, '/opt/stopped/1')).toBe(null);
  await one.session.close();
});
