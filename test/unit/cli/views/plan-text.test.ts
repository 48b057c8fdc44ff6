import { describe, expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { planDocument } from '../../../../src/cli/views/plan-document.ts';
import type { PlanTextOptions } from '../../../../src/cli/views/plan-text.ts';
import { changeCounts, planText } from '../../../../src/cli/views/plan-text.ts';
import { fcopsCommand, look } from '../../../../src/core/next.ts';
import type { PlanItem } from '../../../../src/engine/plan.ts';
import type { PlannedHost } from '../../../../src/ops/travellers.ts';
import {
  ADDRESSES,
  change,
  directoryItem,
  idleItem,
  planned,
  rebootItem,
  restartItem,
  result,
  scriptItem,
  sysctlItem,
  unknownItem,
  violatedItem,
  visible,
} from './samples.ts';

const OPTIONS: PlanTextOptions = {
  colour: false,
  width: 100,
  full: false,
  since: (stamp) => stamp,
  startCommand: (names) => `fcops deploy p1 --start --limit ${names.join()}`,
  trustCommand: (names) => `fcops trust --miner f0494733 --limit ${names.join()}`,
};
const textOf = (hosts: readonly PlannedHost[], options = {}) =>
  planText(planDocument({ miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS }, hosts), {
    ...OPTIONS,
    ...options,
  });

describe('planText', () => {
  it('shows hosts that change alike once, although each has its own address', () => {
    const text = textOf(
      ['p1-50', 'p1-51', 'p1-52'].map((host) =>
        planned(host, [directoryItem, scriptItem(ADDRESSES.get(host)?.address ?? ''), sysctlItem]),
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "+ create   ~ update

      p1-[50:52] (3 hosts)
        [p1-50] marks what the others have with their own name and address
        scripts
          + directory /opt/worker  mode 0755
          + file /opt/worker/start.sh  mode 0755, 6 lines  [p1-50]
              +#!/bin/bash
              +set -eu
              +export A=1
              +export B=2
              … 2 more lines (--full shows all)
        tuning
          ~ file /etc/sysctl.conf  mode 0600 -> 0644
              @@ -2,7 +2,7 @@
               b = 2
               c = 3
               d = 4
              -vm.swappiness = 60
              +vm.swappiness = 0
               e = 5
               f = 6
               g = 7

      Plan: 3 hosts: 6 to create, 3 to update
      "
    `);
  });

  it('names a thing once of which the message begins with the name', () => {
    const dead: PlanItem = {
      ...{ task: 'processes', kind: 'process', title: 'P1-3', resource: 'process:P1-3', state: 'violated' },
      violation: {
        message: 'P1-3 does not run, though the other 15 processes of this host do',
        severity: 'warn',
      },
    };
    expect(textOf([planned('p1-50', [dead])])).toContain(
      '    * P1-3 does not run, though the other 15 processes of this host do\n',
    );
  });

  it('shows apart what only some hosts need, and what stands in the way', () => {
    const text = textOf([
      planned('p1-50', [sysctlItem, rebootItem]),
      planned('p1-51', [violatedItem('enforce'), sysctlItem, unknownItem]),
      planned('p1-52', []),
      {
        state: 'ended',
        result: result('p1-53', {
          state: 'unreachable',
          problems: [
            {
              kind: 'connect',
              what: '192.168.10.53 refused the connection',
              where: { host: 'p1-53' },
              next: [look('start sshd')],
            },
          ],
        }),
      },
    ]);
    expect(text).toMatchInlineSnapshot(`
      "~ update   ^ reboot needed

      p1-50
        tuning
          ~ file /etc/sysctl.conf  mode 0600 -> 0644
              @@ -2,7 +2,7 @@
               b = 2
               c = 3
               d = 4
              -vm.swappiness = 60
              +vm.swappiness = 0
               e = 5
               f = 6
               g = 7
        kernel
          ^ kernel-arguments hugepagesz: the kernel runs without hugepagesz=1G

      p1-52  nothing to change

      BLOCKED p1-51, task "machine checks"
        the machine runs kernel 4.9, at least 4.15 is needed
          next: install it
        task "packages": packages bc could not be seen
          why:  dpkg-query did not answer
        1 change waits for that (--full shows it)

      UNREACHABLE p1-53
        192.168.10.53 refused the connection
          next: start sshd

      Plan: 1 host: 1 to update; 1 host unchanged; 1 host blocked; 1 host unreachable; 1 host to reboot
      "
    `);
  });

  it('says where none of the processes runs, beside nothing to change, with what starts them', () => {
    const names = ['APx', 'P2', 'P1-1'];
    const hosts = [
      planned('p1-50', [idleItem(...names)]),
      planned('p1-51', [idleItem(...names)]),
      planned('p1-52', []),
    ];
    expect(textOf(hosts)).toMatchInlineSnapshot(`
      "p1-[50:51]  nothing to change; none of the 3 processes of each runs
      p1-52  nothing to change

      Next
        to start what does not run: fcops deploy p1 --start --limit p1-50,p1-51

      Plan: nothing to change on 3 hosts
      "
    `);
    expect(textOf(hosts.slice(0, 1))).toMatch(/nothing to change; none of its 3 processes runs$/m);
    expect(textOf([planned('p1-50', [sysctlItem, idleItem(...names)])])).toMatch(
      /processes\n {4}\. none of its 3 processes runs\n/,
    );
  });

  it('shows of a process that runs on several hosts how old the oldest is, and no number of one of them', () => {
    const hosts = ['p1-50', 'p1-51'].map((host, index) =>
      planned(host, [restartItem('APx', { pid: 7 + index, since: 1_763_785_800 - 60 * index })]),
    );
    const line = textOf(hosts)
      .split('\n')
      .filter((one) => one.includes('APx'));
    expect(line).toEqual([
      '    % APx: /opt/profile is newer than it; the oldest runs since 2025-11-22T04:29:00Z',
    ]);
  });

  it('shows the number of each process that owes a restart where all is asked for, and says so where not', () => {
    const hosts = ['p1-50', 'p1-51'].map((host, index) =>
      planned(
        host,
        [9, 10].map((n) => restartItem(`P1-${n}`, { pid: 100 * (index + 1) + n })),
      ),
    );
    expect(textOf(hosts)).toMatchInlineSnapshot(`
      "% restart owed

      p1-[50:51] (2 hosts)
        processes
          % P1-[9:10]: /opt/profile is newer than it; the oldest runs since 2026-11-22T04:30:00Z

      p1-[50:51]  nothing to change

      Next
        --full shows the number of each process that owes a restart, and since when it runs

      Plan: nothing to change on 2 hosts; 4 processes to restart
      "
    `);
    expect(textOf(hosts, { full: true })).toMatchInlineSnapshot(`
      "% restart owed

      p1-50
        processes
          % P1-[9:10]: /opt/profile is newer than it
              P1-9   runs since 2026-11-22T04:30:00Z, process 109
              P1-10  runs since 2026-11-22T04:30:00Z, process 110

      p1-51
        processes
          % P1-[9:10]: /opt/profile is newer than it
              P1-9   runs since 2026-11-22T04:30:00Z, process 209
              P1-10  runs since 2026-11-22T04:30:00Z, process 210

      p1-[50:51]  nothing to change

      Plan: nothing to change on 2 hosts; 4 processes to restart
      "
    `);
  });

  it('shows what is alike but for a number as one, with what differs', () => {
    const script = (n: number, cores: string) =>
      change('scripts', `file:/opt/worker-${n}p1/start_${n}p1.sh`, {
        action: 'create',
        details: [{ name: 'mode', before: null, after: '0755' }],
        text: {
          before: null,
          after: `# task ${n}\nexport CPU_LIST=${cores}\nrun --repo worker-${n}p1 --listen 10.0.0.1:${10000 + n} \\\n`,
        },
      });
    const directory = (n: number) =>
      change('scripts', `directory:/opt/worker-${n}p1`, { action: 'create', details: [] });
    const items = [1, 2, 9].flatMap((n) => [directory(n), script(n, `${2 * n},${2 * n + 1}`)]);
    const other = change('scripts', 'file:/opt/start_p1.sh', { action: 'create', details: [] });
    expect(textOf([planned('p1-50', [...items, other])])).toMatchInlineSnapshot(`
      "+ create

      p1-50
        scripts
          + directory /opt/worker-[1:2,9]p1  (3 alike)
          + file /opt/worker-[1:2,9]p1/start_[1:2,9]p1.sh  mode 0755, 3 lines  (3 alike)
              CPU_LIST  2,3  4,5  18,19
              --listen  10.0.0.1:10001  10.0.0.1:10002  10.0.0.1:10009
          + file /opt/start_p1.sh

      Plan: 1 host: 7 to create
      "
    `);
    expect(textOf([planned('p1-50', items)], { full: true })).toContain(
      '+ file /opt/worker-9p1/start_9p1.sh  mode 0755, 3 lines',
    );
  });

  it('shows changed files as one too where what differs stood there before, and tells it', () => {
    const script = (n: number, address: string) => `# task ${n}
export CPU_LIST=${2 * n},${2 * n + 1}
run --repo worker-${n}p1 --role P1 \\
  --group ${address} --listen ${address}:${10000 + n} \\
`;
    const changed = (n: number, after: string) =>
      change('scripts', `file:/opt/worker-${n}p1/start_${n}p1.sh`, {
        action: 'update',
        details: [],
        text: { before: script(n, '10.0.0.1'), after },
      });
    const alike = [1, 2, 3].map((n) => changed(n, script(n, '10.0.0.112')));
    expect(textOf([planned('p1-50', alike)])).toMatchInlineSnapshot(`
      "~ update

      p1-50
        scripts
          ~ file /opt/worker-[1:3]p1/start_[1:3]p1.sh  (3 alike, as in file /opt/worker-1p1/start_1p1.sh)
              --listen  10.0.0.112:[10001:10003]
              @@ -1,4 +1,4 @@
               # task 1
               export CPU_LIST=2,3
               run --repo worker-1p1 --role P1 \\
              -  --group 10.0.0.1 --listen 10.0.0.1:10001 \\
              +  --group 10.0.0.112 --listen 10.0.0.112:10001 \\

      Plan: 1 host: 3 to update
      "
    `);
    // A word of a line may stand in another one afterwards.
    const moved = [1, 2, 3].map((n) =>
      changed(
        n,
        script(n, '10.0.0.1').replace(
          /run (.*) \\\n.*--listen (\S+).*/,
          'by_unit=no\nstart\n  $1\n  --listen $2',
        ),
      ),
    );
    const shown = textOf([planned('p1-50', moved)]);
    expect(shown).toContain('(3 alike, as in file /opt/worker-1p1/start_1p1.sh)\n');
    expect(shown).toContain('--listen  10.0.0.1:[10001:10003]\n');
    // What is new and of each its own is shown of each.
    const own = [1, 2, 3].map((n) =>
      changed(n, script(n, '10.0.0.1').replace(' --role', ` --at ${n}0 --role`)),
    );
    expect(textOf([planned('p1-50', own)])).not.toContain('alike');
  });

  it('breaks long lines of files further in than they begin, and changes no letter of them', () => {
    const long = `PATH=${'/opt/some/where:'.repeat(8)}`;
    const item = change('t', 'file:/etc/x', {
      action: 'update',
      details: [],
      text: { before: 'a\n', after: `${long}\n` },
    });
    const lines = textOf([planned('p1-50', [item])], { width: 60 }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    const from = lines.findIndex((line) => line.includes('+PATH'));
    const pieces = lines.slice(from, from + 3);
    expect(pieces.slice(1).every((line) => /^ {12}\S/.test(line))).toBe(true);
    expect(pieces.map((line) => line.trim()).join('')).toBe(`+${long}`);
  });

  it('says that there is nothing to do', () => {
    expect(textOf([planned('p1-50', []), planned('p1-51', [])])).toMatchInlineSnapshot(`
      "p1-[50:51]  nothing to change

      Plan: nothing to change on 2 hosts
      "
    `);
  });

  it('shows new files whole where that is asked for', () => {
    const text = textOf([planned('p1-50', [scriptItem('192.168.10.50')])], { full: true });
    expect(text).toContain('+run --listen 192.168.10.50:10001');
    expect(text).not.toContain('more line');
  });

  it('lists many differences below the resource, one a line', () => {
    const details = ['fs.file-max', 'net.ipv4.tcp_max_tw_buckets'].map((name) => ({
      name,
      before: '131072',
      after: '10000000',
    }));
    const text = textOf(
      [planned('p1-50', [change('tuning', 'sysctl:all', { action: 'update', details, title: 'sysctl' })])],
      {
        width: 60,
      },
    );
    expect(text).toMatchInlineSnapshot(`
      "~ update

      p1-50
        tuning
          ~ sysctl
              fs.file-max                  131072 -> 10000000
              net.ipv4.tcp_max_tw_buckets  131072 -> 10000000

      Plan: 1 host: 1 to update
      "
    `);
  });

  it('lists them the same way where there is no terminal', () => {
    const details = Array.from({ length: 23 }, (_, i) => ({ name: `net.key${i}`, before: '0', after: '1' }));
    const item = change('tuning', 'sysctl:a.b,c.d,e.f+20', { action: 'update', details, title: 'sysctl' });
    const text = textOf([planned('p1-50', [item])], { width: Number.POSITIVE_INFINITY });
    expect(text).toContain('    ~ sysctl\n        net.key0   0 -> 1\n        net.key1   0 -> 1\n');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('names packages once, and says of a command what its check says, in the words of their kinds', () => {
    const missing = ['ntpdate', 'cron', 'curl', 'nfs-common'].map((name) => ({
      name,
      before: null,
      after: 'installed',
    }));
    const text = textOf(
      [
        planned('p1-50', [
          change('packages', 'packages:curl,ntpdate,cron+22', {
            title: 'packages',
            action: 'create',
            details: missing,
          }),
          change('hugepages', 'hugepages:1048576', {
            title: 'hugepages of 1 GiB',
            action: 'run',
            details: [{ name: 'node 0', before: '0 pages', after: '252 pages' }],
          }),
          change('processes', 'process:APx', {
            title: 'APx',
            action: 'run',
            details: [{ name: 'state', before: 'not running', after: 'running' }],
          }),
          change('data', 'command:unpack', {
            title: 'unpack',
            action: 'run',
            details: [{ name: 'its check', before: null, after: 'fails with status 2: no tar' }],
          }),
        ]),
      ],
      { width: 60 },
    );
    expect(text).toMatchInlineSnapshot(`
      "+ create   > run

      p1-50
        packages
          + packages  4 to install
              ntpdate, cron, curl, nfs-common
        hugepages
          > hugepages of 1 GiB  node 0 0 pages -> 252 pages
        processes
          > APx  state not running -> running
        data
          > unpack  its check fails with status 2: no tar

      Plan: 1 host: 1 to create, 3 to run
      "
    `);
  });

  it('shows packages that go or change for those that are to come as what becomes of them', () => {
    const details = [
      { name: 'driver-460', before: null, after: 'installed' },
      { name: 'driver-470', before: '470.1-1', after: 'removed' },
      { name: 'libc6', before: '2.36-9', after: 'upgraded to 2.36-10' },
    ];
    const item = change('packages', 'packages:driver-460', { action: 'create', details });
    expect(textOf([planned('p1-50', [item])], { width: 70 })).toContain(
      [
        '    + packages  1 to install, 2 others changed for them',
        '        driver-470  470.1-1 -> removed',
        '        libc6       2.36-9 -> upgraded to 2.36-10',
        '        driver-460',
      ].join('\n'),
    );
  });

  it('ends with one command where several hosts have keys that are not known', () => {
    const text = textOf(
      ['p1-50', 'p1-51'].map((host) => ({
        state: 'ended',
        result: result(host, {
          state: 'unreachable',
          problems: [
            {
              kind: 'unknown-host-key',
              what: `the host key of ${host} is not known`,
              where: { host },
              next: [fcopsCommand(['trust', host], "compare the fingerprint with the host's own, then")],
            },
          ],
        }),
      })),
    );
    expect(text).toMatchInlineSnapshot(`
      "UNREACHABLE p1-50
        the host key of p1-50 is not known

      UNREACHABLE p1-51
        the host key of p1-51 is not known

      Next
        compare the fingerprints with the hosts' own, then:
            fcops trust --miner f0494733 --limit p1-50,p1-51

      Plan: 2 hosts unreachable
      "
    `);
  });

  it.each([60, 80])('breaks at words in %i columns', (width) => {
    const long = 'a reason of many words '.repeat(6).trim();
    const item = (state: 'unknown' | 'reboot') => ({
      task: 't',
      kind: 'file',
      resource: 'file:/x',
      title: 'file /x',
      state,
      reason: long,
    });
    const text = textOf(
      [
        planned('p1-50', [scriptItem('192.168.10.50'), item('reboot'), violatedItem('warn')]),
        planned('p1-51', [scriptItem('192.168.10.51'), item('unknown')]),
        planned('p1-52', [scriptItem('192.168.10.52')]),
      ],
      { width },
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('says how long the starts of all hosts together take, and nothing of one alone', () => {
    const starts = { hosts: 24, processes: 336, perMinute: 12, seconds: 1675 };
    const plan = planDocument(
      { miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS },
      [],
    );
    const shown = (more: Partial<typeof starts>) =>
      planText({ ...plan, starts: { ...starts, ...more } }, OPTIONS)
        .split('\n')
        .find((line) => line.startsWith('Starts'));
    expect(shown({})).toBe('Starts: 336 processes on 24 hosts, at most 12 a minute: about 28 min');
    expect(shown({ seconds: 12 })).toContain('about 12 s');
    expect(shown({ seconds: 3590 })).toContain('about 1 h 0 min');
    expect(shown({ hosts: 1, processes: 1, seconds: 0 })).toBe(undefined);
  });

  it('says above the question what would be done where', () => {
    const plan = planDocument({ miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS }, [
      planned('p1-50', [directoryItem, sysctlItem]),
      planned('p1-51', [directoryItem, sysctlItem]),
      planned('p1-52', [sysctlItem]),
      planned('p1-53', [violatedItem('enforce'), sysctlItem]),
    ]);
    expect(changeCounts(plan, 80)).toEqual([
      '  p1-[50:51]: 1 to create, 1 to update each',
      '  p1-52: 1 to update',
    ]);
  });

  it('shows what would change on a blocked host where all is asked for', () => {
    const hosts = [planned('p1-51', [violatedItem('enforce'), sysctlItem])];
    expect(textOf(hosts)).not.toContain('vm.swappiness');
    expect(textOf(hosts)).toContain('BLOCKED p1-51');
    expect(textOf(hosts, { full: true })).toContain('+vm.swappiness = 0');
  });

  it('uses colour as an addition only', () => {
    const hosts = [planned('p1-50', [sysctlItem, violatedItem('warn')])];
    const coloured = textOf(hosts, { colour: true });
    expect(visible(coloured)).toContain('{31}-vm.swappiness = 60{39}');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a colour is.
    expect(coloured.replaceAll(/\u001b\[[0-9;]*m/g, '')).toBe(textOf(hosts));
  });

  it('shows nothing that a host says as it is: escape sequences do nothing here', () => {
    const text = textOf([
      planned('p1-50', [
        change('t', 'file:/etc/x', {
          action: 'update',
          details: [],
          text: { before: 'evil \u001b[2J\u001b]0;x\u0007\n', after: 'good\n' },
        }),
      ]),
    ]);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('-evil');
  });
});
