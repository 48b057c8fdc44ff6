/** @module-tag needs-namespaces */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOf } from '../../../src/core/content.ts';
import { redactor } from '../../../src/core/secret.ts';
import { changesOf } from '../../../src/engine/plan.ts';
import { goingOnQuery } from '../../../src/engine/runs/going-on.ts';
import type { SessionDeps } from '../../../src/engine/session.ts';
import { directory } from '../../../src/resources/directory/directory.ts';
import { file } from '../../../src/resources/file/file.ts';
import { link } from '../../../src/resources/link/link.ts';
import type { Resource, Task } from '../../../src/resources/resource.ts';
import type { Connect } from '../../../src/transport/connection.ts';
import { IN_SESSION, RUNNING } from '../../support/processes.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { fileOn, GONE, planOf, readOn, run, runName, SECRET, sessionWith, step, task } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
});
afterAll(() => hosts?.stop());

const open = (more: Partial<SessionDeps> = {}) => sessionWith(hosts, hosts.host, more);
const linesOf = (events: ReturnType<typeof open>['events']) =>
  events.flatMap((event) => (event.type === 'step-output' ? [event.line] : []));

/** The first connection is the last. */
const onlyOnce = (connect: Connect): Connect => {
  let used = false;
  return (target, signal) => {
    if (used) return Promise.reject(new Error('the controller is gone'));
    used = true;
    return connect(target, signal);
  };
};
const withoutReturn = () => open({ ...GONE, connect: onlyOnce(open().deps.connect) });

/** Plans first, so that something can happen before the changes are made. */
const planned = async (one: ReturnType<typeof open>, resources: readonly Resource[], name = runName()) => {
  const tasks: Task[] = [task(...resources)];
  const changes = changesOf(await planOf(one.session, tasks));
  return () => one.session.apply({ ...name, host: one.session.host, changes });
};

test('files, directories and links are made, and a second run finds nothing to do', async () => {
  const text = 'line with 中文\nand a "quote" $HOME `x`\n'.repeat(2000);
  const tasks = [
    task(
      directory({ path: '/opt/engine', mode: '0750' }),
      file({ path: '/opt/engine/file', content: [text], mode: '0640' }),
      link({ path: '/opt/engine/link', target: 'file' }),
    ),
  ];
  const { session } = open();
  expect(await run(session, tasks)).toMatchObject({ applied: { state: 'done', succeeded: 3 }, left: [] });
  expect(readOn(hosts.host, '/opt/engine/link')).toBe(text);
  const modes = await hosts.host.sh("stat -c '%a %U:%G' /opt/engine /opt/engine/file");
  expect(modes).toBe('750 root:root\n640 root:root');
  expect(await run(session, tasks)).toEqual({ applied: null, left: [] });
  await session.close();
});

test('what is replaced is kept below the run', async () => {
  await hosts.host.sh('mkdir -p /opt/kept; echo old >/opt/kept/file; chmod 600 /opt/kept/file');
  const name = runName();
  const { session } = open();
  await run(session, [task(file({ path: '/opt/kept/file', content: ['new\n'] }))], name);
  expect(readOn(hosts.host, `/var/lib/fcops/runs/${name.run}/replaced/opt/kept/file`)).toBe('old\n');
  await session.close();
});

test('a failed step keeps its last lines, what needs it is not begun, and the next run does the rest', async () => {
  const tasks = [
    task(
      step('one', '/opt/failed-1', 'touch /opt/failed-1'),
      step('two', '/opt/failed-2', 'echo to stderr >&2; [[ -e /opt/mended ]]; touch /opt/failed-2'),
      step('three', '/opt/failed-3', 'touch /opt/failed-3'),
    ),
  ];
  const { session } = open();
  const { applied } = await run(session, tasks);
  expect(applied).toMatchObject({ state: 'failed', succeeded: 1 });
  expect(applied?.problems).toMatchObject([
    {
      kind: 'step',
      what: 'command:two failed (status 1)',
      where: { host: 'sim-1', task: 'test' },
      why: expect.stringContaining('to stderr'),
      next: [
        {
          type: 'again',
          text: 'fix the cause and run again: what was done stays, and only what is missing is done',
        },
      ],
    },
    { kind: 'step', what: '1 change not begun, as it needs command:two', why: 'three' },
  ]);
  expect(readOn(hosts.host, '/opt/failed-3')).toBeNull();
  await hosts.host.sh('touch /opt/mended');
  expect(await run(session, tasks)).toMatchObject({ applied: { state: 'done', succeeded: 2 }, left: [] });
  await session.close();
});

test('what does not need a failed step is done, also after a lost connection, and what does is named', async () => {
  const events: ReturnType<typeof open>['events'] = [];
  const one = open({
    emit: (event) => {
      events.push(event);
      if (event.type === 'step-end' && !event.ok) hosts.host.ssh.drop();
    },
  });
  const tasks = [
    {
      ...task(
        directory({ path: '/opt/goes-on' }),
        step('bad', '/opt/goes-on/bad', 'sleep 0.3; exit 1'),
        step('next', '/opt/goes-on/next', 'touch /opt/goes-on/next'),
        file({ path: '/opt/goes-on/then', content: ['x'] }),
      ),
      name: 'one',
    },
    { ...task(step('other', '/opt/goes-on-2', 'sleep 0.3; touch /opt/goes-on-2')), name: 'two' },
    {
      ...task({
        ...file({ path: '/opt/goes-on-3', content: ['x'] }),
        after: [{ type: 'path', path: '/opt/goes-on/then' }],
      }),
      name: 'three',
    },
    { ...task(file({ path: '/opt/goes-on/4', content: ['x'] })), name: 'four' },
  ];
  const { applied } = await run(one.session, tasks);
  expect(applied).toMatchObject({
    state: 'failed',
    succeeded: 3,
    problems: [
      { what: 'command:bad failed (status 1)', where: { task: 'one' } },
      {
        what: '3 changes not begun, as they need command:bad',
        why: 'next, file /opt/goes-on/then, file /opt/goes-on-3',
      },
    ],
  });
  expect(readOn(hosts.host, '/opt/goes-on-2')).toBe('');
  expect(readOn(hosts.host, '/opt/goes-on/4')).toBe('x');
  expect(readOn(hosts.host, '/opt/goes-on-3')).toBeNull();
  await one.session.close();
});

test('a host on which much fails is left', async () => {
  const one = open();
  const tasks = [1, 2, 3, 4, 5, 6, 7].map((n) => ({
    ...task(step(`bad ${n}`, `/opt/much-${n}`, 'exit 1')),
    name: `${n}`,
  }));
  const { applied } = await run(one.session, tasks);
  expect(applied).toMatchObject({ state: 'failed', succeeded: 0 });
  expect(applied?.problems.map(({ what }) => what)).toEqual([
    ...[1, 2, 3, 4, 5].map((n) => `command:bad ${n} failed (status 1)`),
    '2 changes not come to, as too many before had failed',
  ]);
  await one.session.close();
});

test('steps whose processes are all killed are not waited for', async () => {
  const name = runName();
  const { session } = open();
  // Out of another session, as the one that kills is not to end before the others.
  const kill = `session=$(cut -d ' ' -f 1 /var/lib/fcops/runs/${name.run}/pid)
    setsid bash -c '${IN_SESSION}
      kill -KILL $(in_session "$1")' - "$session"
    sleep 1`;
  const tasks = [
    task(step('killed', '/opt/killed-1', kill), step('after', '/opt/killed-2', 'touch /opt/killed-2')),
  ];
  const { applied } = await run(session, tasks, name);
  expect(applied).toMatchObject({ state: 'failed', succeeded: 0 });
  expect(applied?.problems[0]?.what).toBe('the run ended on the host without saying how');
  expect(readOn(hosts.host, '/opt/killed-2')).toBeNull();
  await session.close();
});

test('a step that a killed runner leaves running keeps others out until it has ended', async () => {
  const name = runName();
  const first = open();
  const applying = await planned(
    first,
    [step('orphan', '/opt/orphan', 'touch /opt/orphan-began; sleep 3; touch /opt/orphan')],
    name,
  );
  const applied = applying();
  await fileOn(hosts.host, '/opt/orphan-began');
  await hosts.host.sh(`kill -KILL "$(cut -d ' ' -f 1 /var/lib/fcops/runs/${name.run}/pid)"`);
  expect((await applied).problems[0]?.what).toBe('the run ended on the host without saying how');

  const second = open();
  const other = [task(step('other', '/opt/orphan-other', 'touch /opt/orphan-other'))];
  expect((await second.session.look(other)).lockedBy).toMatchObject({ who: 'alice@ops1', run: name.run });
  const refused = await run(second.session, other);
  expect(refused.applied).toMatchObject({ state: 'locked', problems: [{ holder: { run: name.run } }] });
  expect(readOn(hosts.host, '/opt/orphan-other')).toBeNull();

  await fileOn(hosts.host, '/opt/orphan');
  await hosts.host.sh('sleep 0.3');
  expect((await run(second.session, other)).applied?.state).toBe('done');
  await Promise.all([first.session.close(), second.session.close()]);
});

test('a step that does not end in time is ended with all that it started, and says so', async () => {
  const one = open();
  const tasks = [
    task(
      step('hangs', '/opt/hangs', 'echo waiting; sleep 300 & sleep 300'),
      step('after', '/opt/hangs-2', 'true'),
    ),
  ];
  const changes = changesOf(await planOf(one.session, tasks)).map((item) => ({
    ...item,
    change: { ...item.change, steps: item.change.steps.map((each) => ({ ...each, deadline: 1 })) },
  }));
  const applied = await one.session.apply({ ...runName(), host: 'sim-1', changes });
  expect(applied).toMatchObject({ state: 'failed', succeeded: 0 });
  expect(applied.problems[0]).toMatchObject({
    what: 'command:hangs did not end within 1.0 s, and was ended',
    why: expect.stringContaining('waiting'),
  });
  expect(await hosts.host.sh(`${RUNNING}\nrunning '^sleep 300'`)).toBe('');
  await one.session.close();
});

test('a flood of lines keeps its beginning and the reason at its end', async () => {
  const one = open();
  const flood = 'for ((i = 0; i < 30000; i++)); do echo "line $i"; done; echo THE REASON >&2; exit 3';
  const { applied } = await run(one.session, [task(step('flood', '/opt/flood', flood))]);
  expect(applied).toMatchObject({ state: 'failed' });
  expect(applied?.problems[0]?.why).toContain('THE REASON');
  const lines = linesOf(one.events);
  expect(lines[0]).toBe('line 0');
  expect(lines.length).toBeLessThan(2100);
  await one.session.close();
});

test('a step that cannot be begun is no success', async () => {
  const name = runName();
  const one = open();
  // The second step finds its pipe taken.
  const apply = await planned(
    one,
    [
      step('one', '/opt/begun-1', `touch /opt/begun-1; mkdir /var/lib/fcops/runs/${name.run}/out.2`),
      step('two', '/opt/begun-2', 'touch /opt/begun-2'),
    ],
    name,
  );
  const applied = await apply();
  expect(applied).toMatchObject({ state: 'failed', succeeded: 1 });
  expect(applied.problems[0]).toMatchObject({ kind: 'run', what: 'command:two was not begun' });
  expect(readOn(hosts.host, '/opt/begun-2')).toBeNull();
  await one.session.close();
});

test('a file that changed after the look is left alone', async () => {
  await hosts.host.sh('echo before >/opt/raced');
  const one = open();
  const apply = await planned(one, [file({ path: '/opt/raced', content: ['x'] })]);
  await hosts.host.sh('echo meanwhile >/opt/raced');
  const applied = await apply();
  expect(applied.state).toBe('failed');
  expect(applied.problems[0]?.why).toContain('/opt/raced has changed since the plan was made');
  expect(readOn(hosts.host, '/opt/raced')).toBe('meanwhile\n');
  await one.session.close();
});

test('a connection lost in the middle is made again, and nothing of the journal is missed or doubled', async () => {
  const events: ReturnType<typeof open>['events'] = [];
  const one = open({
    emit: (event) => {
      events.push(event);
      if (event.type === 'step-output' && event.line === 'line 2') hosts.host.ssh.drop();
    },
  });
  const slow = 'for i in 1 2 3 4 5; do echo "line $i"; sleep 0.2; done; touch /opt/lost-1';
  const apply = await planned(one, [
    step('slow', '/opt/lost-1', slow),
    step('after', '/opt/lost-2', 'touch /opt/lost-2'),
  ]);
  expect(await apply()).toMatchObject({ state: 'done', succeeded: 2 });
  expect(linesOf(events)).toEqual([1, 2, 3, 4, 5].map((n) => `line ${n}`));
  expect(events.filter(({ type }) => type === 'reconnect')).toHaveLength(1);
  await one.session.close();
});

/** More than the windows and buffers on the way hold. */
const largeFiles = (name: string): Resource[] =>
  [1, 2, 3, 4, 5].map((n) =>
    file({ path: `/opt/${name}-${n}`, content: [randomBytes(1_000_000).toString('hex')] }),
  );

test('steps that arrive in part are not started', async () => {
  const files = largeFiles('partial');
  const apply = await planned(withoutReturn(), files);
  hosts.host.ssh.dropAfterBytes({ direction: 'received', bytes: 500_000 });
  expect(await apply()).toMatchObject({ state: 'lost', succeeded: 0 });
  expect(readOn(hosts.host, '/opt/partial-1')).toBeNull();
  const again = open();
  expect((await run(again.session, [task(...files)])).applied?.state).toBe('done');
  await again.session.close();
});

test('steps that were cut off are sent again over the next connection', async () => {
  const one = open();
  const apply = await planned(one, largeFiles('again'));
  hosts.host.ssh.dropAfterBytes({ direction: 'received', bytes: 500_000 });
  expect(await apply()).toMatchObject({ state: 'done', succeeded: 5 });
  expect(one.events.filter(({ type }) => type === 'reconnect')).toHaveLength(1);
  await one.session.close();
});

test('a connection that was lost while nobody answered the question is made again', async () => {
  const one = open();
  const apply = await planned(one, [file({ path: '/opt/question', content: ['x\n'] })]);
  hosts.host.ssh.drop();
  expect(await apply()).toMatchObject({ state: 'done', succeeded: 1 });
  await one.session.close();
});

test('a run whose controller is gone finishes by itself, holds the lock until then, and can be joined again', async () => {
  const name = runName();
  const long = 'touch /opt/gone-began; until [[ -e /opt/gone-on ]]; do sleep 0.1; done; touch /opt/gone';
  const resources = [step('long', '/opt/gone', long)];
  const lost = withoutReturn();
  const changes = changesOf(await planOf(lost.session, [task(...resources)]));
  const applying = lost.session.apply({ ...name, host: 'sim-1', changes });
  await fileOn(hosts.host, '/opt/gone-began');
  hosts.host.ssh.drop();
  expect(await applying).toMatchObject({ state: 'lost', succeeded: 0 });

  const other = open();
  const refused = await run(other.session, [task(step('other', '/opt/gone-other', 'true'))]);
  expect(refused.applied).toMatchObject({
    state: 'locked',
    problems: [
      {
        kind: 'locked',
        what: 'another run is changing this host; nothing was done to it',
        holder: { who: 'alice@ops1', run: name.run, since: '2026-01-02T03:04:05Z' },
      },
    ],
  });

  const rejoined = other.session.rejoin({ ...name, host: 'sim-1', changes });
  await hosts.host.sh('touch /opt/gone-on');
  expect(await rejoined).toMatchObject({ state: 'done', succeeded: 1 });
  // Once more, long after its end: its journal tells.
  expect(await other.session.rejoin({ ...name, host: 'sim-1', changes })).toMatchObject({ state: 'done' });
  expect(await other.session.rejoin({ ...runName(), host: 'sim-1', changes })).toBeNull();
  expect((await run(other.session, [task(...resources)])).applied).toBeNull();
  await other.session.close();
});

test('runs of steps of an operation that nobody here has the plans of are found while they go on, and followed', async () => {
  const name = runName();
  const back = { ...name, run: `${name.run}b` };
  const over = open();
  const before = changesOf(
    await planOf(over.session, [task(step('over', '/opt/back-over', 'touch /opt/back-over'))]),
  );
  await over.session.apply({ ...name, run: `${name.run}e1`, host: 'sim-1', changes: before });
  const long = 'touch /opt/back-began; until [[ -e /opt/back-on ]]; do sleep 0.1; done; touch /opt/back-1';
  const lost = withoutReturn();
  const tasks = [task(step('long', '/opt/back-1', long), step('after', '/opt/back-2', 'touch /opt/back-2'))];
  const changes = changesOf(await planOf(lost.session, tasks));
  const applying = lost.session.apply({ ...back, host: 'sim-1', changes });
  await fileOn(hosts.host, '/opt/back-began');
  hosts.host.ssh.drop();
  expect(await applying).toMatchObject({ state: 'lost', succeeded: 0 });

  // That of steps that are over tells nothing new.
  expect(await over.session.ask(goingOnQuery(name.run))).toEqual([back.run]);
  expect(await over.session.ask(goingOnQuery(runName().run))).toEqual([]);
  const { session, events } = open();
  const followed = session.rejoin({ run: back.run, host: 'sim-1', changes: null });
  await hosts.host.sh('touch /opt/back-on');
  expect(await followed).toMatchObject({ state: 'done', succeeded: 2 });
  expect(readOn(hosts.host, '/opt/back-2')).toBe('');
  // How many steps they are is not known: none is told as one of none.
  expect(events.filter(({ type }) => type.startsWith('step-'))).toEqual([]);
  expect(await session.ask(goingOnQuery(name.run))).toEqual([]);
  await session.close();
  await over.session.close();
});

test('a reused number of a process is not taken for the runner', async () => {
  const name = runName();
  const one = open();
  const tasks = [task(step('reused', '/opt/reused', 'touch /opt/reused'))];
  const changes = changesOf(await planOf(one.session, tasks));
  await one.session.apply({ ...name, host: 'sim-1', changes });
  // A process that lives on has the number that the runner had, and the runner never said "done".
  await hosts.host.sh(
    `cd /var/lib/fcops/runs/${name.run} && sed -i '/^done/d' journal && echo "1 1 other" >pid`,
  );
  const joined = await one.session.rejoin({ ...name, host: 'sim-1', changes });
  expect(joined).toMatchObject({ state: 'failed', succeeded: 1 });
  await one.session.close();
});

test('what a step leaves running does not keep the lock', async () => {
  const one = open();
  const daemon = 'nohup sleep 30 >/dev/null 2>&1 & echo $! >/opt/daemon';
  expect((await run(one.session, [task(step('daemon', '/opt/daemon', daemon))])).applied?.state).toBe('done');
  await hosts.host.sh('kill -0 "$(cat /opt/daemon)" && flock -n /var/lib/fcops/lock true');
  await one.session.close();
});

test('an interrupted run stops after the step it is at', async () => {
  const interrupt = new AbortController();
  const one = open({ signal: interrupt.signal });
  const apply = await planned(one, [
    step('first', '/opt/stop-1', 'touch /opt/stop-began; sleep 1; touch /opt/stop-1'),
    step('second', '/opt/stop-2', 'touch /opt/stop-2'),
  ]);
  const running = apply();
  await fileOn(hosts.host, '/opt/stop-began');
  interrupt.abort();
  expect(await running).toMatchObject({ state: 'stopped', succeeded: 1 });
  expect(readOn(hosts.host, '/opt/stop-1')).toBe('');
  expect(readOn(hosts.host, '/opt/stop-2')).toBeNull();
  await one.session.close();
});

test('an interrupt is heard at whatever moment of the start it comes', async () => {
  const slow = (n: number) => step(`${n}`, `/opt/moment-${n}`, `sleep 0.3; touch /opt/moment-${n}`);
  for (let wait = 0; wait < 60; wait += 10) {
    const interrupt = new AbortController();
    const one = open({ signal: interrupt.signal });
    const apply = await planned(one, [slow(1), slow(2)]);
    const applying = apply();
    setTimeout(() => interrupt.abort(), wait);
    expect(await applying).toMatchObject({ state: 'stopped' });
    expect(readOn(hosts.host, '/opt/moment-2')).toBeNull();
    await hosts.host.sh('rm -f /opt/moment-*');
    await one.session.close();
  }
});

test('what was interrupted before it was sent is not sent', async () => {
  const interrupt = new AbortController();
  const one = open({ signal: interrupt.signal });
  const apply = await planned(one, [step('never', '/opt/never', 'touch /opt/never')]);
  interrupt.abort();
  expect(await apply()).toMatchObject({ state: 'stopped', succeeded: 0 });
  await hosts.host.sh('sleep 0.5');
  expect(readOn(hosts.host, '/opt/never')).toBeNull();
  await one.session.close();
});

test('a host that cannot take down a request to stop is told about, and goes on', async () => {
  const interrupt = new AbortController();
  const one = open({ signal: interrupt.signal });
  const name = runName();
  const apply = await planned(
    one,
    [
      step('first', '/opt/deaf-1', 'touch /opt/deaf-began; sleep 1; touch /opt/deaf-1'),
      step('second', '/opt/deaf-2', 'touch /opt/deaf-2'),
    ],
    name,
  );
  // What cannot be written, as nothing can on a full disk.
  await hosts.host.sh(
    `mkdir -p /var/lib/fcops/runs; ln -s /proc/nothing/here /var/lib/fcops/runs/${name.run}.stop`,
  );
  const running = apply();
  await fileOn(hosts.host, '/opt/deaf-began');
  interrupt.abort();
  expect(await running).toMatchObject({ state: 'done', succeeded: 2 });
  expect(one.events).toContainEqual({
    type: 'not-stopping',
    host: 'sim-1',
    why: expect.stringContaining('No such file or directory'),
  });
  await one.session.close();
});

test('steps that are about to begin are waited for; where nothing is heard of them that is said', async () => {
  const name = runName();
  const directory = `/var/lib/fcops/runs/${name.run}`;
  const one = open(GONE);
  const apply = await planned(one, [step('sent', '/opt/sent', 'touch /opt/sent')], name);
  await hosts.host.sh(`mkdir -p ${directory}`);
  expect(await apply()).toMatchObject({
    state: 'failed',
    succeeded: 0,
    problems: [{ what: expect.stringContaining('is not known') }],
  });
  expect(readOn(hosts.host, '/opt/sent')).toBeNull();
  await one.session.close();
});

test('a step that leaves something on its output is not waited for', async () => {
  const one = open();
  const talk = 'echo before; sleep 20 & echo $! >/opt/talker';
  const { applied } = await run(one.session, [
    task(
      step('talker', '/opt/talker', talk),
      step('next', '/opt/talker-next', 'echo after; touch /opt/talker-next'),
    ),
  ]);
  expect(applied).toMatchObject({ state: 'done', succeeded: 2 });
  expect(linesOf(one.events)).toEqual(['before', 'after']);
  await hosts.host.sh('kill "$(cat /opt/talker)" && flock -n /var/lib/fcops/lock true');
  await one.session.close();
});

test('steps may hold secrets: they are in no event, nobody else can read a run, and the steps are gone', async () => {
  const name = runName();
  const one = open();
  const content = contentOf('token=', { secret: 'env TOKEN', as: 'shell' }, '\n');
  await run(one.session, [task(file({ path: '/opt/secret', content, mode: '0600' }))], name);
  expect(readOn(hosts.host, '/opt/secret')).toBe(`token='${SECRET}'\n`);
  const listing = await hosts.host.sh(`stat -c %a /var/lib/fcops; ls /var/lib/fcops/runs/${name.run}`);
  expect(listing).toBe('700\nholder\njournal\nkept\npid');
  expect(await hosts.host.sh("grep -rlF 'pl4nted' /var/lib/fcops || true")).toBe('');
  expect(JSON.stringify(one.events)).not.toContain('pl4nted');
  await one.session.close();
});

test('what steps print is masked before anybody sees it: ours line by line, and what says that it is a secret', async () => {
  const ours = 'first-part-of-it\nsecond-part-of-it';
  const { session, events } = open({ redact: redactor([ours]) });
  const print = `echo 'first-part-of-it'; echo 'x second-part-of-it'; echo 'password=0thers http://me:0thers@x/'; false`;
  const { applied } = await run(session, [task(step('prints', '/opt/prints', print))]);
  expect(applied?.problems[0]?.why).toContain('********\nx ********\npassword=******** http://********@x/');
  expect(JSON.stringify([applied, events])).not.toMatch(/part-of-it|0thers/);
  await session.close();
});
