import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, digestBy } from '../../../src/core/content.ts';
import { fcopsCommand } from '../../../src/core/next.ts';
import type { Row } from '../../../src/resources/look.ts';
import { askPath, pathLook } from '../../../src/resources/path/look.ts';
import { askProcess } from '../../../src/resources/process/look.ts';
import type { Process, Requirement } from '../../../src/resources/process/process.ts';
import { requirementResources } from '../../../src/resources/process/requirement.ts';
import { processResource } from '../../../src/resources/process/resource.ts';
import type { Diff, Provision } from '../../../src/resources/resource.ts';
import { observationOf, type Stated, sumOf } from './answer-of.ts';
import { FACTS } from './cases.ts';

const SINCE = 1_700_000_000;
const TOKEN = 'pl4nted';
const digest = digestBy(() => TOKEN);

const worker = (name: string, more: Partial<Process> = {}): Process => ({
  name,
  group: 'P1',
  repository: `/opt/lotusworker/${name}`,
  known: { by: 'argument' },
  log: `/opt/lotusworker/${name}/log.txt`,
  port: 10001,
  program: '/opt/lotusworker/lotus-worker',
  reads: { profile: '/opt/profile', script: `/opt/lotusworker/${name}/start.sh` },
  environment: [
    { name: 'TMPDIR', value: contentOf('/opt/raid0') },
    { name: 'MINER_API_INFO', value: contentOf({ secret: 'env TOKEN', as: 'plain' }, ':/ip4/1.2.3.4') },
  ],
  environmentFrom: [],
  environmentIsWhole: true,
  cpus: [4, 5],
  requires: [],
  start: { run: 'true', pause: 30 },
  stop: { deadline: 60 },
  ...more,
});

const UNIT = { name: 'fcops-p1@1.service', file: '/etc/systemd/system/fcops-p1@.service' };

interface Running {
  readonly pid?: number;
  readonly parent?: number;
  readonly since?: number;
  readonly inode?: string;
  readonly cpus?: string;
  readonly tmpdir?: string;
  readonly token?: string;
  readonly unit?: string;
}

/** The rows of one running worker, as it shall be unless something else is said. */
const runningRows = (name: string, running: Running = {}): Row[] => {
  const { pid = 7, parent = 1, since = SINCE, inode = '8:1', cpus = '4-5', token = TOKEN } = running;
  return [
    ['procexe', `/proc/${pid}/exe`, inode],
    ['procenv', `${pid}`, 'TMPDIR', running.tmpdir ?? '/opt/raid0'],
    ['procsum', `${pid}`, 'MINER_API_INFO', sumOf(`${token}:/ip4/1.2.3.4`)],
    [
      'process',
      `/opt/lotusworker/${name}`,
      `${pid}`,
      `${since}`,
      cpus,
      `${parent}`,
      '',
      '',
      running.unit ?? '',
    ],
  ];
};
const LOOKED: Row[] = [
  ['program', '/opt/lotusworker/lotus-worker', '8:1', `${SINCE - 500}`, 'binary'],
  ['processes', 'seen'],
];
const file = (mtime: number) =>
  ({ type: 'file', mode: '0644', owner: 'root', group: 'root', mtime, bytes: 1 }) as const;
const FILES: NonNullable<Stated['paths']> = {
  '/opt/profile': file(SINCE - 100),
  '/opt/lotusworker/a/start.sh': file(SINCE - 100),
};

const absent = { type: 'absent' } as const;
const NEEDED = '/opt/needed';
/** Something that a process stands on: a path that is there, or will be. */
const needs = (severity: 'enforce' | 'warn'): Requirement => ({
  name: 'needed',
  asks: [askPath(NEEDED)],
  needs: [{ type: 'path', path: NEEDED }],
  severity,
  check: (seen, pending) =>
    pathLook.seen(seen, NEEDED)?.type === 'absent' && !pending({ type: 'path', path: NEEDED })
      ? { message: `${NEEDED} is not there` }
      : null,
});

interface Given {
  readonly process?: Process;
  readonly start?: boolean;
  readonly siblings?: readonly Process[];
  readonly rows?: readonly Row[];
  readonly paths?: Stated['paths'];
  /** Paths that change in the same run. */
  readonly changing?: readonly string[];
}

const diffOf = ({
  process = worker('a'),
  start = false,
  siblings,
  rows,
  paths,
  changing = [],
}: Given): Diff => {
  const resource = processResource(process, {
    start,
    siblings: siblings ?? [process],
    startCommand: ['deploy', 'p1', '--start', '--limit', 'p1-50'],
  });
  const seen = observationOf(FACTS, { rows: rows ?? LOOKED, paths: { ...FILES, ...paths } });
  const pending = (one: Provision) => one.type === 'path' && changing.includes(one.path);
  return resource.diff(seen, { pending, digest });
};
const reasonsOf = (given: Given): readonly string[] => {
  const diff = diffOf({ rows: [...runningRows('a'), ...LOOKED], ...given });
  return diff.state === 'restart' ? diff.restart.reasons : [diff.state];
};
const rowsWith = (running: Running): Row[] => [...runningRows('a', running), ...LOOKED];

describe('a process that runs', () => {
  it('with what is there is as it shall be', () => {
    expect(diffOf({ rows: rowsWith({}) })).toEqual({ state: 'same' });
    // Times of files and processes are cut differently.
    expect(reasonsOf({ paths: { '/opt/lotusworker/a/start.sh': file(SINCE + 1) } })).toEqual(['same']);
  });

  it.each<[string, Given, string]>([
    [
      'whose program is another file now',
      { rows: rowsWith({ inode: '8:2' }) },
      'it runs another program than /opt/lotusworker/lotus-worker is now',
    ],
    [
      'whose program is gone',
      { rows: [...runningRows('a'), ['processes', 'seen']] },
      '/opt/lotusworker/lotus-worker, which it was started from, is not there any more',
    ],
    [
      'whose program is a script that was changed',
      {
        rows: [
          ...runningRows('a', { inode: '8:99' }),
          ['program', '/opt/lotusworker/lotus-worker', '8:1', `${SINCE + 2}`, 'script'],
          ['processes', 'seen'],
        ],
      },
      'it runs another program than /opt/lotusworker/lotus-worker is now',
    ],
    [
      'whose program changes in this run',
      { changing: ['/opt/lotusworker/lotus-worker'] },
      '/opt/lotusworker/lotus-worker changes in this run',
    ],
    [
      'whose script is newer',
      { paths: { '/opt/lotusworker/a/start.sh': file(SINCE + 2) } },
      '/opt/lotusworker/a/start.sh is newer than it',
    ],
    ['whose profile changes in this run', { changing: ['/opt/profile'] }, '/opt/profile changes in this run'],
    [
      'whose profile is newer, and says more than can be compared',
      {
        process: worker('a', { environmentIsWhole: false }),
        paths: { '/opt/profile': file(SINCE + 2) },
      },
      '/opt/profile is newer than it',
    ],
    [
      'that has another value',
      { rows: rowsWith({ tmpdir: '/tmp' }) },
      'it has other values than its files of TMPDIR',
    ],
    [
      'that has another token, which nobody is shown',
      { rows: rowsWith({ token: 'old-token' }) },
      'it has other values than its files of MINER_API_INFO',
    ],
    [
      'that its script has started, though a unit is to run it',
      { process: worker('a', { unit: UNIT }) },
      `its start script has started it, and ${UNIT.name} is to run it`,
    ],
    [
      'that a unit runs, though its script is to start it',
      { rows: rowsWith({ unit: UNIT.name }) },
      `${UNIT.name} runs it, and its start script is to start it`,
    ],
    [
      'that another unit runs',
      { process: worker('a', { unit: UNIT }), rows: rowsWith({ unit: 'fcops-p1@9.service' }) },
      `fcops-p1@9.service runs it, and ${UNIT.name} is to run it`,
    ],
    ['that runs on other CPUs', { rows: rowsWith({ cpus: '0-7' }) }, 'it runs on CPUs 0-7, not on 4-5'],
  ])('%s owes a restart', (_, given, reason) => {
    expect(reasonsOf(given)).toEqual([reason]);
  });

  it('owes a restart for a newer configuration, which is not there before its first start', () => {
    const config = '/opt/lotus/config.toml';
    const process = worker('a', { reads: { ...worker('a').reads, config } });
    expect(reasonsOf({ process, paths: { [config]: file(SINCE + 2) } })).toEqual([
      `${config} is newer than it`,
    ]);
    expect(reasonsOf({ process, changing: [config] })).toEqual([`${config} changes in this run`]);
    expect(reasonsOf({ process, paths: { [config]: { type: 'absent' } } })).toEqual(['same']);
    expect(diffOf({ process, start: true, paths: { [config]: { type: 'absent' } } }).state).toBe('change');
  });

  it('owes a restart for a value that follows from the machine, and none where the machine has none', () => {
    const process = (value: string | null) =>
      worker('a', {
        environment: [{ name: 'TMPDIR', value: () => (value === null ? null : contentOf(value)) }],
      });
    expect(reasonsOf({ process: process('/opt/raid0') })).toEqual(['same']);
    expect(reasonsOf({ process: process(null) })).toEqual(['same']);
    expect(reasonsOf({ process: process('/opt/other') })).toEqual([
      'it has other values than its files of TMPDIR',
    ]);
  });

  describe('whose files the host has otherwise than they are to be', () => {
    const content = contentOf('export TMPDIR=/opt/raid0\n');
    const [profile, script] = ['/opt/profile', '/opt/lotusworker/a/start.sh'];
    const process = worker('a', {
      environmentFrom: [
        { path: profile, content },
        { path: script, content: () => content },
      ],
    });
    const withSum = (sha256: string, mtime = SINCE - 100) => ({ ...file(mtime), sha256 });
    const rows = rowsWith({ tmpdir: '/tmp' });

    it('owes nothing for a value that no restart would give it', () => {
      for (const path of [profile, script])
        expect(reasonsOf({ process, rows, paths: { [path]: withSum('0'.repeat(64)) } })).toEqual(['same']);
      expect(reasonsOf({ process, rows, paths: { [profile]: { type: 'absent' } } })).toEqual(['same']);
    });

    it('owes a restart where they are newer than it', () => {
      const newer = withSum('0'.repeat(64), SINCE + 2);
      expect(reasonsOf({ process, rows, paths: { [profile]: newer } })).toEqual([
        '/opt/profile is newer than it',
      ]);
    });

    it('is measured by what they are to be where they are so, will be so in this run, or cannot be seen', () => {
      const other = ['it has other values than its files of TMPDIR'];
      const right = { [profile]: withSum(digest(content)), [script]: withSum(digest(content)) };
      expect(reasonsOf({ process, rows, paths: right })).toEqual(other);
      expect(reasonsOf({ process, rows: rowsWith({}), paths: right })).toEqual(['same']);
      expect(reasonsOf({ process, rows })).toEqual(other);
      expect(
        reasonsOf({ process, rows, changing: [profile], paths: { [profile]: withSum('0'.repeat(64)) } }),
      ).toEqual(['/opt/profile changes in this run', ...other]);
    });
  });

  it('owes none for a profile that was written again with the same in it', () => {
    expect(reasonsOf({ paths: { '/opt/profile': file(SINCE + 100) } })).toEqual(['same']);
  });

  it('that is to be run otherwise owes that alone, though its script and unit file are newer', () => {
    const process = worker('a', { unit: UNIT });
    const paths = { '/opt/lotusworker/a/start.sh': file(SINCE + 9), [UNIT.file]: file(SINCE + 9) };
    expect(reasonsOf({ process, paths })).toHaveLength(1);
    expect(reasonsOf({ paths, rows: rowsWith({ unit: UNIT.name }) })).toHaveLength(1);
  });

  it('by the unit that is to run it is as it shall be', () => {
    const process = worker('a', { unit: UNIT });
    expect(diffOf({ process, rows: rowsWith({ unit: UNIT.name }) })).toEqual({ state: 'same' });
    // A new unit file is in force with a daemon-reload, but for limits.
    const paths = { [UNIT.file]: file(SINCE + 9) };
    expect(diffOf({ process, paths, rows: rowsWith({ unit: UNIT.name }) })).toEqual({ state: 'same' });
  });

  it('is told with its number and since when it runs', () => {
    expect(diffOf({ rows: rowsWith({ pid: 42, tmpdir: '/tmp' }) })).toMatchObject({
      restart: { process: 'a', pid: 42, since: SINCE },
    });
  });

  it('is one process while it starts another program', () => {
    const child = runningRows('a', { pid: 8, parent: 7 });
    expect(diffOf({ rows: [...runningRows('a'), ...child, ...LOOKED] })).toEqual({ state: 'same' });
  });

  it('twice is told of, and neither is ended', () => {
    const diff = diffOf({ rows: [...runningRows('a'), ...runningRows('a', { pid: 9 }), ...LOOKED] });
    expect(diff).toMatchObject({
      state: 'violated',
      violation: {
        message:
          'a runs more than once, as process 7 (since 2023-11-14T22:13:20Z) and process 9 (since 2023-11-14T22:13:20Z)',
        severity: 'warn',
      },
    });
  });
});

describe('a process that does not run', () => {
  it('is started where that is asked for', () => {
    const diff = diffOf({ start: true });
    expect(diff.state === 'change' && diff.change.steps).toMatchObject([
      { step: 'start-process', name: 'a', repository: '/opt/lotusworker/a', pause: 30 },
    ]);
    expect(diffOf({ start: true, rows: rowsWith({}) })).toEqual({ state: 'same' });
  });

  it('is started by the unit that is to run it, once the file of that is there', () => {
    const process = worker('a', { unit: UNIT });
    const paths = { [UNIT.file]: file(SINCE - 100) };
    const diff = diffOf({ process, start: true, paths });
    expect(diff.state === 'change' && diff.change).toMatchObject({
      details: [{ name: 'state' }, { name: 'run by', before: null, after: UNIT.name }],
      steps: [{ step: 'start-process', unit: UNIT.name }],
    });
    expect(diffOf({ process, start: true, paths: { [UNIT.file]: absent } })).toMatchObject({
      violation: { message: `${UNIT.file} is not there`, severity: 'start' },
    });
  });

  it('is started after those that it needs, and not at all where one of them is not', () => {
    const [first, second] = [worker('a'), worker('b', { after: ['a'] })];
    const siblings = [first, second];
    const started = { type: 'process', name: 'a' } as const;
    const resource = processResource(second, { start: true, siblings, startCommand: [] });
    // It may be the only one that a command is about.
    expect(resource.asks).toContainEqual(askProcess(first));
    const of = (rows: readonly Row[], ...pending: readonly Provision[]) =>
      resource.diff(observationOf(FACTS, { rows, paths: FILES }), {
        pending: (one) => pending.some(({ type }) => one.type === type),
        digest,
      });
    expect(of(LOOKED, started).state).toBe('change');
    expect(of([...runningRows('a'), ...LOOKED]).state).toBe('change');
    expect(of(LOOKED)).toMatchObject({
      violation: {
        message: 'it needs a, which does not run and is not started either',
        severity: 'start',
        processes: ['b'],
      },
    });
  });

  it('is told once where none runs, with what starts them: that is no trouble, and nothing to change', () => {
    const siblings = ['a', 'b'].map((name) => worker(name));
    expect(siblings.map((process) => diffOf({ process, siblings }))).toEqual([
      {
        state: 'idle',
        idle: {
          processes: ['a', 'b'],
          next: [fcopsCommand(['deploy', 'p1', '--start', '--limit', 'p1-50'], 'to start them')],
        },
      },
      { state: 'same' },
    ]);
  });

  it('is named where others run, with what starts it alone', () => {
    const siblings = ['a', 'b', 'c'].map((name) => worker(name));
    const messages = (...running: readonly string[]) =>
      siblings.flatMap((process) => {
        const rows = [...running.flatMap((name, pid) => runningRows(name, { pid: pid + 7 })), ...LOOKED];
        const diff = diffOf({ process, siblings, rows });
        return diff.state === 'violated' ? [diff.violation.message] : [];
      });
    expect(messages('a', 'c')).toEqual(['b does not run, though the other 2 processes of this host do']);
    expect(messages('b')).toEqual(['2 of 3 processes of this host do not run: a, c']);
    expect(messages('a', 'b', 'c')).toEqual([]);
  });

  it('is not known to where nobody could look: that is said, and stops no change of files', () => {
    const message = 'it cannot be told whether a runs';
    expect(diffOf({ rows: [] })).toMatchObject({ violation: { message, severity: 'warn' } });
    // Asked to start it, nobody can say that all is well.
    expect(diffOf({ start: true, rows: [] })).toMatchObject({
      violation: { message, severity: 'start', processes: ['a'] },
    });
  });

  it('is not started without its files, unless they come in the same run', () => {
    const paths = { '/opt/profile': absent, '/opt/lotusworker/a/start.sh': absent };
    expect(diffOf({ start: true, paths })).toMatchObject({
      violation: {
        message: '/opt/profile and /opt/lotusworker/a/start.sh are not there',
        severity: 'start',
        processes: ['a'],
      },
    });
    expect(diffOf({ start: true, paths, changing: Object.keys(paths) }).state).toBe('change');
  });

  it('is not started without what it stands on, which is told beside it for all that wait for it', () => {
    const given = { start: true, paths: { [NEEDED]: absent } };
    const [first, second] = ['a', 'b'].map((name) => worker(name, { requires: [needs('enforce')] }));
    if (!first || !second) throw new Error('two workers');
    expect(diffOf({ ...given, process: first })).toEqual({ state: 'same' });
    expect(diffOf({ ...given, process: first, changing: [NEEDED] }).state).toBe('change');
    expect(diffOf({ ...given, process: worker('a', { requires: [needs('warn')] }) }).state).toBe('change');
    const shared = needs('enforce');
    const both = [first, second].map((process) => ({ ...process, requires: [shared] }));
    const [resource, another] = requirementResources(both);
    expect(another).toBeUndefined();
    const seen = (rows: readonly Row[]) => observationOf(FACTS, { rows, paths: { [NEEDED]: absent } });
    const context = { pending: () => false, digest };
    const violation = { message: '/opt/needed is not there', severity: 'start' };
    expect(resource?.diff(seen(LOOKED), context)).toEqual({
      state: 'violated',
      violation: { ...violation, processes: ['a', 'b'] },
    });
    expect(resource?.diff(seen([...runningRows('a'), ...LOOKED]), context)).toEqual({
      state: 'violated',
      violation: { ...violation, processes: ['b'] },
    });
  });
});

it('whatever a host answers, a process is never said to be as it shall be without having been seen so', () => {
  const word = fc.constantFrom('process', 'procexe', 'procenv', 'procsum', 'program', 'nonsense');
  const field = fc.oneof(
    fc.string({ maxLength: 10 }),
    fc.constantFrom('/opt/lotusworker/a', '7', '/proc/7/exe', '/opt/lotusworker/lotus-worker', '8:1', 'NaN'),
  );
  const row = fc.tuple(word, fc.array(field, { maxLength: 5 })).map(([tag, fields]): Row => [tag, ...fields]);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const diff = diffOf({ start: true, rows: [...rows, ['processes', 'seen']] });
      const seen = rows.some(([tag, repository]) => tag === 'process' && repository === '/opt/lotusworker/a');
      if (diff.state === 'same') expect(seen).toBe(true);
      if (!seen) expect(diff.state).toBe('change');
    }),
  );
});
