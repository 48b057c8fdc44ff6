/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import { ok } from '../../../src/core/result.ts';
import { bootIdQuery } from '../../../src/engine/query.ts';
import type { SessionDeps } from '../../../src/engine/session.ts';
import { command } from '../../../src/resources/command/command.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { readOn, run, runName, sessionWith, step, task } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
});
afterAll(() => hosts?.stop());

const open = (more: Partial<SessionDeps> = {}) => sessionWith(hosts, hosts.host, more);
const problemOf = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    if (error instanceof FcopsError) return error.problems[0];
    throw error;
  }
  throw new Error('it did not fail');
};

/** A resource whose look runs a script; what comes of it does not matter. */
const looking = (script: string): Resource => ({
  ...command({ name: 'x', guard: script, run: 'true' }),
  diff: () => ({ state: 'same' }),
});

test('a question is answered over whatever connection there is; a lost one is made again', async () => {
  const { session } = open();
  const first = await session.ask(bootIdQuery);
  hosts.host.ssh.drop();
  expect(await session.ask(bootIdQuery)).toBe(first);
  await session.close();
  expect(await session.ask(bootIdQuery)).toBe(first);
  await session.close();
});

test('an answer that cannot be understood is a problem of the host', async () => {
  const { session } = open();
  const query = { ...bootIdQuery, script: 'echo what' };
  expect(await problemOf(session.ask(query))).toMatchObject({
    kind: 'unseen',
    what: 'the host did not tell its boot id',
    where: { host: 'sim-1' },
    why: 'this is no boot id',
  });
  await session.close();
});

test('a host that hangs is given up, at the deadline and at an interrupt', async () => {
  const hang = [task(looking('sleep 30'))];
  const slow = open();
  const hurried = open({ after: (_, callback) => slow.deps.after(300, callback) });
  expect((await problemOf(hurried.session.look(hang)))?.what).toBe(
    'the host did not answer within 60 s of being looked at',
  );
  const interrupt = new AbortController();
  const interrupted = open({ signal: interrupt.signal });
  await interrupted.session.open();
  setTimeout(() => interrupt.abort(), 300);
  expect(await problemOf(interrupted.session.look(hang))).toMatchObject({ kind: 'stopped' });
  await Promise.all([hurried.session.close(), interrupted.session.close()]);
});

test('a host that floods its answer is cut off, and the controller stays small', async () => {
  const { session } = open();
  const flood = {
    ...bootIdQuery,
    name: 'its flood',
    script: 'yes "$(printf %0999d 0)"',
    parse: () => ok(''),
  };
  const before = process.memoryUsage().rss;
  const problem = await problemOf(session.ask(flood));
  expect(problem).toMatchObject({ kind: 'unseen', why: 'its answer is longer than 16 MiB' });
  expect((process.memoryUsage().rss - before) / 1024 ** 2).toBeLessThan(200);
  expect(await session.ask(bootIdQuery)).toMatch(/-/);
  await session.close();
});

test('a host that is held keeps others out, and lets its own holder change it', async () => {
  const holder = open();
  const name = runName();
  const letGo = await holder.session.hold(name.holder);
  const other = open();
  const tasks = [task(step('held', '/opt/held', 'touch /opt/held'))];
  expect((await other.session.look(tasks)).lockedBy).toEqual(name.holder);
  expect((await run(other.session, tasks)).applied).toMatchObject({ state: 'locked' });
  expect(await problemOf(other.session.hold(runName().holder))).toMatchObject({
    kind: 'locked',
    holder: name.holder,
  });
  expect(readOn(hosts.host, '/opt/held')).toBeNull();
  expect((await run(holder.session, tasks, name)).applied?.state).toBe('done');
  letGo();
  await hosts.host.sh(
    'for i in {1..50}; do flock -n /var/lib/fcops/session true && exit; sleep 0.1; done; exit 1',
  );
  const more = [task(step('held-2', '/opt/held-2', 'touch /opt/held-2'))];
  expect((await run(other.session, more)).applied?.state).toBe('done');
  await Promise.all([holder.session.close(), other.session.close()]);
});

test('a lock goes with the connection of its holder', async () => {
  const holder = open();
  await holder.session.hold(runName().holder);
  hosts.host.ssh.drop();
  await hosts.host.sh(
    'for i in {1..50}; do flock -n /var/lib/fcops/session true && exit; sleep 0.1; done; exit 1',
  );
  await holder.session.close();
});

test('a reboot is over when the boot id is another one, however long the host is away', async () => {
  const { session } = open();
  // What systemctl and the machine would do: away for a moment, and back with another id.
  await hosts.host.sh(`
    printf '#!/bin/bash\\necho "$*" >/opt/systemctl-called\\n' >/usr/local/bin/systemctl
    chmod 755 /usr/local/bin/systemctl`);
  const fast = open({ after: soonAfter });
  const rebooting = fast.session.reboot();
  for (let tries = 0; readOn(hosts.host, '/opt/systemctl-called') === null && tries < 100; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readOn(hosts.host, '/opt/systemctl-called')).toBe('reboot\n');
  hosts.host.ssh.drop();
  await hosts.host.sh('echo 11111111-2222-4333-8444-555555555555 >/proc/sys/kernel/random/boot_id');
  await rebooting;
  expect(await fast.session.ask(bootIdQuery)).toBe('11111111-2222-4333-8444-555555555555');
  await Promise.all([session.close(), fast.session.close()]);
});

/** Five seconds between two tries are as good as a tenth. */
const soonAfter: SessionDeps['after'] = (ms, callback) => {
  const timer = setTimeout(callback, ms === 5_000 ? 100 : ms);
  return () => clearTimeout(timer);
};
