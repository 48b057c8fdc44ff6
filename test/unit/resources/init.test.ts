import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestBy } from '../../../src/core/content.ts';
import { sayNext } from '../../../src/core/next.ts';
import { planHost } from '../../../src/engine/plan.ts';
import { initResource } from '../../../src/resources/init/init.ts';
import { storagePaths } from '../../../src/resources/init/storage.ts';
import type { Row } from '../../../src/resources/look.ts';
import { askPath, pathLook } from '../../../src/resources/path/look.ts';
import type { PathState } from '../../../src/resources/path/state.ts';
import type { Process } from '../../../src/resources/process/process.ts';
import { processResource } from '../../../src/resources/process/resource.ts';
import type { Diff } from '../../../src/resources/resource.ts';
import { observationOf, type Stated } from './answer-of.ts';
import { FACTS } from './cases.ts';

const REPOSITORY = '/opt/lotusworker/worker-apx';
const CACHE = '/opt/raid0/workercache';
const LIST = `${REPOSITORY}/storage.json`;
const IDENTITY = `${CACHE}/sectorstore.json`;
const SCRIPT = `${REPOSITORY}/init_apx.sh`;
const init = { cache: CACHE, script: SCRIPT, limit: '30 sectors at a time' };
const digest = digestBy(() => 'a secret');

const apx: Process = {
  name: 'APx',
  group: 'APx',
  repository: REPOSITORY,
  known: { by: 'argument' },
  log: `${REPOSITORY}/log.txt`,
  port: 11000,
  program: '/opt/lotusworker/lotus-worker',
  reads: { profile: '/opt/lotusworker/profile', script: `${REPOSITORY}/start_apx.sh` },
  environment: [],
  environmentFrom: [],
  environmentIsWhole: true,
  requires: [
    {
      name: 'room',
      asks: [askPath('/opt/raid0')],
      severity: 'enforce',
      check: (seen) =>
        pathLook.seen(seen, '/opt/raid0')?.type === 'directory' ? null : { message: 'no room' },
    },
  ],
  start: { run: 'true', pause: 0 },
  init,
  stop: { deadline: 60 },
};

const absent: PathState = { type: 'absent' };
const owned = { mode: '0644', owner: 'root', group: 'root' } as const;
const file = (text?: string): PathState => ({
  type: 'file',
  ...owned,
  mtime: 1,
  bytes: text?.length ?? 1,
  ...(text !== undefined && { text }),
});
/** As the program writes it: two blanks, no line end. */
const listing = (...paths: string[]) =>
  file(JSON.stringify({ StoragePaths: paths.map((Path) => ({ Path })) }, null, 2));

const RUNS: Row[] = [
  ['process', REPOSITORY, '7', '1700000000', '0-3', '1'],
  ['processes', 'seen'],
];
const STOPPED: Row[] = [['processes', 'seen']];
const READY = {
  '/opt/raid0': { type: 'directory', ...owned },
  '/opt/lotusworker/lotus-worker': file(),
  '/opt/lotusworker/profile': file(),
  [`${REPOSITORY}/start_apx.sh`]: file(),
  [SCRIPT]: file(),
} as const satisfies Stated['paths'];

interface Given {
  readonly list?: PathState;
  readonly identity?: PathState;
  readonly rows?: readonly Row[];
  readonly start?: boolean;
  readonly paths?: Stated['paths'];
  /** Whether APx is started in the same run. */
  readonly comes?: boolean;
}

const seenWith = ({ list = absent, identity = absent, rows = RUNS, paths }: Given) =>
  observationOf(FACTS, { rows, paths: { ...READY, [LIST]: list, [IDENTITY]: identity, ...paths } });
const diffOf = (given: Given): Diff =>
  initResource(apx, init, {
    start: given.start ?? true,
    startCommand: ['deploy', 'apx', '--start'],
  }).diff(seenWith(given), { pending: ({ type }) => type === 'process' && given.comes === true, digest });
const messageOf = (diff: Diff) => (diff.state === 'violated' ? diff.violation.message : diff.state);

describe('the init of a process', () => {
  it('is done where its list names the cache, which has an identity: as the handbook shows it (2.2.7.3.2)', () => {
    const text = `{\n  "StoragePaths": [\n    {\n      "Path": "${CACHE}"\n    }\n  ]\n}`;
    for (const start of [true, false])
      expect(diffOf({ list: file(text), identity: file(), start })).toEqual({ state: 'same' });
    // However the path is written, and whatever else is listed.
    expect(diffOf({ list: listing('/data', `${CACHE}/`), identity: file() })).toEqual({ state: 'same' });
  });

  it.each([
    ['there is no list', absent],
    ['the list is null, as a start without local storage writes it', file('{\n  "StoragePaths": null\n}')],
    ['the list is empty', listing()],
  ])('is missing where %s, and is done once APx runs', (_, list) => {
    expect(diffOf({ list })).toEqual({
      state: 'change',
      change: {
        action: 'run',
        details: [
          { name: 'cache', before: null, after: CACHE },
          { name: 'limit', before: null, after: '30 sectors at a time' },
        ],
        steps: [
          {
            step: 'init-process',
            name: 'APx',
            repository: REPOSITORY,
            cache: CACHE,
            run: `bash ${SCRIPT}`,
            deadline: 300,
          },
        ],
      },
    });
    expect(diffOf({ list, rows: STOPPED, comes: true }).state).toBe('change');
    expect(diffOf({ list, rows: STOPPED }).state).toBe('same');
  });

  it('that is missing where APx runs is a warning where nothing is started, and nothing where it does not run', () => {
    expect(diffOf({ start: false })).toMatchObject({
      violation: {
        severity: 'warn',
        message: `APx runs without its cache ${CACHE}: its init has not been done`,
      },
    });
    expect(diffOf({ start: false, rows: STOPPED })).toEqual({ state: 'same' });
    expect(diffOf({ start: false, rows: [] })).toEqual({ state: 'same' });
  });

  it.each<[string, Given, string]>([
    [
      'an identity that no list names',
      { identity: file() },
      'an init that broke off, or the cache of another APx',
    ],
    [
      'a list whose directory has no identity',
      { list: listing(CACHE) },
      'its disk is not mounted, or was emptied; APx does not start without it',
    ],
    ['a list that is none', { list: file('{ "StoragePaths": 7 }') }, `${LIST} cannot be understood`],
    ['a list that is cut off', { list: file('{ "Stor') }, `${LIST} cannot be understood`],
    ['a link in its place', { list: { type: 'link', target: '/x' } }, `${LIST} cannot be understood`],
    [
      'a process that runs twice',
      { rows: [...RUNS, ['process', REPOSITORY, '8', '1700000000', '0', '1']] },
      'runs more than once',
    ],
    ['no script', { paths: { [SCRIPT]: absent } }, `${SCRIPT} is not there`],
    ['no room', { paths: { '/opt/raid0': absent } }, 'APx runs without what it needs in order to start'],
  ])('is never done on %s', (_, given, message) => {
    const diff = diffOf(given);
    expect(messageOf(diff)).toContain(message);
    expect(diff).toMatchObject({ violation: { severity: 'start', processes: ['init of APx'] } });
    expect(diffOf({ ...given, start: false })).toMatchObject({ violation: { severity: 'warn' } });
  });

  it('that another path was given to is told, and keeps nothing from being started', () => {
    const diff = diffOf({ list: listing('/data/workercache') });
    expect(diff).toMatchObject({ violation: { severity: 'warn' } });
    expect(messageOf(diff)).toBe(`APx has its cache in /data/workercache, not in ${CACHE}`);
  });

  it('says the command that finishes what broke off', () => {
    const diff = diffOf({ identity: file() });
    expect(diff.state === 'violated' && sayNext(diff.violation.next ?? [])).toMatch(
      `source /opt/lotusworker/profile && LOTUS_WORKER_PATH=${REPOSITORY} /opt/lotusworker/lotus-worker storage attach ${CACHE}`,
    );
  });

  it('is not begun where the start of APx failed, and keeps nobody else', () => {
    const context = { start: true, siblings: [apx], startCommand: [] };
    const resources = [processResource(apx, context), initResource(apx, init, context)];
    const task = { name: 'processes', tags: ['start'], resources, areApart: true };
    const { items } = planHost('apx-5', [task], seenWith({ rows: STOPPED }), digest);
    expect(items.map((item) => [item.resource, item.state === 'change' && item.after])).toEqual([
      ['process:APx', undefined],
      ['init:APx', ['process:APx']],
    ]);
  });

  it('is taken for done or for missing only where both files were seen so', () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ StoragePaths: fc.array(fc.record({ Path: fc.string() })) })
        .map((one) => JSON.stringify(one)),
      fc.constantFrom(
        `{"StoragePaths":[{"Path":"${CACHE}"}]}`,
        '{"StoragePaths":[{"Path":7}]}',
        '[]',
        'null',
      ),
    );
    fc.assert(
      fc.property(text, fc.boolean(), fc.boolean(), (content, hasList, hasIdentity) => {
        const list = hasList ? file(content) : absent;
        const diff = diffOf({ list, identity: hasIdentity ? file() : absent });
        const paths = hasList ? storagePaths(content) : [];
        if (diff.state === 'same') expect([hasIdentity, paths?.includes(CACHE)]).toEqual([true, true]);
        if (diff.state === 'change') expect([hasIdentity, paths]).toEqual([false, []]);
      }),
    );
  });

  it('that could not be looked at is not taken for missing', () => {
    const seen = observationOf(FACTS, { rows: RUNS, paths: READY });
    const context = { start: true, startCommand: [] };
    const diff = initResource(apx, init, context).diff(seen, { pending: () => false, digest });
    expect(messageOf(diff)).toContain('it cannot be told whether the init of APx was done');
  });
});
