import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/core/facts.ts';
import { sayNext } from '../../../src/core/next.ts';
import { SECTOR_BYTES, SECTOR_SIZES } from '../../../src/core/profile.ts';
import { sha256 } from '../../../src/core/sha256.ts';
import { GiB } from '../../../src/core/units.ts';
import type { Host } from '../../../src/inventory/cluster.ts';
import type { Observation } from '../../../src/resources/look.ts';
import type { MountState } from '../../../src/resources/mounts/look.ts';
import type { FileState, PathState } from '../../../src/resources/path/state.ts';
import type { Diff, Resource } from '../../../src/resources/resource.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { requirementTask } from '../../../src/roles/processes.ts';
import { proofParameters } from '../../../src/roles/proof-parameters.ts';
import type { Role, RoleContext } from '../../../src/roles/role.ts';
import { templateData } from '../../../src/roles/template-data.ts';
import { factsFor, shipped } from '../layout/shipped.ts';
import type { Stated } from '../resources/answer-of.ts';
import { CONTEXT, contextOf, observationOf, resourcesOf } from './support.ts';

const amd7532 = shipped('amd-7532');
const intel4216 = shipped('intel-4216');
const good = factsFor(amd7532);

const mount = (gib: number): MountState => ({
  source: '/dev/md0',
  fstype: 'xfs',
  options: [],
  bytes: gib * GiB,
  freeBytes: 0,
  users: [],
});
const HUGETLBFS = '/opt/hugepages/layer_labels';
const hugetlbfs: MountState = { ...mount(1792), source: 'none', fstype: 'hugetlbfs' };
const file = (bytes: number, text?: string): FileState => ({
  type: 'file',
  bytes,
  mode: '0644',
  owner: 'root',
  group: 'root',
  mtime: 0,
  ...(text !== undefined && { sha256: sha256(text) }),
});

const PIECE = (bytes: number, cid: string) => `{"Size":${bytes},"PieceCID":{"/":"${cid}"}}\n`;
const PIECE_64 = PIECE(68719476736, 'baga6ea4seaqomqafu276g53zko4k23xzh4h4uecjwicbmvhsuqi7o4bhthhm4aq');
const PIECE_32 = PIECE(34359738368, 'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq');
const PARENTS = '/opt/raid0/filecoin-parents/v28-sdr-parent-';
const DATA_64: [string, PathState][] = [
  [`${PARENTS}4905486b7af19558ac3649bc6261411858b6add534438878c4ee3b29d8b9de0b.cache`, file(120259084288)],
  ['/opt/raid0/merklecache/mcache.dat', file(128 * GiB - 32)],
  ['/opt/raid0/piecetemplate/piece-info.json', file(105, PIECE_64)],
  ['/opt/raid0/piecetemplate/staged-file', file(64 * GiB)],
];
const DATA_32: [string, PathState][] = [
  [`${PARENTS}21981246c370f9d76c7a77ab273d94bde0ceb4e938292334960bce05585dc117.cache`, file(60129542144)],
  ['/opt/raid0/merklecache/mcache.dat', file(64 * GiB)],
  ['/opt/raid0/piecetemplate/piece-info.json', file(105, PIECE_32)],
  ['/opt/raid0/piecetemplate/staged-file', file(32 * GiB)],
];

/** A P1 machine on which nothing is amiss. */
const seenGood = (facts: Facts = good, own: Stated = {}) =>
  observationOf(facts, {
    mounts: { '/opt/raid0': mount(27_500), [HUGETLBFS]: hugetlbfs, ...own.mounts },
    paths: { ...Object.fromEntries(DATA_64), '/dev/nvidiactl': { type: 'other' }, ...own.paths },
    rows: [['processes', 'seen']],
  });

const isCheck = ({ id }: Resource) => /^(assertion|requirement):/.test(id);

/** The tasks of a machine, with what its processes need. */
const allOf = (role: Role, context: RoleContext) =>
  resourcesOf([...role.tasks(context), requirementTask(role.processes(context))]);

/** What the checks of a machine find, by the name of the check; what is well is left out. */
const findings = (resources: readonly Resource[], seen: Observation): Record<string, Diff> =>
  Object.fromEntries(
    resources
      .filter(isCheck)
      .map(({ id, diff }): [string, Diff] => [id.slice(id.indexOf(':') + 1), diff(seen, CONTEXT)])
      .filter(([, diff]) => diff.state !== 'same'),
  );

const p1Findings = (seen: Observation, host: Partial<Host> = {}) =>
  findings(allOf(p1, contextOf(amd7532, host)), seen);

describe('the machine checks of P1', () => {
  it('find nothing on the machine of the handbook', () => {
    expect(p1Findings(seenGood())).toEqual({});
  });

  const cpu = (own: Partial<Facts['cpu']>): Facts => ({ ...good, cpu: { ...good.cpu, ...own } });
  const cases: [string, Observation, string, string, string][] = [
    [
      'another distribution',
      seenGood({ ...good, os: { id: 'debian', version: '12' } }),
      'distribution',
      'the machine runs debian 12, the inventory says ubuntu 18.04',
      'set os of worker-50',
    ],
    [
      'another version of it',
      seenGood({ ...good, os: { id: 'ubuntu', version: '16.04' } }),
      'distribution',
      'the machine runs ubuntu 16.04, the inventory says ubuntu 18.04',
      'set os of worker-50',
    ],
    [
      'an old kernel',
      seenGood({ ...good, kernel: '4.9.0-19-amd64' }),
      'kernel',
      'the machine runs kernel 4.9.0-19-amd64, at least 4.15 is needed',
      'install a newer kernel',
    ],
    [
      'another CPU',
      seenGood(cpu({ model: 'AMD EPYC 7601 32-Core Processor' })),
      'hardware',
      'CPU model: the machine has "AMD EPYC 7601 32-Core Processor", profile amd-7532 says "EPYC 7532"',
      'give the host the profile of its hardware',
    ],
    [
      'hyper-threading',
      seenGood(cpu({ threadsPerCore: 2, count: 128 })),
      'hardware',
      'hyper-threading: on (2 threads a core) on the machine, off in profile amd-7532',
      'switch hyper-threading (SMT) off in the firmware',
    ],
    [
      'fewer NUMA nodes',
      seenGood({ ...good, numaNodes: good.numaNodes.slice(0, 2) }),
      'hardware',
      'NUMA nodes: the machine has 2, profile amd-7532 says 8',
      'set NUMA nodes per socket (NPS) to 4',
    ],
    [
      'less memory',
      seenGood({ ...good, memoryKib: 1024 ** 3 }),
      'hardware',
      'memory: the machine has 1024.0 GiB, profile amd-7532 says 2048 GiB',
      'look for a missing or failed memory module',
    ],
    [
      'no GPU',
      seenGood({ ...good, gpus: [] }),
      'hardware',
      'NVIDIA GPUs: the machine has 0, profile amd-7532 says 1',
      'see lspci',
    ],
    [
      'no RAID',
      seenGood(good, { mounts: { '/opt/raid0': null } }),
      'room at /opt/raid0',
      'nothing is mounted at /opt/raid0',
      'build the RAID 0',
    ],
    [
      'a RAID with a disk less',
      seenGood(good, { mounts: { '/opt/raid0': mount(20_480) } }),
      'room at /opt/raid0',
      '/dev/md0 at /opt/raid0 has 20 TiB, at least 26 TiB are needed',
      'look for a disk that is missing',
    ],
  ];
  it.each(cases)('find %s', (_, seen, name, message, next) => {
    const found = p1Findings(seen);
    expect(Object.keys(found)).toEqual([name]);
    const diff = found[name];
    if (diff?.state !== 'violated') throw new Error(`${name} is ${diff?.state}`);
    expect(diff.violation.message).toMatch(message);
    expect(sayNext(diff.violation.next ?? [])).toMatch(next);
    expect(diff.violation.severity).toBe(name.startsWith('room') ? 'start' : 'enforce');
  });

  it('show every difference of the hardware, each with what to do', () => {
    const found = p1Findings(seenGood({ ...good, memoryKib: 1024 ** 3, gpus: [] })).hardware;
    if (found?.state !== 'violated') throw new Error('not found');
    expect(found.violation.message).toMatch(/memory: [^\n]*\nNVIDIA GPUs: [^\n]*$/);
    expect(sayNext(found.violation.next ?? [])).toMatch(/; see lspci/);
  });

  it('only warn, or are not made, where the host says so', () => {
    const seen = seenGood({ ...good, kernel: '3.10.0-1160.el7' });
    expect(p1Findings(seen, { checks: 'warn' }).kernel).toMatchObject({ violation: { severity: 'warn' } });
    expect(p1Findings(seen, { checks: 'off' })).toEqual({});
  });

  it.each([
    ['4.15.0-213-generic', '4.15', false],
    ['4.4.0', '4.15', true],
    ['5.4', '4.15', false],
    ['10.0', '4.15', false],
    ['3.10.0-1160.el7.x86_64', '3.10', false],
    ['3.9.11', '3.10', true],
    ['4.15', '4.15.1', true],
  ])('take kernel %s, where %s is needed, for old: %s', (kernel, minKernel, old) => {
    const variables = { ...contextOf(amd7532).host.variables, minKernel };
    expect('kernel' in p1Findings(seenGood({ ...good, kernel }), { variables })).toBe(old);
  });

  it('say of cache that does not answer what is wrong with it, not that it is small', () => {
    const dead = { ...mount(0), source: 'nas:/cache', fstype: 'nfs', trouble: 'did not answer within 5 s' };
    expect(p1Findings(seenGood(good, { mounts: { '/opt/raid0': dead } }))).toMatchObject({
      'room at /opt/raid0': { violation: { message: 'nas:/cache at /opt/raid0 did not answer within 5 s' } },
    });
  });

  it('say what could not be seen', () => {
    const seen = observationOf(good, { paths: Object.fromEntries(DATA_64), rows: [['processes', 'seen']] });
    const waits = { severity: 'start', processes: expect.arrayContaining(['P1-1', 'P1-14']) };
    const message = 'the host gave no answer about any mount that can be understood';
    expect(p1Findings(seen)).toMatchObject({
      'room at /opt/raid0': { violation: { ...waits, message } },
      [`hugetlbfs at ${HUGETLBFS}`]: { violation: { ...waits, message } },
    });
  });
});

describe('what processes need', () => {
  const waiting = (own: Stated, host: Partial<Host> = {}) =>
    Object.values(p1Findings(seenGood(good, own), host)).map((diff) =>
      diff.state === 'violated' ? [diff.violation.severity, ...(diff.violation.processes ?? [])] : [],
    );
  const tasks = Array.from({ length: 14 }, (_, index) => `P1-${index + 1}`);

  it('keeps those from being started that stand on it, and nobody else', () => {
    const absent: PathState = { type: 'absent' };
    expect(waiting({ paths: { '/dev/nvidiactl': absent, '/sys/module/nvidia': absent } })).toEqual([
      ['start', 'P2'],
    ]);
    expect(waiting({ mounts: { [HUGETLBFS]: null } })).toEqual([['start', ...tasks]]);
    expect(waiting({ mounts: { '/opt/raid0': null } })).toEqual([['start', 'APx', 'P2', ...tasks]]);
    expect(waiting({ paths: { '/opt/raid0/merklecache/mcache.dat': absent } })).toEqual([
      ['start', 'P2', ...tasks],
    ]);
  });

  it('is only told, or not asked for, where the host says so; the file system of huge pages is always asked for', () => {
    const without: Stated = { mounts: { '/opt/raid0': null, [HUGETLBFS]: null } };
    expect(waiting(without, { checks: 'warn' })).toEqual([['warn'], ['start', ...tasks]]);
    expect(waiting(without, { checks: 'off' })).toEqual([['start', ...tasks]]);
  });
});

describe('the checks of the template data', () => {
  const found = (own: [string, PathState][], sectorSize: '32GiB' | '64GiB' = '64GiB') => {
    const paths = Object.fromEntries([...(sectorSize === '64GiB' ? DATA_64 : DATA_32), ...own]);
    const all = allOf(p1, contextOf(amd7532, {}, { sectorSize }));
    const data = findings(all, seenGood(good, { paths }));
    return Object.values(data).map((diff) =>
      diff.state === 'violated' ? diff.violation.message : diff.state,
    );
  };

  it('find nothing where all is there, for both sector sizes', () => {
    expect(found([])).toEqual([]);
    expect(found([], '32GiB')).toEqual([]);
  });

  const MCACHE = '/opt/raid0/merklecache/mcache.dat';
  const INFO = '/opt/raid0/piecetemplate/piece-info.json';
  const cases: [string, [string, PathState], string][] = [
    ['a missing file', [MCACHE, { type: 'absent' }], `${MCACHE} is not there`],
    ['a file that was cut off', [MCACHE, file(12 * GiB)], `${MCACHE} has 12884901888 bytes (12 GiB)`],
    ['one byte too much', [MCACHE, file(128 * GiB + 1)], 'for 64GiB sectors it has 137438953440 (128 GiB)'],
    ['a link', [MCACHE, { type: 'link', target: '/mnt/m' }], `${MCACHE} is a link to /mnt/m, not a file`],
    ['a directory', [INFO, { type: 'directory', mode: '0755', owner: 'root', group: 'root' }], 'a directory'],
    ['the piece of other sectors', [INFO, file(105, PIECE_32)], `${INFO} is not the one for 64GiB sectors`],
  ];
  it.each(cases)('find %s', (_, wrong, message) => {
    expect(found([wrong])).toEqual([expect.stringContaining(message)]);
  });
});

describe('the template data of every size of sector', () => {
  /** The piece of a sector of zeros: a tree of sha256 whose results lose their two highest bits. */
  const pieceOfZeros = (bytes: number): string => {
    let node = Buffer.alloc(32);
    for (let size = 32; size < bytes; size *= 2) {
      node = createHash('sha256')
        .update(Buffer.concat([node, node]))
        .digest();
      node[31] = (node[31] ?? 0) & 0x3f;
    }
    // CIDv1 of fil-commitment-unsealed with sha2-256-trunc254-padded, in base32.
    const cid = Buffer.concat([Buffer.from([0x01, 0x81, 0xe2, 0x03, 0x92, 0x20, 0x20]), node]);
    const bits = [...cid].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const letters = bits.match(/.{1,5}/g) ?? [];
    return `b${letters.map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')}`;
  };

  it.each(SECTOR_SIZES)('%s: the piece is that of a sector of zeros', (sectorSize) => {
    const bytes = SECTOR_BYTES[sectorSize];
    const text = `{"Size":${bytes},"PieceCID":{"/":"${pieceOfZeros(bytes)}"}}\n`;
    const [, , info] = templateData(sectorSize, 'enforce');
    const paths = { '/opt/raid0/piecetemplate/piece-info.json': file(text.length, text) };
    expect(info?.check(observationOf(good, { paths }), () => false)).toBeNull();
  });

  it.each(SECTOR_SIZES)('%s: proof parameters are asked for', (sectorSize) => {
    expect(proofParameters(sectorSize, 'enforce')).toHaveLength(7);
  });
});

describe('the checks of the proof parameters', () => {
  const tasks = (sectorSize: '32GiB' | '64GiB') =>
    allOf(c2, contextOf(intel4216, { roles: ['c2'] }, { sectorSize })).filter(({ id }) =>
      id.startsWith('requirement:proof parameters'),
    );
  const pathsOf = (resources: readonly Resource[]) =>
    resources.flatMap(({ asks }) =>
      asks.flatMap((ask) => ('path' in ask && typeof ask.path === 'string' ? [ask.path] : [])),
    );
  const SIZES: [RegExp, number][] = [
    [/stacked.*8-8-0.*params$/, 44.1 * GiB],
    [/stacked.*8-8-2.*params$/, 44.4 * GiB],
    [/0377ded.*params$/, 56.6 * GiB],
    [/2627e40.*params$/, 58.3 * GiB],
    [/559e581.*params$/, 183.2 * 1024 ** 2],
    [/b620986.*params$/, 190.7 * 1024 ** 2],
    [/0377ded.*vk$/, 2.4 * 1024 ** 2],
    [/2627e40.*vk$/, 2.3 * 1024 ** 2],
    [/stacked.*vk$/, 32 * 1024],
    [/(559e581|b620986).*vk$/, 13 * 1024],
    [/srs$/, 301990192],
  ];
  const sizeOf = (path: string) => Math.round(SIZES.find(([pattern]) => pattern.test(path))?.[1] ?? 0);
  const seen = (resources: readonly Resource[], change: (bytes: number) => PathState) =>
    observationOf(factsFor(intel4216), {
      paths: Object.fromEntries(pathsOf(resources).map((path) => [path, change(sizeOf(path))])),
    });

  it.each(['32GiB', '64GiB'] as const)('take the files of %s sectors', (sectorSize) => {
    const resources = tasks(sectorSize);
    expect(pathsOf(resources)).toHaveLength(7);
    expect(
      findings(
        resources,
        seen(resources, (bytes) => file(bytes)),
      ),
    ).toEqual({});
  });

  it('find files that are missing or cut off', () => {
    const resources = tasks('64GiB');
    const absent = findings(
      resources,
      seen(resources, () => ({ type: 'absent' })),
    );
    expect(Object.keys(absent)).toHaveLength(7);
    const cut = findings(
      resources,
      seen(resources, (bytes) => file(Math.floor(bytes * 0.9))),
    );
    expect(Object.keys(cut)).toHaveLength(7);
    expect(JSON.stringify(cut)).toMatch('rsync -a MINER:/opt/raid0/filecoin-proof-parameters /opt/');
  });
});
