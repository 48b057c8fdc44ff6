import { describe, expect, it } from 'vitest';
import { crontabLook } from '../../../src/resources/cron/look.ts';
import { hugepagesLook } from '../../../src/resources/hugepages/look.ts';
import type { Look } from '../../../src/resources/look.ts';
import { answerOf } from '../../../src/resources/look.ts';
import { mountLook } from '../../../src/resources/mounts/look.ts';
import { packageLook } from '../../../src/resources/packages/look.ts';
import { pathLook } from '../../../src/resources/path/look.ts';
import { sysctlLook } from '../../../src/resources/sysctl/look.ts';
import { unitLook } from '../../../src/resources/systemd/look.ts';
import { unescapeText } from '../../../src/resources/text/text.ts';

/** What each way of looking makes of an answer, and why it has not seen something. */
const read = (text: string) => {
  const observation = { answer: answerOf(text.split('\n').map((line) => line.split('\t'))) };
  const reason = (look: Look<unknown>, key: string) => look.unseen(observation, key).reason;
  return {
    paths: pathLook.all(observation),
    packages: packageLook.all(observation),
    sysctl: sysctlLook.all(observation),
    units: unitLook.all(observation),
    mounts: mountLook.all(observation),
    crontabs: crontabLook.all(observation),
    hugepages: hugepagesLook.all(observation),
    reason,
  };
};

describe('rows of an observation', () => {
  it('of paths: sums, texts in either form, links, and why there is nothing', () => {
    const { paths, reason } = read(
      [
        'path\t/a\t81a4\troot\troot\t1600000000\t3',
        `sum\t${'0a'.repeat(32)}  /a`,
        'text\t/a\tx\\ty\\\\n\\n',
        'path\t/b\t89ed\tuser\tgroup\t1600000000\t4',
        `text64\t/b\t${Buffer.from('z\0').toString('base64')}`,
        "path\t/c\ta1ff\troot\troot\t1\t1\t'/c' -> '/target'",
        'path\t/d\t43ff\troot\troot\t1\t1',
        'path\t/e\t1180\troot\troot\t1\t1',
        "nopath\tstat: cannot statx '/f': No such file or directory",
        "nopath\tstat: cannot stat '/g': Input/output error",
      ].join('\n'),
    );
    expect(Object.fromEntries(paths)).toEqual({
      '/a': {
        type: 'file',
        mode: '0644',
        owner: 'root',
        group: 'root',
        bytes: 3,
        mtime: 1600000000,
        sha256: '0a'.repeat(32),
        text: 'x\ty\\n\n',
      },
      '/b': {
        type: 'file',
        mode: '4755',
        owner: 'user',
        group: 'group',
        bytes: 4,
        mtime: 1600000000,
        text: 'z\0',
      },
      '/c': { type: 'link', target: '/target' },
      '/d': { type: 'directory', mode: '1777', owner: 'root', group: 'root' },
      '/e': { type: 'other' },
      '/f': { type: 'absent' },
    });
    expect(reason(pathLook, '/g')).toBe('Input/output error');
  });

  it('of packages: removed ones are not installed, and a query that failed says nothing of the missing', () => {
    const seen = read('package\ta\tinstalled\npackage\tb\tconfig-files\npackages\tapt\t1\ta b c');
    expect(Object.fromEntries(seen.packages)).toEqual({ a: true, b: false, c: false });
    const failed = read('packages\tapt\t127\ta\npackages\tyum\t2\tb');
    expect(failed.packages.size).toBe(0);
    expect([failed.reason(packageLook, 'a'), failed.reason(packageLook, 'b')]).toEqual([
      'dpkg-query is not on this host',
      'rpm failed (status 2)',
    ]);
  });

  it('of packages: by name, of one manager', () => {
    const ask = (manager: 'apt' | 'yum') => ({ look: 'package' as const, manager, name: 'a' });
    const digest = () => '';
    expect(packageLook.script([ask('apt'), ask('apt')], digest)?.call).toBe('fcops_packages_apt a');
    expect(() => packageLook.script([ask('apt'), ask('yum')], digest)).toThrow('two package managers');
  });

  it('of packages: lines of the database of dpkg, one architecture installed being enough', () => {
    const lines = ['Package: a', 'Essential: yes', 'Status: install ok installed', '--'];
    lines.push(
      'Package: b',
      'Status: deinstall ok config-files',
      'Package: c',
      'Status: install ok unpacked',
    );
    lines.push('Package: d', 'Status: hold ok installed', 'Package: d', 'Status: purge ok not-installed');
    const rows = [...lines.map((line) => `dpkg\t${line}`), 'packages\tapt\t0\ta b c d e'];
    expect(Object.fromEntries(read(rows.join('\n')).packages)).toEqual({
      a: true,
      b: false,
      c: false,
      d: true,
      e: false,
    });
  });

  it('of settings: a 0 is a value, no value is none, and what may not change is told beside it', () => {
    const { sysctl, reason } = read('sysctl\ta.b\trw\t0\nsysctl\tc.d\nsysctl\te.f\tro\t1 2\nnosysctl\tg.h');
    expect(Object.fromEntries(sysctl)).toEqual({
      'a.b': { value: '0', writable: true },
      'c.d': null,
      'e.f': { value: '1 2', writable: false },
    });
    expect(reason(sysctlLook, 'g.h')).toBe('the kernel does not let it be read');
  });

  it('of units, in whatever order their properties come', () => {
    const { units, reason } = read(
      [
        'unit\ta.service\tNeedDaemonReload\tyes',
        'unit\ta.service\tActiveState\tactive',
        'unit\ta.service\tLoadState\tloaded',
        'unit\ta.service\tUnitFileState\tenabled',
        'nounit\tb.service\tsystemd does not run on this host',
        'unit\tc.service\tLoadState\tloaded',
        'unit\tc.service\tActiveState\tactive',
        'unit\tc.service\tUnitFileState\tenabled',
      ].join('\n'),
    );
    expect(units.get('a.service')).toEqual({
      load: 'loaded',
      active: 'active',
      file: 'enabled',
      needsReload: true,
    });
    expect(reason(unitLook, 'b.service')).toBe('systemd does not run on this host');
    // Whether it has to be loaded anew is not known.
    expect(units.has('c.service')).toBe(false);
  });

  it('of mounts: blanks of a source are decoded, nothing mounted is null', () => {
    const { mounts } = read(
      'mount\t/a\trw,noatime xfs /dev/a\\040b rw,attr2\nroom\t/a\t4096\t10\t5\nmount\t/b',
    );
    expect(Object.fromEntries(mounts)).toEqual({
      '/a': {
        source: '/dev/a b',
        fstype: 'xfs',
        options: ['rw', 'noatime', 'attr2'],
        bytes: 40960,
        freeBytes: 20480,
        users: [],
      },
      '/b': null,
    });
  });

  it('of crontabs, without the lines that Debian puts before them', () => {
    const header =
      '# DO NOT EDIT THIS FILE - edit the master and reinstall.\\n# (- installed on x)\\n# (Cron version)\\n';
    const { crontabs } = read(`crontab\troot\t${header}# mine\\n* * * * * x\\n\nnocrontab\tother`);
    expect(crontabs.get('root')).toBe('# mine\n* * * * * x\n');
    expect(crontabs.get('other')).toBeNull();
  });

  it('of hugepages, by node; none for a size that the kernel does not have', () => {
    const { hugepages } = read(
      'hugepages\t1048576\nhugepages\t1048576\t10\t2\t1\nhugepages\t1048576\t2\t3\t3\nhugepages\t4',
    );
    expect(Object.fromEntries(hugepages)).toEqual({
      '1048576': [
        { node: 2, total: 3, free: 3 },
        { node: 10, total: 2, free: 1 },
      ],
      '4': [],
    });
  });

  it('of others are passed over', () => {
    expect(read('fact\tx\nlock\ty\nend').paths.size).toBe(0);
  });
});

it('unescapes only what the host escaped', () => {
  expect(unescapeText('a\\\\tb\\tc\\x')).toBe('a\\tb\tc\\x');
});
