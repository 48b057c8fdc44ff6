/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/content.ts';
import { keptQuery } from '../../../src/engine/kept/kept.ts';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { changesOf } from '../../../src/engine/plan.ts';
import type { Session } from '../../../src/engine/session.ts';
import { cron } from '../../../src/resources/cron/cron.ts';
import { directory } from '../../../src/resources/directory/directory.ts';
import { file } from '../../../src/resources/file/file.ts';
import { grubArguments } from '../../../src/resources/grub/grub-arguments.ts';
import { grubConfig } from '../../../src/resources/grub/grub-config.ts';
import { hostname } from '../../../src/resources/hostname/hostname.ts';
import type { KeptTasksContext } from '../../../src/resources/kept/tasks.ts';
import { keptTasks } from '../../../src/resources/kept/tasks.ts';
import { noLines } from '../../../src/resources/lines/no-lines.ts';
import { link } from '../../../src/resources/link/link.ts';
import { fstabEntry } from '../../../src/resources/mounts/fstab.ts';
import type { Task } from '../../../src/resources/resource.ts';
import { sysctl } from '../../../src/resources/sysctl/sysctl.ts';
import { daemonReload } from '../../../src/resources/systemd/daemon-reload.ts';
import { managerSettings } from '../../../src/resources/systemd/manager-settings.ts';
import { unit } from '../../../src/resources/systemd/unit.ts';
import { timezone } from '../../../src/resources/timezone/timezone.ts';
import { tomlKeys } from '../../../src/resources/toml/toml-keys.ts';
import { p1Machine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';
import { planOf, run, runName, sessionWith, step, task } from './support.ts';

/** What runs change on a host is as it was before, when they are undone from what the host keeps of them. */

let hosts: SimulatedHosts;
let host: SimulatedHost;
let session: Session;

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [p1Machine('p1-50')] });
  host = hosts.host;
  session = sessionWith(hosts, host).session;
  await host.sh(`mkdir -p /opt/t/old && cd /opt/t && printf 'one\\n' >file && chmod 0640 file && chown daemon:bin file
    printf 'secret=1\\nmine\\n' >others && ln -s /opt/t/old link && chmod 0750 old && printf '[A]\\nb = 1\\n' >config.toml
    printf '* * * * * true\\n' | crontab -u root -`);
});

afterAll(async () => {
  await session?.close();
  await hosts?.stop();
});

/** All below the directories that the tests change, with mode, owner, content and target. */
const tree = (): Promise<string> =>
  host.sh(`{ find /opt /etc /boot /var/spool/cron -xdev ! -name '*.fcops-before' ! -path '/etc/systemd/system/*.wants' -printf '%M %u:%g %y %p %l\\n' | LC_ALL=C sort -k 4
    find /opt /etc /boot /var/spool/cron -xdev -type f ! -name '*.fcops-before' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    sysctl -n vm.swappiness 2>/dev/null || cat /proc/sys/vm/swappiness; hostname
    systemctl show -p DefaultLimitNOFILE; systemctl is-enabled t.service 2>&1 || true; }`);

const context = (name: string, more: Partial<KeptTasksContext> = {}): KeptTasksContext => ({
  run: name,
  later: new Map(),
  oursAt: () => null,
  versionGone: () => [],
  family: 'debian',
  changed: true,
  own: '/var/lib/fcops',
  processes: [],
  ...more,
});

const tasksOf = async (name: string, more: Partial<KeptTasksContext> = {}): Promise<Task[]> => {
  const kept = await session.ask(keptQuery([name]));
  return keptTasks(kept, context(name, { later: kept.later, ...more }));
};

const messages = (plan: HostPlan, severity: string): string[] =>
  plan.items.flatMap((item) =>
    item.state === 'violated' && item.violation.severity === severity ? [item.violation.message] : [],
  );

const everything = (text: string): Task[] => [
  task(
    directory({ path: '/opt/t/new/deep', mode: '0700' }),
    directory({ path: '/opt/t/old', mode: '0755' }),
    file({ path: '/opt/t/file', content: contentOf(`${text}\n`), mode: '0600' }),
    file({ path: '/opt/t/new/deep/file', content: contentOf('new\n') }),
    link({ path: '/opt/t/link', target: '/opt/t/new' }),
    link({ path: '/opt/t/new/link', target: '/opt/t' }),
    noLines({ path: '/opt/t/others', match: '^mine$' }),
    fstabEntry({ source: 'none', target: '/opt/t/m', fstype: 'tmpfs', options: ['noauto'] }),
    tomlKeys({
      path: '/opt/t/config.toml',
      keys: [{ path: ['A', 'b'], value: 2 }],
      waitsFor: { sign: '/opt/t/file', message: 'the file comes first' },
    }),
    cron({ user: 'root', line: '1 * * * * false', match: 'false' }),
    sysctl({ settings: { 'vm.swappiness': '7' } }),
    hostname('another-name'),
    timezone('Asia/Shanghai'),
  ),
  task(
    file({
      path: '/etc/systemd/system/t.service',
      content: contentOf(
        '[Service]\nType=oneshot\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
      ),
    }),
    daemonReload({ units: ['t.service'], files: ['/etc/systemd/system/t.service'] }),
    unit({ name: 't.service', enabled: true }),
    directory({ path: '/etc/systemd/system.conf.d' }),
    file({
      path: '/etc/systemd/system.conf.d/99-t.conf',
      content: contentOf('[Manager]\nDefaultLimitNOFILE=4096\n'),
    }),
    managerSettings({ DefaultLimitNOFILE: '4096' }),
    grubArguments({ family: 'debian', arguments: { hugepagesz: '1G' } }),
    grubConfig({ family: 'debian', arguments: { hugepagesz: '1G' } }),
  ),
];

describe('a run of every kind of change', () => {
  const name = runName();

  it('is undone: all has content, mode and owner of before, and what was not there is gone', async () => {
    const before = await tree();
    const made = await run(session, everything('two'), name);
    expect([made.applied?.problems, made.left]).toEqual([[], []]);
    expect(await tree()).not.toBe(before);
    const undone = await run(session, await tasksOf(name.run));
    expect([undone.applied?.problems, undone.left]).toEqual([[], []]);
    expect(await tree()).toBe(before);
  });

  it('has nothing left to undo then, and what undid it can be undone itself', async () => {
    const plan = await planOf(session, await tasksOf(name.run));
    expect(plan.items).toEqual([]);
    const made = await tree();
    const again = runName();
    await run(session, everything('two'), again);
    const changed = await tree();
    const undoing = runName();
    await run(session, await tasksOf(again.run), undoing);
    expect(await tree()).toBe(made);
    const back = await run(session, await tasksOf(undoing.run));
    expect([back.applied?.problems, back.left]).toEqual([[], []]);
    expect(await tree()).toBe(changed);
  });
});

const put = (path: string, text: string) => task(file({ path, content: contentOf(text), mode: '0640' }));

describe('what has changed since', () => {
  it('is left alone, with the reason: by hand, by its mode, and by a later run', async () => {
    const name = runName();
    await run(
      session,
      [task(directory({ path: '/opt/s' })), put('/opt/s/a', '1'), put('/opt/s/b', '1'), put('/opt/s/c', '1')],
      name,
    );
    const later = runName();
    await run(session, [put('/opt/s/c', '2')], later);
    await host.sh('echo more >>/opt/s/a; chmod 0600 /opt/s/b');
    const plan = await planOf(session, await tasksOf(name.run));
    expect(messages(plan, 'enforce').sort()).toEqual([
      `/opt/s/a has changed since ${name.run}: it has another content`,
      `/opt/s/b has changed since ${name.run}: its mode is 0600, the run left 0640`,
      `/opt/s/c is not as ${name.run} left it: ${later.run} has changed it since`,
    ]);
  });

  it('a file that was taken away by hand is not taken for undone where it was there before', async () => {
    await host.sh('mkdir -p /opt/g; echo old >/opt/g/a');
    const name = runName();
    await run(session, [put('/opt/g/a', '1')], name);
    await host.sh('rm /opt/g/a');
    const plan = await planOf(session, await tasksOf(name.run));
    expect(messages(plan, 'enforce')).toEqual([
      `/opt/g/a has changed since ${name.run}: it is not there any more`,
    ]);
  });

  it('a step refuses what changes between the plan and it', async () => {
    await host.sh('mkdir -p /opt/r; echo old >/opt/r/a');
    const name = runName();
    await run(session, [put('/opt/r/a', '1')], name);
    const changes = changesOf(await planOf(session, await tasksOf(name.run)));
    await host.sh('echo more >>/opt/r/a');
    const applied = await session.apply({ ...runName(), host: host.name, changes });
    expect(applied.problems[0]?.why).toContain('has changed since the plan was made');
  });
});

describe('what cannot be put back', () => {
  it('a directory that holds something else stays, which is told', async () => {
    const name = runName();
    await run(session, [task(directory({ path: '/opt/d/e/f' }))], name);
    await host.sh('touch /opt/d/e/mine');
    const undone = await run(session, await tasksOf(name.run));
    expect([undone.applied?.state, undone.left]).toEqual(['done', []]);
    const plan = await planOf(session, await tasksOf(name.run));
    expect(messages(plan, 'warn').sort()).toEqual([
      '/opt/d stays: it holds e',
      '/opt/d/e stays: it holds mine',
    ]);
    expect(await host.sh('find /opt/d | sort')).toBe('/opt/d\n/opt/d/e\n/opt/d/e/mine');
  });

  it('a link whose target has been removed, with what to do', async () => {
    await host.sh('mkdir -p /opt/l/v1 /opt/l/v2; ln -s v1 /opt/l/now');
    const name = runName();
    await run(session, [task(link({ path: '/opt/l/now', target: '/opt/l/v2' }))], name);
    await host.sh('rmdir /opt/l/v1');
    const versionGone = [{ type: 'edit', text: 'install it' } as const];
    const plan = await planOf(session, await tasksOf(name.run, { versionGone: () => versionGone }));
    expect(plan.items).toMatchObject([
      {
        state: 'violated',
        violation: {
          message: expect.stringContaining('/opt/l/now led to v1, and that has been removed since'),
          next: versionGone,
          severity: 'enforce',
        },
      },
    ]);
    await host.sh('mkdir /opt/l/v1');
    await run(session, await tasksOf(name.run));
    expect(await host.sh('readlink /opt/l/now')).toBe('v1');
  });

  it('a file whose copy has gone or was changed', async () => {
    await host.sh('mkdir -p /opt/k; echo old >/opt/k/a');
    const name = runName();
    await run(session, [put('/opt/k/a', '1')], name);
    await host.sh(`echo x >>/var/lib/fcops/runs/${name.run}/replaced/opt/k/a`);
    const plan = await planOf(session, await tasksOf(name.run));
    expect(messages(plan, 'enforce')).toEqual([
      `what ${name.run} has kept of /opt/k/a is not there any more, or not what it was`,
    ]);
  });

  it('packages and the like, by what they are', async () => {
    const name = runName();
    await run(session, [task(step('mkfs', '/opt/made', 'touch /opt/made'))], name);
    const plan = await planOf(session, await tasksOf(name.run));
    expect(messages(plan, 'warn')).toEqual(['mkfs stays done: what else a command has changed is not known']);
  });

  it('a run of which nothing is kept, unless it is known that it did nothing', async () => {
    const gone = 'r-20250102T030405Z-gone2';
    const message = expect.stringContaining(`nothing of ${gone} is kept on this host any more`);
    expect(messages(await planOf(session, await tasksOf(gone)), 'enforce')).toEqual([message]);
    expect((await planOf(session, await tasksOf(gone, { changed: false }))).items).toEqual([]);
    const old = 'r-20250102T030405Z-old22';
    await host.sh(`mkdir -p /var/lib/fcops/runs/${old}/replaced`);
    expect(messages(await planOf(session, await tasksOf(old)), 'enforce')).toEqual([
      `${old} was made by an fcops that kept too little of it to undo it`,
    ]);
  });
});

describe('what is kept', () => {
  it('is for root alone, and a run in two parts is undone as one', async () => {
    const name = runName();
    await host.sh('mkdir -p /opt/p; echo 0 >/opt/p/a');
    await run(session, [put('/opt/p/a', '1')], name);
    await run(session, [put('/opt/p/a', '2'), put('/opt/p/b', '2')], { ...name, run: `${name.run}s` });
    expect(
      await host.sh(`stat -c %a /var/lib/fcops/runs/${name.run} /var/lib/fcops/runs/${name.run}/kept`),
    ).toBe('700\n600');
    const undone = await run(session, await tasksOf(name.run));
    expect(undone.left).toEqual([]);
    expect(await host.sh('cat /opt/p/a; ls /opt/p')).toBe('0\na');
  });

  it('is kept of the last twenty runs, whole: a run may have several directories', async () => {
    const runs = await host.sh('mkdir -p /tmp/aside && mv /var/lib/fcops/runs/* /tmp/aside; echo $?');
    expect(runs).toBe('0');
    const numbers = Array.from({ length: 25 }, (_, index) => `r-202001${String(index + 10)}T000000Z-aaaaa`);
    await host.sh(
      numbers
        .map((one) => `mkdir -p /var/lib/fcops/runs/{${one},${one}s}; : >/var/lib/fcops/runs/${one}.stop`)
        .join('\n'),
    );
    const name = runName();
    await run(session, [task(directory({ path: '/opt/twenty' }))], name);
    const left = (await host.sh('ls /var/lib/fcops/runs')).split('\n');
    const kept = numbers.slice(-19).flatMap((one) => [one, `${one}.stop`, `${one}s`]);
    expect(left).toEqual([...kept, name.run]);
    await host.sh('rm -r /var/lib/fcops/runs/*; mv /tmp/aside/* /var/lib/fcops/runs');
  });

  it('tells nothing that was never begun: a line that was cut off', async () => {
    const { run: name } = runName();
    await host.sh(
      `mkdir -p /var/lib/fcops/runs/${name}; printf 'change\\t/opt/cut\\tabsent\\t-' >/var/lib/fcops/runs/${name}/kept`,
    );
    expect((await planOf(session, await tasksOf(name))).items).toEqual([]);
  });
});
