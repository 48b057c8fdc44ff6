/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import { ok } from '../../../src/core/result.ts';
import { bootIdQuery } from '../../../src/engine/query.ts';
import type { SessionDeps } from '../../../src/engine/session.ts';
import { command } from '../../../src/resources/command/command.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { fileOn, readOn, run, runName, sessionWith, step, task } from './support.ts';

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

/** Nobody holds the host any more. */
const freed = () =>
  hosts.host.sh('for i in {1..50}; do flock -n /var/lib/fcops/session true && exit; sleep 0.1; done; exit 1');

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
    'the host did not answer a look at it within 60 s',
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
  expect(problem).toMatchObject({ kind: 'unseen', why: 'its answer is longer than 4 MiB' });
  expect((process.memoryUsage().rss - before) / 1024 ** 2).toBeLessThan(200);
  expect(await session.ask(bootIdQuery)).toMatch(/-/);
  await session.close();
});

test('a question may bring its input, which stands in no list of processes', async () => {
  const { session } = open();
  const question = {
    ...bootIdQuery,
    name: 'what it was told',
    script:
      'IFS= read -r told; echo "<$told>"; grep -lazF -f <(printf %s "$told") /proc/[0-9]*/cmdline | grep -c . || true',
    input: () => 'pl4nted input\n',
    parse: (text: string) => ok(text),
  };
  expect(await session.ask(question)).toBe('<pl4nted input>\n0\n');
  await session.close();
});

test('a host that is held keeps others out, and lets its own holder change it', async () => {
  const holder = open();
  const name = runName();
  await holder.session.hold(name.holder);
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
  holder.session.letGo();
  await freed();
  const more = [task(step('held-2', '/opt/held-2', 'touch /opt/held-2'))];
  expect((await run(other.session, more)).applied?.state).toBe('done');
  await Promise.all([holder.session.close(), other.session.close()]);
});

test('a host that was held is held again after its connection was lost in a change', async () => {
  const name = runName();
  const holder = open({
    emit: (event) => {
      if (event.type === 'step-begin') hosts.host.ssh.drop();
    },
  });
  await holder.session.hold(name.holder);
  const slow = [task(step('slow', '/opt/held-again', 'sleep 1; touch /opt/held-again'))];
  expect((await run(holder.session, slow, name)).applied?.state).toBe('done');
  const other = open();
  expect(await problemOf(other.session.hold(runName().holder))).toMatchObject({ kind: 'locked' });
  await holder.session.hold(name.holder);
  await holder.session.close();
  await freed();
  await other.session.hold(runName().holder);
  expect(await problemOf(holder.session.hold(name.holder))).toMatchObject({ kind: 'locked' });
  await Promise.all([holder.session.close(), other.session.close()]);
  await freed();
});

test('a host that was held is held again where its connection was lost before a question', async () => {
  const name = runName();
  const holder = open();
  await holder.session.hold(name.holder);
  hosts.host.ssh.drop();
  await holder.session.ask(bootIdQuery);
  const other = open();
  expect(await problemOf(other.session.hold(runName().holder))).toMatchObject({
    ...{ kind: 'locked', holder: name.holder },
  });
  await Promise.all([holder.session.close(), other.session.close()]);
  await freed();
});

test('and where another run has come between, that is said', async () => {
  const other = open();
  const taker = runName();
  let connections = 0;
  const holder = open({
    connect: async (target, signal, onAsked) => {
      connections += 1;
      if (connections === 2) {
        await freed();
        await other.session.hold(taker.holder);
      }
      return other.deps.connect(target, signal, onAsked);
    },
  });
  await holder.session.hold(runName().holder);
  hosts.host.ssh.drop();
  expect(await problemOf(holder.session.ask(bootIdQuery))).toMatchObject({
    kind: 'locked',
    what: expect.stringMatching(/^the connection was lost, and another run has taken this host/),
    holder: taker.holder,
  });
  await Promise.all([holder.session.close(), other.session.close()]);
  await freed();
});

test('a host whose disk hangs is not waited for to be held', async () => {
  // A lock that is opened, and never answers: what a hung disk does.
  await hosts.host.sh('rm -f /var/lib/fcops/session; mkfifo /var/lib/fcops/session');
  const slow = open();
  const hurriedOne = open({ after: (_, callback) => slow.deps.after(300, callback) });
  expect(await problemOf(hurriedOne.session.hold(runName().holder))).toMatchObject({
    kind: 'unseen',
    what: 'the host could not be held against other runs within 30 s',
  });
  const interrupt = new AbortController();
  const interrupted = open({ signal: interrupt.signal });
  await interrupted.session.open();
  setTimeout(() => interrupt.abort(), 300);
  expect(await problemOf(interrupted.session.hold(runName().holder))).toMatchObject({ kind: 'stopped' });
  await Promise.all([hurriedOne.session.close(), interrupted.session.close()]);
  await hosts.host.sh('rm -f /var/lib/fcops/session');
});

test('a lock goes with the connection of its holder', async () => {
  const holder = open();
  await holder.session.hold(runName().holder);
  hosts.host.ssh.drop();
  await freed();
  await holder.session.close();
});

test('a reboot is over when the boot id is another one, however long the host is away', async () => {
  const { session } = open();
  // What systemctl and the machine would do: away for a moment, and back with another id.
  await hosts.host.sh(`
    printf '#!/bin/bash\\necho "$*" >>/opt/systemctl-called\\n' >/usr/local/bin/systemctl
    chmod 755 /usr/local/bin/systemctl`);
  const fast = open({ after: soonAfter });
  const rebooting = fast.session.reboot({ boot: await session.ask(bootIdQuery), within: 60_000 });
  for (
    let tries = 0;
    !readOn(hosts.host, '/opt/systemctl-called')?.includes('reboot') && tries < 100;
    tries++
  )
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readOn(hosts.host, '/opt/systemctl-called')).toBe('is-system-running\nreboot\n');
  hosts.host.ssh.drop();
  await hosts.host.sh('echo 11111111-2222-4333-8444-555555555555 >/proc/sys/kernel/random/boot_id');
  await rebooting;
  expect(await fast.session.ask(bootIdQuery)).toBe('11111111-2222-4333-8444-555555555555');
  await Promise.all([session.close(), fast.session.close()]);
});

test('an order to reboot that fails is told at once', async () => {
  await hosts.host.sh(`
    printf '#!/bin/bash\necho "Failed to talk to init daemon." >&2; exit 1\n' >/usr/local/bin/systemctl
    chmod 755 /usr/local/bin/systemctl`);
  const { session } = open();
  expect(
    await problemOf(session.reboot({ boot: await session.ask(bootIdQuery), within: 60_000 })),
  ).toMatchObject({
    what: 'the machine was not rebooted',
    where: { host: 'sim-1' },
    why: 'Failed to talk to init daemon.',
  });
  await session.close();
});

test('an interrupt while the order is given does not say that nothing was done', async () => {
  await hosts.host.sh(`
    printf '#!/bin/bash\n[[ $1 != reboot ]] || { touch /opt/told; sleep 20; }\n' >/usr/local/bin/systemctl
    chmod 755 /usr/local/bin/systemctl`);
  const interrupt = new AbortController();
  const { session } = open({ signal: interrupt.signal });
  const boot = await session.ask(bootIdQuery);
  const rebooting = problemOf(session.reboot({ boot, within: 60_000 }));
  await fileOn(hosts.host, '/opt/told');
  interrupt.abort();
  expect(await rebooting).toMatchObject({
    kind: 'stopped',
    what: 'interrupted while it was told to reboot; it may do so all the same',
  });
  await session.close();
});

/** Five seconds between two tries are as good as a tenth. */
const soonAfter: SessionDeps['after'] = (ms, callback) => {
  const timer = setTimeout(callback, ms === 5_000 ? 100 : ms);
  return () => clearTimeout(timer);
};
