/** @module-tag needs-namespaces */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { changesOf } from '../../../src/engine/plan.ts';
import type { Process } from '../../../src/resources/process/process.ts';
import { stopResource } from '../../../src/resources/process/stop.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { apply, failureOf, plan } from './support.ts';

/** The end of real processes: programs of ours under the name of the worker. */

let hosts: SimulatedHosts;
let host: SimulatedHost;

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
  host = hosts.host;
});
afterAll(() => hosts?.stop());

const worker = (name: string): Process => ({
  name,
  group: 'P1',
  repository: `/opt/w/${name}`,
  known: { by: 'argument' },
  log: `/opt/w/${name}/log.txt`,
  port: 0,
  program: '/opt/w/worker',
  reads: { profile: '/opt/w/profile', script: `/opt/w/${name}/start.sh` },
  environment: [],
  environmentFrom: [],
  environmentIsWhole: true,
  requires: [],
  start: { run: 'true', pause: 0 },
  stop: { deadline: 2 },
});
const all = ['a', 'b'].map(worker);
const planned = (killAfter: number | null = null): Promise<HostPlan> =>
  plan(
    host,
    all.map((process) => stopResource(process, { siblings: all, chosen: all, killAfter })),
  );
/** A worker that does so when it is asked to end; its number. */
const run = (name: string, onTerm = 'exit 0') =>
  host.sh(
    `bash -c 'trap "${onTerm}" TERM; while :; do sleep 0.1; done' worker --worker-repo /opt/w/${name} run >/dev/null 2>&1 </dev/null & echo $!`,
  );
const isThere = (pid: string) => host.sh(`kill -0 ${pid} 2>/dev/null && echo yes || echo no`);

beforeEach(async () => {
  await host.sh(
    `for pid in $(grep -lzsxF -e --worker-repo /proc/[0-9]*/cmdline | cut -d / -f 3); do kill -KILL "$pid" 2>/dev/null; done; mkdir -p /opt/w`,
  );
});

/** The plan as it would be for another start time. */
const ofAnotherStart = (toDo: HostPlan): HostPlan => ({
  ...toDo,
  items: changesOf(toDo).map((item) => ({
    ...item,
    change: {
      ...item.change,
      steps: item.change.steps.map((step) =>
        step.step === 'stop-process' ? { ...step, ticks: step.ticks - 1 } : step,
      ),
    },
  })),
});

describe('the end of processes', () => {
  it('is asked for once, and waited for; what does not run is nothing to do', async () => {
    const pid = await run('a');
    const toDo = await planned();
    expect(changesOf(toDo).map(({ title }) => title)).toEqual(['a']);
    expect(await apply(host, toDo)).toContain('a does not run');
    expect([await isThere(pid), (await planned()).items]).toEqual(['no', []]);
    // What has ended meanwhile is no failure.
    expect(await apply(host, toDo)).toContain('a does not run');
  });

  it('leaves alone what has the number of one that has gone', async () => {
    const pid = await run('a');
    const toDo = ofAnotherStart(await planned());
    const said = await failureOf(apply(host, toDo));
    expect(said).toContain(`process ${pid}`);
    expect(await isThere(pid)).toBe('yes');
  });

  it('leaves alone a number that is a process of something else by now', async () => {
    await run('a');
    const toDo = await planned();
    await apply(host, toDo);
    const other = await host.sh('sleep 600 >/dev/null 2>&1 </dev/null & echo $!');
    const [change] = changesOf(toDo);
    const [step] = change?.change.steps ?? [];
    if (!change || step?.step !== 'stop-process') throw new Error('no step');
    const started = await host.sh(`cut -d ')' -f 2 /proc/${other}/stat | cut -d ' ' -f 21`);
    const steps = [{ ...step, pid: Number(other), ticks: Number(started) }];
    const said = await failureOf(
      apply(host, { ...toDo, items: [{ ...change, change: { ...change.change, steps } }] }),
    );
    expect(said).toContain(`process ${other} does not work on /opt/w/a any more; nothing was done to it`);
    expect(await isThere(other)).toBe('yes');
    await host.sh(`kill ${other}`);
  });

  it('leaves alone what was started since, and says so', async () => {
    await run('a');
    const toDo = await planned();
    await apply(host, toDo);
    const pid = await run('a');
    const said = await failureOf(apply(host, toDo));
    expect(said).toContain('it was started since');
    expect(await isThere(pid)).toBe('yes');
  });

  it('that does not come is a failure, which says what goes on; the other one is left', async () => {
    const [pid, other] = [await run('a', ':'), await run('b')];
    const said = await failureOf(apply(host, await planned()));
    expect(said).toContain(`a was asked to end and has not within 2 s; process ${pid} still runs`);
    expect(said).toContain('--kill-after');
    expect(await isThere(pid)).toBe('yes');
    expect(await isThere(other)).toBe('yes');
  });

  it('is brought about by force only where that was asked for', async () => {
    const pid = await run('a', ':');
    const begun = Date.now();
    const said = await apply(host, await planned(1));
    expect(said).toContain('a has not ended within 1 s, and is killed');
    expect(Date.now() - begun).toBeGreaterThan(1000);
    expect([await isThere(pid), (await planned()).items]).toEqual(['no', []]);
  });

  it('takes each of two that work on the same repository', async () => {
    const both = [await run('a'), await run('a')];
    await apply(host, await planned());
    expect(await Promise.all(both.map(isThere))).toEqual(['no', 'no']);
  });
});
