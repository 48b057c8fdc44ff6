/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesOf } from '../../../src/engine/plan.ts';
import { command } from '../../../src/resources/command/command.ts';
import { cron } from '../../../src/resources/cron/cron.ts';
import { directory } from '../../../src/resources/directory/directory.ts';
import { file } from '../../../src/resources/file/file.ts';
import { grubArguments } from '../../../src/resources/grub/grub-arguments.ts';
import { grubConfig } from '../../../src/resources/grub/grub-config.ts';
import { hostname } from '../../../src/resources/hostname/hostname.ts';
import { hugepages } from '../../../src/resources/hugepages/hugepages.ts';
import { link } from '../../../src/resources/link/link.ts';
import { fstabEntry } from '../../../src/resources/mounts/fstab.ts';
import { mounted } from '../../../src/resources/mounts/mounted.ts';
import { packages } from '../../../src/resources/packages/packages.ts';
import { askPath, askSumAlone, askText, askUnless, pathLook } from '../../../src/resources/path/look.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { sysctl } from '../../../src/resources/sysctl/sysctl.ts';
import { daemonReload } from '../../../src/resources/systemd/daemon-reload.ts';
import { managerSettings } from '../../../src/resources/systemd/manager-settings.ts';
import { unit } from '../../../src/resources/systemd/unit.ts';
import { timezone } from '../../../src/resources/timezone/timezone.ts';
import { dual7532, HUGEPAGE_BOOT } from '../../support/hardware.ts';
import { needs } from '../../support/needs.ts';
import { IN_SESSION } from '../../support/processes.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { apply, converge, failureOf, look, plan, stepsOf } from './support.ts';

let hosts: SimulatedHosts;
let ubuntu: SimulatedHost;
let centos: SimulatedHost;

beforeAll(async () => {
  const hardware = dual7532({ kernelArguments: HUGEPAGE_BOOT });
  hosts = await startSimulatedHosts({
    hosts: [
      { name: 'ubuntu', os: 'ubuntu', hardware },
      { name: 'centos', os: 'centos', hardware },
    ],
  });
  const [first, second] = hosts.hosts;
  if (!first || !second) throw new Error('two hosts were asked for');
  ubuntu = first;
  centos = second;
});
afterAll(() => hosts?.stop());

const UNIT = '[Unit]\nDescription=a\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n';
const INSTALL = '[Install]\nWantedBy=multi-user.target\n';
const NTP = '*/1 * * * * /usr/sbin/ntpdate cn.pool.ntp.org >/dev/null 2>&1';

/** Resources that are brought about together, each list on a host that is not as they want it. */
const LISTS: readonly (readonly [string, readonly Resource[]])[] = [
  [
    'files, directories and links',
    [
      directory({ path: '/opt/w/versions/1', mode: '0750' }),
      file({ path: '/opt/w/versions/1/a', content: ["it's $HOME \\ `x`\n\ttab\r\n"], mode: '0600' }),
      file({ path: '/opt/w/empty', content: [''] }),
      link({ path: '/opt/w/current', target: 'versions/1' }),
    ],
  ],
  [
    'settings of systemd itself',
    [
      directory({ path: '/etc/systemd/system.conf.d' }),
      file({
        path: '/etc/systemd/system.conf.d/99.conf',
        content: ['[Manager]\nDefaultLimitNOFILE=10000000\nDefaultLimitNPROC=10000000\n'],
      }),
      managerSettings({ DefaultLimitNOFILE: '10000000', DefaultLimitNPROC: '10000000' }),
    ],
  ],
  [
    'lines of one file, one after the other',
    [
      fstabEntry({ source: 'none', target: '/opt/one', fstype: 'tmpfs', options: ['noauto'] }),
      fstabEntry({ source: 'none', target: '/opt/two', fstype: 'tmpfs', options: ['noauto'] }),
    ],
  ],
  [
    'kernel settings',
    [sysctl({ settings: { 'vm.swappiness': '3', 'net.ipv4.ip_local_port_range': '10000 65000' } })],
  ],
  ['names and time zone', [hostname('f0494733-p1-10'), timezone('Asia/Shanghai')]],
  [
    'mounts',
    [
      fstabEntry({ source: 'none', target: '/opt/scratch', fstype: 'tmpfs', options: ['size=1M'] }),
      mounted({ target: '/opt/scratch', fstype: 'tmpfs' }),
    ],
  ],
  [
    'units',
    [
      file({ path: '/etc/systemd/system/a.service', content: [`${UNIT}${INSTALL}`] }),
      daemonReload({ units: ['a'], files: ['/etc/systemd/system/a.service'] }),
      unit({ name: 'a', enabled: true, active: 'started' }),
    ],
  ],
  [
    'a command',
    [command({ name: 'touch', guard: 'test -e /opt/touched', run: "echo 'it ran'\ntouch /opt/touched" })],
  ],
  ['an entry of cron', [cron({ user: 'root', line: NTP, match: 'ntpdate' })]],
];

describe.each(['ubuntu', 'centos'] as const)('on %s', (os) => {
  const on = () => (os === 'ubuntu' ? ubuntu : centos);
  const family = os === 'ubuntu' ? 'debian' : 'redhat';

  it.each(LISTS)('%s: all change, and the second look says same', async (_, resources) => {
    const first = await converge(on(), resources);
    expect(changesOf(first).map(({ resource }) => resource)).toEqual(resources.map(({ id }) => id));
  });

  it('packages: only what is missing is installed', async () => {
    const manager = os === 'ubuntu' ? 'apt' : 'yum';
    const absent = ['made-up-tools', 'made-up-library'];
    await on().sh(`printf '%s\\n' ${absent.join(' ')} >>/usr/share/simulated-host/packages`);
    const first = await converge(on(), [packages({ manager, names: ['bash', ...absent] })]);
    expect(changesOf(first).map(({ change }) => change.details.map(({ name }) => name))).toEqual([absent]);
  });

  it('packages: one that no source has is named', async () => {
    const manager = os === 'ubuntu' ? 'apt' : 'yum';
    const toDo = await plan(on(), [packages({ manager, names: ['nosuchpackage', 'iftop'] })]);
    expect(await failureOf(apply(on(), toDo))).toMatch(
      os === 'ubuntu'
        ? /no source of \/etc\/apt has the package .*nosuchpackage/
        : /no source of yum .*has the package .*nosuchpackage/,
    );
  });

  it('GRUB: arguments are merged, and its configuration written anew', async () => {
    const spec = { family, arguments: { default_hugepagesz: '1G', hugepagesz: '1G' } } as const;
    const resources = [grubArguments(spec), grubConfig(spec)];
    const first = await converge(on(), resources);
    expect(changesOf(first)).toHaveLength(2);
    const defaults = await on().sh('cat /etc/default/grub');
    expect(defaults).toContain(
      os === 'ubuntu'
        ? 'GRUB_CMDLINE_LINUX_DEFAULT="quiet default_hugepagesz=1G hugepagesz=1G"'
        : 'GRUB_CMDLINE_LINUX="default_hugepagesz=1G hugepagesz=1G"',
    );
  });

  it('GRUB: what a run that broke off owes is paid by the next', async () => {
    const spec = { family, arguments: { hugepagesz: '1G' } } as const;
    await on().sh("sed -i 's/ hugepagesz=1G//' /boot/grub*/grub.cfg");
    expect(
      changesOf(await converge(on(), [grubArguments(spec), grubConfig(spec)])).map(
        ({ resource }) => resource,
      ),
    ).toEqual(['grub-config:hugepagesz=1G']);
  });

  it('hugepages: the unit allocates them', async () => {
    const script =
      '#!/bin/bash\nfor n in {0..7}; do echo 3 >/sys/devices/system/node/node$n/hugepages/hugepages-1048576kB/nr_hugepages; done\n';
    const service =
      '[Service]\nType=oneshot\nExecStart=/etc/hugepages.sh\n[Install]\nWantedBy=multi-user.target\n';
    await converge(on(), [
      file({ path: '/etc/hugepages.sh', content: [script], mode: '0755' }),
      file({ path: '/etc/systemd/system/hugepages.service', content: [service] }),
      hugepages({ pageKib: 1048576, perNode: [3, 3, 3, 3, 3, 3, 3, 3], unit: 'hugepages' }),
    ]);
  });

  it('hugepages: an allocation that comes out short says which node', async () => {
    const toDo = await plan(on(), [
      hugepages({ pageKib: 1048576, perNode: [3, 3, 3, 5, 3, 3, 3, 3], unit: 'hugepages' }),
    ]);
    expect(await failureOf(apply(on(), toDo))).toContain('start the machine anew');
  });
});

describe('what is there already', () => {
  it('lines that the handbook appended become one, all others keep their bytes', async () => {
    const entry = 'none /opt/h hugetlbfs pagesize=1G,size=1792G 0 0';
    await ubuntu.sh(
      `printf '\\tcomment \\\\ here\\n%s\\n%s\\nlast /x tmpfs' '${entry}' '${entry}' >/etc/fstab`,
    );
    await converge(ubuntu, [
      fstabEntry({
        source: 'none',
        target: '/opt/h',
        fstype: 'hugetlbfs',
        options: ['pagesize=1G', 'size=1792G'],
      }),
    ]);
    expect(await ubuntu.sh('cat /etc/fstab')).toBe(`\tcomment \\ here\n${entry}\nlast /x tmpfs`);
  });

  it('a crontab keeps its other entries', async () => {
    await ubuntu.sh(
      `printf '%s\\n' 'MAILTO=""' '0 1 * * * x' '* * * * * ntpdate a' '* * * * * ntpdate a' | crontab -u root -`,
    );
    await converge(ubuntu, [cron({ user: 'root', line: '*/5 * * * * ntpdate b', match: 'ntpdate' })]);
    expect(await ubuntu.sh('crontab -l -u root')).toBe('MAILTO=""\n0 1 * * * x\n*/5 * * * * ntpdate b');
  });

  it('two entries of one crontab in one run', async () => {
    await ubuntu.sh("printf '%s\\n' '0 1 * * * x' | crontab -u root -");
    await converge(ubuntu, [
      cron({ user: 'root', line: '*/5 * * * * ntpdate b', match: 'ntpdate' }),
      cron({ user: 'root', line: '@daily tidy', match: 'tidy' }),
    ]);
    expect(await ubuntu.sh('crontab -l -u root')).toBe('0 1 * * * x\n*/5 * * * * ntpdate b\n@daily tidy');
  });

  it("Debian's own lines before a crontab are not counted as its text", async () => {
    const header = ['# DO NOT EDIT THIS FILE - edit', '# (- installed on x)', '# (Cron version)'];
    const lines = [...header, ...header, '0 1 * * * x'].map((one) => `'${one}'`).join(' ');
    await ubuntu.sh(`printf '%s\\n' ${lines} | crontab -u root -`);
    await converge(ubuntu, [cron({ user: 'root', line: '* * * * * y', match: 'y$' })]);
    expect(await ubuntu.sh('crontab -l -u root')).toBe('0 1 * * * x\n* * * * * y');
  });

  it('a crontab that cannot be listed is not written over', async () => {
    await ubuntu.sh("printf '%s\\n' '0 1 * * * x' | crontab -u root -");
    const toDo = await plan(ubuntu, [cron({ user: 'root', line: '* * * * * ntpdate b', match: 'ntpdate' })]);
    await ubuntu.sh(`
      real=$(type -P crontab)
      mv "$real" "$real.real"
      printf '#!/bin/bash\n[[ $1 != -l ]] || { echo "crontab: no memory" >&2; exit 1; }\nexec %s.real "$@"\n' "$real" >"$real"
      chmod 755 "$real"`);
    const failure = await failureOf(apply(ubuntu, toDo));
    await ubuntu.sh('real=$(type -P crontab); mv "$real.real" "$real"');
    expect(failure).toContain('the crontab of root could not be read: crontab: no memory');
    expect(await ubuntu.sh('crontab -l -u root')).toBe('0 1 * * * x');
  });

  it('a crontab is whole where the step is killed while it writes it', async () => {
    // Lines of 64 bytes, as many as fit into a pipe: whoever writes them with a longer one is kept waiting at the last.
    const lineOf = (text: string, bytes = 64) => text.padEnd(bytes - 1, '.');
    const others = Array.from({ length: 1023 }, (_, i) => lineOf(`0 1 * * * backup ${i}`));
    const before = [lineOf('* * * * * ntpdate a'), ...others].join('\n');
    const line = lineOf('* * * * * ntpdate b', 128);
    await ubuntu.sh(`crontab -u root - <<'END'\n${before}\nEND`);
    const toDo = await plan(ubuntu, [cron({ user: 'root', line, match: 'ntpdate' })]);
    expect(toDo.items).toMatchObject([{ state: 'change' }]);
    const atItsWorst = `#!/bin/bash
${IN_SESSION}
if [[ " $* " != *' -l '* ]]; then
  # All of the step but itself.
  for pid in $(in_session "$(cut -d ' ' -f 6 /proc/$$/stat)"); do
    [[ $pid == $$ ]] || kill -KILL "$pid" 2>/dev/null
  done
  echo killed >/opt/killed
fi
exec "$0.real" "$@"`;
    await ubuntu.sh(`
      real=$(type -P crontab)
      mv "$real" "$real.real"
      cat >"$real" <<'END'\n${atItsWorst}\nEND
      chmod 755 "$real"
      cat >/opt/steps.sh <<'END_OF_STEPS'\n${stepsOf(toDo)}\nEND_OF_STEPS
      setsid --wait bash /opt/steps.sh </dev/null >/dev/null 2>&1 || true
      sleep 0.5
      mv "$real.real" "$real"`);
    expect(await ubuntu.sh('cat /opt/killed; rm /opt/killed /opt/steps.sh')).toBe('killed');
    const after = await ubuntu.sh('crontab -l -u root');
    expect([before, [line, ...others].join('\n')]).toContain(after);
  });

  it('a crontab that changed after the plan is not touched', async () => {
    await ubuntu.sh("printf '%s\\n' '0 1 * * * x' | crontab -u root -");
    const toDo = await plan(ubuntu, [cron({ user: 'root', line: '* * * * * ntpdate b', match: 'ntpdate' })]);
    await ubuntu.sh("printf '%s\\n' '0 2 * * * y' | crontab -u root -");
    expect(await failureOf(apply(ubuntu, toDo))).toContain('the crontab of root has changed since the plan');
    expect(await ubuntu.sh('crontab -l -u root')).toBe('0 2 * * * y');
  });

  it.each([
    ['/etc/default/grub', grubArguments({ family: 'debian', arguments: { mitigations: 'off' } })],
    ['/etc/fstab', fstabEntry({ source: 'none', target: '/opt/n', fstype: 'tmpfs', options: [] })],
    ['/etc/hosts', hostname('another-name')],
    ['/var/spool/cron/crontabs/root', cron({ user: 'root', line: '* * * * * z', match: 'z$' })],
  ])('bytes of %s that are no UTF-8 are not made something else', async (path, resource) => {
    await ubuntu.sh(`touch ${path}; cp -a ${path} /opt/before; printf '# caf\\xe9\\n' >>${path}`);
    const { items } = await plan(ubuntu, [resource]);
    await ubuntu.sh(`cat /opt/before >${path}`);
    expect(items).toMatchObject([{ state: 'unknown', reason: expect.stringContaining('not UTF-8 text') }]);
  });

  it('owner and mode of an edited file stay', { tags: needs('root') }, async () => {
    await ubuntu.sh(
      'printf "none /opt/o xfs a 0 0\\n" >/etc/fstab; chown 65534:65534 /etc/fstab; chmod 640 /etc/fstab',
    );
    await converge(ubuntu, [fstabEntry({ source: 'none', target: '/opt/o', fstype: 'tmpfs', options: [] })]);
    expect(await ubuntu.sh('stat -c "%u:%g %a" /etc/fstab; cat /etc/fstab')).toBe(
      '65534:65534 640\nnone /opt/o tmpfs defaults 0 0',
    );
  });

  it('what is replaced is kept for a rollback', async () => {
    await ubuntu.sh('printf "old\\n" >/etc/kept; chmod 604 /etc/kept');
    await converge(ubuntu, [file({ path: '/etc/kept', content: ['new\n'] })]);
    const kept = '/var/lib/fcops/runs/r-test/replaced/etc/kept';
    expect(await ubuntu.sh(`stat -c %a ${kept}; cat ${kept}`)).toBe('604\nold');
  });

  const asRoot = { tags: needs('root') };
  it('what a killed step left beside a file goes with the next write, and nothing else', asRoot, async () => {
    const left = ['.fcops.4194305.AbCd1234', '.fcops.4194306.AbCd1234'];
    const others = [
      '.fcops.1.AbCd1234',
      '.fcops.4194305.AbCd12345',
      '.fcops.4194307.AbCd1234',
      '.fcops.x.AbCd1234',
      '.fcops.AbCd1234',
    ];
    await ubuntu.sh(`
      mkdir -p /opt/swept; cd /opt/swept
      for name in ${[...left, ...others].join(' ')}; do echo token >$name; done
      chown 65534 .fcops.4194307.AbCd1234
      ln -sf x .fcops.4194306.AbCd1234`);
    await converge(ubuntu, [
      file({ path: '/opt/swept/secret', content: ['token\n'], mode: '0600' }),
      link({ path: '/opt/swept/link', target: 'secret' }),
    ]);
    expect((await ubuntu.sh('ls -A /opt/swept')).split('\n').toSorted()).toEqual(
      [...others, 'link', 'secret'].toSorted(),
    );
  });

  it('a step that is killed while it writes leaves nothing for long', async () => {
    const wanted = file({ path: '/etc/killed', content: ['token\n'], mode: '0600' });
    const steps = stepsOf(await plan(ubuntu, [wanted]));
    await ubuntu.sh(`
      printf '#!/bin/bash\nkill -KILL $PPID\n' >/usr/local/bin/chown; chmod 755 /usr/local/bin/chown
      (PATH=/usr/local/bin:$PATH; ${steps}) || true
      rm /usr/local/bin/chown`);
    expect(await ubuntu.sh('cat /etc/.fcops.*')).toBe('token');
    await converge(ubuntu, [wanted]);
    expect(await ubuntu.sh('ls -A /etc | grep -c "^.fcops" || true')).toBe('0');
  });

  it('a file that changed after the plan is not touched', async () => {
    const wanted = file({ path: '/etc/raced', content: ['wanted\n'] });
    await ubuntu.sh('echo seen >/etc/raced');
    const toDo = await plan(ubuntu, [wanted]);
    await ubuntu.sh('echo other >/etc/raced');
    expect(await failureOf(apply(ubuntu, toDo))).toContain('/etc/raced has changed since the plan was made');
    expect(await ubuntu.sh('cat /etc/raced; ls -A /etc | grep -c "^.fcops" || true')).toBe('other\n0');
  });

  it('lines that changed after the plan are not touched', async () => {
    await ubuntu.sh('printf "none /opt/r xfs a 0 0\\n# B\\n" >/etc/fstab');
    const wanted = fstabEntry({ source: 'none', target: '/opt/r', fstype: 'tmpfs', options: [] });
    const toDo = await plan(ubuntu, [wanted]);
    await ubuntu.sh('printf "none /opt/r ext4 b 0 0\\n# B\\n" >/etc/fstab');
    expect(await failureOf(apply(ubuntu, toDo))).toContain('/etc/fstab has changed since the plan was made');
    expect(await ubuntu.sh('cat /etc/fstab')).toBe('none /opt/r ext4 b 0 0\n# B');
  });

  it('a step that was cut off after its change may run again', async () => {
    const wanted = [
      file({ path: '/etc/again', content: ['x\n'] }),
      fstabEntry({ source: 'none', target: '/opt/again', fstype: 'tmpfs', options: [] }),
    ];
    const toDo = await plan(ubuntu, wanted);
    await apply(ubuntu, toDo);
    await apply(ubuntu, toDo);
    expect((await plan(ubuntu, wanted)).items).toEqual([]);
  });
});

it('a command stands in no list of processes, and what it starts has nothing of ours', async () => {
  const shown = "tr '\\0' ' ' </proc/$$/cmdline; env | grep FCOPS || true; ls -x /proc/self/fd";
  const secret = 's3cret';
  const files = await ubuntu.sh('ls -x /proc/self/fd');
  const quiet = command({
    name: 'quiet',
    guard: `{ ${shown}; } >>/opt/shown # ${secret}\ntest -e /opt/ran`,
    run: `{ ${shown}; } >/opt/shown; touch /opt/ran # ${secret}`,
  });
  await apply(ubuntu, await plan(ubuntu, [quiet]));
  expect((await ubuntu.sh('cat /opt/shown')).split('\n')).toEqual([
    `bash -euo pipefail /dev/fd/3 ${files}`,
    `bash /dev/fd/3 ${files}`,
  ]);
});

describe('what cannot be', () => {
  it('a mount that the fstab does not have fails with where to look', async () => {
    const toDo = await plan(ubuntu, [mounted({ target: '/opt/nowhere', fstype: 'xfs' })]);
    expect(await failureOf(apply(ubuntu, toDo))).toContain(
      '/opt/nowhere could not be mounted; its line in /etc/fstab',
    );
  });

  it('a setting that the kernel does not have is a warning', async () => {
    const { items } = await plan(ubuntu, [sysctl({ settings: { 'net.no_such_thing': '1' } })]);
    expect(items).toMatchObject([{ state: 'violated', violation: { severity: 'warn' } }]);
  });

  it('a command whose check still fails is a failure', async () => {
    const toDo = await plan(ubuntu, [command({ name: 'vain', guard: 'false', run: 'true' })]);
    expect(await failureOf(apply(ubuntu, toDo))).toContain(
      'vain ran, and what it shall reach is not reached',
    );
  });

  it('content that looks like an answer breaks no frame', async () => {
    const path = '/etc/framed';
    const text = 'end\npath\t/etc/x\t81a4\n\\t\\n \\\\ \r\n\u2028ü\n';
    await ubuntu.sh(`cat >${path} <<'X'\n${text}X`);
    const seen = await look(ubuntu, [{ ...file({ path, content: ['x'] }), asks: [askText(path)] }]);
    expect(pathLook.seen(seen, path)).toMatchObject({ type: 'file', text });
  });
});

it('of a file comes what is asked of it: its sum alone, its text too where that is another one, or neither', async () => {
  await ubuntu.sh('printf same >/etc/as-wanted; printf other >/etc/not-as-wanted; printf x >/etc/summed');
  const seen = await look(ubuntu, [
    {
      ...file({ path: '/etc/as-wanted', content: ['same'] }),
      asks: [
        askUnless('/etc/as-wanted', ['same']),
        askUnless('/etc/not-as-wanted', ['same']),
        askPath('/etc/summed'),
        askSumAlone('/etc/summed'),
        askSumAlone('/etc/nothing-there'),
        askPath('/etc/hosts'),
      ],
    },
  ]);
  const of = (path: string) => {
    const state = pathLook.seen(seen, path);
    return state?.type === 'file' ? [state.sha256 !== undefined, state.text] : state?.type;
  };
  expect(
    ['/etc/as-wanted', '/etc/not-as-wanted', '/etc/summed', '/etc/nothing-there', '/etc/hosts'].map(of),
  ).toEqual([[true, undefined], [true, 'other'], [true, undefined], 'absent', [false, undefined]]);
});

describe('a link whose target has to be there', () => {
  it('stays as it was where the target does not come', { tags: needs('root') }, async () => {
    await ubuntu.sh(
      'ln -sfn /usr/share/zoneinfo/UTC /etc/localtime; mv /usr/share/zoneinfo/Asia /usr/share/zoneinfo/.Asia',
    );
    // A package is pending that might have brought it, and did not.
    const seen = await look(ubuntu, [timezone('Asia/Shanghai')]);
    const diff = timezone('Asia/Shanghai').diff(seen, { pending: () => true, digest: () => '' });
    const item = { task: 't', kind: 'timezone', resource: 'timezone:x', title: 'x', ...diff };
    if (item.state !== 'change') throw new Error(item.state);
    const failure = await failureOf(
      apply(ubuntu, { format: 'fcops-host-plan/1', host: 'ubuntu', same: 0, items: [item] }),
    );
    await ubuntu.sh('mv /usr/share/zoneinfo/.Asia /usr/share/zoneinfo/Asia');
    expect(failure).toContain(
      '/usr/share/zoneinfo/Asia/Shanghai is not there, so /etc/localtime is not made a link to it',
    );
    expect(await ubuntu.sh('readlink /etc/localtime')).toBe('/usr/share/zoneinfo/UTC');
  });
});
