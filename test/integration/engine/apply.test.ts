import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyTo } from '../../../src/engine/apply-host.ts';
import type { HostJob } from '../../../src/engine/look.ts';
import { lookAt } from '../../../src/engine/look.ts';
import { directory } from '../../../src/resources/directory.ts';
import { file } from '../../../src/resources/file.ts';
import { link } from '../../../src/resources/link.ts';
import type { Resource, Task } from '../../../src/resources/resource.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { engineFor, fileOn, jobFor, readOn, runName } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
});
afterAll(() => hosts?.stop());

/** A resource whose step is written by the test: done when `path` is there. */
const step = (name: string, path: string, run: string): Resource => ({
  id: `step:${name}`,
  probes: [{ probe: 'path', path, text: 'never' }],
  diff: (seen) =>
    seen.paths.get(path)?.type === 'absent'
      ? { state: 'change', change: { action: 'run', details: [], step: run } }
      : { state: 'same' },
});

const task = (...resources: Resource[]): Task => ({ name: 'test', tags: [], resources });

/** No way back to a host, and no waiting for one. */
const GONE = {
  connect: () => Promise.reject(new Error('the controller is gone')),
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms >= 60_000 ? ms : 1);
    return () => clearTimeout(timer);
  },
};

const run = async (job: HostJob, signal?: AbortSignal, name = runName()) => {
  const { deps, events } = engineFor(signal);
  const looked = await lookAt(job, deps);
  if (looked.state === 'ended') return { result: looked.result, events };
  return { result: await applyTo(looked, name, deps), events };
};

test('files, directories and links are made, and a second run finds nothing to do', async () => {
  const text = 'line with 中文\nand a "quote" $HOME `x`\n'.repeat(2000);
  const job = jobFor(hosts, hosts.host, [
    task(
      directory({ path: '/opt/engine', mode: '0750' }),
      file({ path: '/opt/engine/file', text, mode: '0640' }),
      link({ path: '/opt/engine/link', target: 'file' }),
    ),
  ]);
  const first = await run(job);
  expect(first.result).toMatchObject({ state: 'changed', changed: 3, skipped: 0, problems: [] });
  expect(readOn(hosts.host, '/opt/engine/link')).toBe(text);
  const modes = await hosts.host.sh("stat -c '%a %U:%G' /opt/engine /opt/engine/file");
  expect(modes).toBe('750 root:root\n640 root:root');

  const second = await run(job);
  expect(second.result).toMatchObject({ state: 'same', changed: 0, same: 3 });
});

test('what is replaced is kept below the run', async () => {
  await hosts.host.sh('mkdir -p /opt/kept; echo old >/opt/kept/file; chmod 600 /opt/kept/file');
  const name = runName();
  const job = jobFor(hosts, hosts.host, [task(file({ path: '/opt/kept/file', text: 'new\n' }))]);
  expect((await run(job, undefined, name)).result.state).toBe('changed');
  expect(readOn(hosts.host, `/var/lib/fcops/runs/${name.run}/replaced/opt/kept/file`)).toBe('old\n');
});

test('a failed step stops the host, keeps its last lines, and the next run does the rest', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(
      step('one', '/opt/failed-1', 'touch /opt/failed-1'),
      step('two', '/opt/failed-2', 'echo to stderr >&2; false; touch /opt/failed-2'),
      step('three', '/opt/failed-3', 'touch /opt/failed-3'),
    ),
  ]);
  const { result } = await run(job);
  expect(result).toMatchObject({ state: 'failed', changed: 1, skipped: 2 });
  expect(result.problems).toEqual([
    {
      what: 'step:two failed (status 1)',
      where: { host: 'sim-1', task: 'test' },
      why: 'to stderr',
      next: 'fix the cause and run again: what was done stays, and only what is missing is done',
    },
  ]);
  expect(readOn(hosts.host, '/opt/failed-3')).toBeNull();
});

test('steps whose processes are killed are not waited for', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(
      step('killed', '/opt/killed-1', 'kill -KILL -- "-$(<"$FCOPS_RUN/pid")"; sleep 1'),
      step('after', '/opt/killed-2', 'touch /opt/killed-2'),
    ),
  ]);
  const { result } = await run(job);
  expect(result).toMatchObject({ state: 'failed', changed: 0, skipped: 2 });
  expect(result.problems[0]?.what).toBe('the run ended on the host without saying how');
  expect(readOn(hosts.host, '/opt/killed-2')).toBeNull();
});

test('a file that changed after the look is left alone', async () => {
  await hosts.host.sh('echo before >/opt/raced');
  const { deps } = engineFor();
  const looked = await lookAt(
    jobFor(hosts, hosts.host, [task(file({ path: '/opt/raced', text: 'x' }))]),
    deps,
  );
  if (looked.state !== 'planned') throw new Error('not planned');
  await hosts.host.sh('echo meanwhile >/opt/raced');
  const result = await applyTo(looked, runName(), deps);
  expect(result.state).toBe('failed');
  expect(result.problems[0]?.why).toContain('/opt/raced has changed since the plan was made');
  expect(readOn(hosts.host, '/opt/raced')).toBe('meanwhile\n');
});

test('a connection lost in the middle is made again, and nothing of the journal is missed or doubled', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(
      step(
        'slow',
        '/opt/lost-1',
        'for i in 1 2 3 4 5; do echo "line $i"; sleep 0.2; done; touch /opt/lost-1',
      ),
      step('after', '/opt/lost-2', 'touch /opt/lost-2'),
    ),
  ]);
  const { deps, events } = engineFor();
  const looked = await lookAt(job, deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  const applying = applyTo(looked, runName(), {
    ...deps,
    emit: (event) => {
      deps.emit(event);
      if (event.type === 'step-output' && event.line === 'line 2') hosts.host.ssh.drop();
    },
  });
  expect(await applying).toMatchObject({ state: 'changed', changed: 2 });
  const lines = events.flatMap((event) => (event.type === 'step-output' ? [event.line] : []));
  expect(lines).toEqual([1, 2, 3, 4, 5].map((n) => `line ${n}`));
  expect(events.filter(({ type }) => type === 'reconnect')).toHaveLength(1);
});

/** More than the windows and buffers on the way hold. */
const largeJob = (name: string): HostJob => {
  const text = () => randomBytes(1_000_000).toString('hex');
  const files = [1, 2, 3, 4, 5].map((n) => file({ path: `/opt/${name}-${n}`, text: text() }));
  return jobFor(hosts, hosts.host, [task(...files)]);
};

test('steps that arrive in part are not started', async () => {
  const job = largeJob('partial');
  const { deps } = engineFor();
  const looked = await lookAt(job, deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  hosts.host.ssh.dropAfterBytes({ direction: 'received', bytes: 500_000 });
  const result = await applyTo(looked, runName(), { ...deps, ...GONE });
  expect(result).toMatchObject({ state: 'unreachable', changed: 0 });
  expect(readOn(hosts.host, '/opt/partial-1')).toBeNull();
  expect((await run(job)).result.state).toBe('changed');
});

test('steps that were cut off are sent again over the next connection', async () => {
  const { deps, events } = engineFor();
  const looked = await lookAt(largeJob('again'), deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  hosts.host.ssh.dropAfterBytes({ direction: 'received', bytes: 500_000 });
  expect(await applyTo(looked, runName(), deps)).toMatchObject({ state: 'changed', changed: 5 });
  expect(events.filter(({ type }) => type === 'reconnect')).toHaveLength(1);
});

test('a connection that was lost while nobody answered the question is made again', async () => {
  const job = jobFor(hosts, hosts.host, [task(file({ path: '/opt/question', text: 'x\n' }))]);
  const { deps } = engineFor();
  const looked = await lookAt(job, deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  hosts.host.ssh.drop();
  expect(await applyTo(looked, runName(), deps)).toMatchObject({ state: 'changed', changed: 1 });
});

test('a run whose controller is gone finishes by itself, and holds the lock until then', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(
      step(
        'long',
        '/opt/gone',
        'touch /opt/gone-began; until [[ -e /opt/gone-on ]]; do sleep 0.1; done; touch /opt/gone',
      ),
    ),
  ]);
  const { deps } = engineFor();
  const looked = await lookAt(job, deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  const applying = applyTo(looked, runName(), { ...deps, ...GONE });
  await fileOn(hosts.host, '/opt/gone-began');
  hosts.host.ssh.drop();
  expect(await applying).toMatchObject({ state: 'unreachable', changed: 0 });

  const other = await run(job);
  expect(other.result).toMatchObject({ state: 'blocked', changed: 0 });
  expect(other.result.problems[0]).toMatchObject({
    what: 'another run is changing this host; nothing was done to it',
    why: 'alice@ops1 since 03:04:05',
  });

  await hosts.host.sh('touch /opt/gone-on');
  await fileOn(hosts.host, '/opt/gone');
  await hosts.host.sh('while [ -s /var/lib/fcops/lock ]; do sleep 0.05; done');
  expect((await run(job)).result.state).toBe('same');
});

test('what a step leaves running does not keep the lock', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(step('daemon', '/opt/daemon', 'nohup sleep 30 >/dev/null 2>&1 & echo $! >/opt/daemon')),
  ]);
  expect((await run(job)).result.state).toBe('changed');
  await hosts.host.sh('kill -0 "$(cat /opt/daemon)" && flock -n /var/lib/fcops/lock true');
});

test('an interrupted run stops after the step it is at', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(
      step('first', '/opt/stop-1', 'touch /opt/stop-began; sleep 1; touch /opt/stop-1'),
      step('second', '/opt/stop-2', 'touch /opt/stop-2'),
    ),
  ]);
  const interrupt = new AbortController();
  const running = run(job, interrupt.signal);
  await fileOn(hosts.host, '/opt/stop-began');
  interrupt.abort();
  expect((await running).result).toMatchObject({ state: 'stopped', changed: 1, skipped: 1 });
  expect(readOn(hosts.host, '/opt/stop-1')).toBe('');
  expect(readOn(hosts.host, '/opt/stop-2')).toBeNull();
});

test('an interrupt before the first step leaves a host alone', async () => {
  const interrupt = new AbortController();
  const { deps } = engineFor(interrupt.signal);
  const job = jobFor(hosts, hosts.host, [task(step('never', '/opt/never', 'touch /opt/never'))]);
  const looked = await lookAt(job, deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  interrupt.abort();
  expect(await applyTo(looked, runName(), deps)).toMatchObject({ state: 'stopped', changed: 0, skipped: 1 });
  expect(readOn(hosts.host, '/opt/never')).toBeNull();
});

test('an interrupt is heard at whatever moment of the start it comes', async () => {
  const slow = (n: number) => step(`${n}`, `/opt/moment-${n}`, `sleep 0.3; touch /opt/moment-${n}`);
  for (let wait = 0; wait < 60; wait += 10) {
    const interrupt = new AbortController();
    const { deps } = engineFor(interrupt.signal);
    const job = jobFor(hosts, hosts.host, [task(slow(1), slow(2))]);
    const looked = await lookAt(job, deps);
    if (looked.state !== 'planned') throw new Error('not planned');
    const applying = applyTo(looked, runName(), deps);
    setTimeout(() => interrupt.abort(), wait);
    expect(await applying).toMatchObject({ state: 'stopped' });
    expect(readOn(hosts.host, '/opt/moment-2')).toBeNull();
    await hosts.host.sh('rm -f /opt/moment-*');
  }
});

test('a step that leaves something on its output is not waited for', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(
      step('talker', '/opt/talker', 'echo before; sleep 20 & echo $! >/opt/talker'),
      step('next', '/opt/talker-next', 'echo after; touch /opt/talker-next'),
    ),
  ]);
  const { result, events } = await run(job);
  expect(result).toMatchObject({ state: 'changed', changed: 2 });
  const lines = events.flatMap((event) => (event.type === 'step-output' ? [event.line] : []));
  expect(lines).toEqual(['before', 'after']);
  await hosts.host.sh('kill "$(cat /opt/talker)" && flock -n /var/lib/fcops/lock true');
});

test('a host that hangs while it is looked at is given up, at the deadline and at an interrupt', async () => {
  const hang: Resource = {
    id: 'hang',
    probes: [{ probe: 'guard', name: 'hang', script: 'sleep 30' }],
    diff: () => ({ state: 'same' }),
  };
  const { deps } = engineFor();
  const hurried = { ...deps, after: (_: number, callback: () => void) => deps.after(300, callback) };
  const late = await lookAt(jobFor(hosts, hosts.host, [task(hang)]), hurried);
  if (late.state !== 'ended') throw new Error('not ended');
  expect(late.result.problems[0]?.what).toBe('the host did not answer within 60 s of being looked at');

  const interrupt = new AbortController();
  const interrupted = lookAt(jobFor(hosts, hosts.host, [task(hang)]), engineFor(interrupt.signal).deps);
  setTimeout(() => interrupt.abort(), 300);
  expect(await interrupted).toMatchObject({ state: 'ended', result: { changed: 0 } });
});

test('steps may hold secrets: nobody else can read a run, and the steps are gone from the disk', async () => {
  const name = runName();
  const job = jobFor(hosts, hosts.host, [task(step('s', '/opt/secret', ': top-secret; touch /opt/secret'))]);
  expect((await run(job, undefined, name)).result.state).toBe('changed');
  const listing = await hosts.host.sh(`stat -c %a /var/lib/fcops; ls /var/lib/fcops/runs/${name.run}`);
  expect(listing).toBe('700\njournal\npid');
  await expect(hosts.host.sh('grep -r top-secret /var/lib/fcops')).rejects.toThrow();
});
