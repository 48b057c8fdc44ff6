import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyTo } from '../../../src/engine/change.ts';
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
      next: 'mend the cause and run again: what was done stays, and only what is missing is done',
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

test('steps that arrive in part are not started', async () => {
  // More than the windows and buffers on the way hold.
  const text = () => randomBytes(1_000_000).toString('hex');
  const files = [1, 2, 3, 4, 5].map((n) => file({ path: `/opt/partial-${n}`, text: text() }));
  const job = jobFor(hosts, hosts.host, [task(...files)]);
  const { deps } = engineFor();
  const looked = await lookAt(job, deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  hosts.host.ssh.dropAfterBytes({ direction: 'received', bytes: 500_000 });
  const result = await applyTo(looked, runName(), deps);
  expect(['failed', 'unreachable']).toContain(result.state);
  expect(readOn(hosts.host, '/opt/partial-1')).toBeNull();
  expect((await run(job)).result.state).toBe('changed');
});

test('a run whose controller is gone finishes by itself, and holds the lock until then', async () => {
  const job = jobFor(hosts, hosts.host, [
    task(step('long', '/opt/gone', 'touch /opt/gone-began; sleep 1.5; touch /opt/gone')),
  ]);
  const { deps } = engineFor();
  const looked = await lookAt(job, deps);
  if (looked.state !== 'planned') throw new Error('not planned');
  const refused = { ...deps, connect: () => Promise.reject(new Error('the controller is gone')) };
  const applying = applyTo(looked, runName(), refused);
  await fileOn(hosts.host, '/opt/gone-began');
  hosts.host.ssh.drop();
  expect(await applying).toMatchObject({ state: 'unreachable', changed: 0 });

  const other = await run(job);
  expect(other.result).toMatchObject({ state: 'blocked', changed: 0 });
  expect(other.result.problems[0]).toMatchObject({
    what: 'another run is changing this host; nothing was done to it',
    why: 'alice@ops1 since 03:04:05',
  });

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

test('steps may hold secrets: nobody else can read a run, and the steps are gone from the disk', async () => {
  const name = runName();
  const job = jobFor(hosts, hosts.host, [task(step('s', '/opt/secret', ': top-secret; touch /opt/secret'))]);
  expect((await run(job, undefined, name)).result.state).toBe('changed');
  const listing = await hosts.host.sh(`stat -c %a /var/lib/fcops; ls /var/lib/fcops/runs/${name.run}`);
  expect(listing).toBe('700\njournal\npid');
  await expect(hosts.host.sh('grep -r top-secret /var/lib/fcops')).rejects.toThrow();
});
