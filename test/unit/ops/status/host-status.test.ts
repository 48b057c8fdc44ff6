import { expect, it } from 'vitest';
import { contentOf } from '../../../../src/core/content.ts';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { ProcessStatus } from '../../../../src/ops/status/host-status.ts';
import { seenHost, statusAsks } from '../../../../src/ops/status/host-status.ts';
import type { Row } from '../../../../src/resources/look.ts';
import type { PathState } from '../../../../src/resources/path/state.ts';
import type { Process } from '../../../../src/resources/process/process.ts';
import { STAMP_FILE } from '../../../../src/resources/stamp/stamp.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';

const SINCE = 1_700_000_000;
const PROGRAM = '/opt/lotusworker/lotus-worker';
const VERSIONS = '/opt/lotusworker/versions/p1';
const cluster = clusterOf(clusterFile());
const [host] = cluster.hosts;
if (!host) throw new Error('the sample cluster has no host');

const process: Process = {
  name: 'P1-1',
  group: 'P1',
  repository: '/opt/lotusworker/a',
  known: { by: 'argument' },
  log: '/opt/lotusworker/a/log.txt',
  port: 10_001,
  program: PROGRAM,
  reads: { profile: '/opt/profile', script: '/opt/lotusworker/a/start.sh' },
  environment: [{ name: 'MINER_API_INFO', value: contentOf({ secret: 'env TOKEN', as: 'plain' }) }],
  environmentFrom: [],
  environmentIsWhole: true,
  requires: [],
  start: { run: 'true', pause: 0 },
  stop: { deadline: 60 },
};
const about = { cluster, host, roles: ['p1'] as const, processes: [{ role: 'p1' as const, process }] };
const program = (inode: string, kind = 'binary'): Row => ['program', PROGRAM, inode, `${SINCE - 500}`, kind];
const running = (path: string, inode = '8:1'): readonly Row[] => [
  ['procexe', '/proc/7/exe', inode],
  ['procpath', '/proc/7/exe', `'/proc/7/exe' -> '${path}'`],
  ['procsum', '7', 'MINER_API_INFO', 'sum'],
  ['process', '/opt/lotusworker/a', '7', `${SINCE}`, '4-5', '1', '4711', '134217728'],
  ['processes', 'seen'],
];

const statusOf = (rows: readonly Row[], digest = () => 'sum'): ProcessStatus => {
  const seen = observationOf(FACTS, {
    rows,
    paths: { [PROGRAM]: { type: 'link', target: `${VERSIONS}/1.11.2/lotus-worker` } },
  });
  const [only] = seenHost(about, { seen, lockedBy: null }, digest, () => ({ type: 'missing' })).processes;
  if (!only) throw new Error('it has no process');
  return only;
};

it('a process runs the version that its executable lies in, linked or not', () => {
  expect(statusOf([...running(`${VERSIONS}/1.11.2/lotus-worker`), program('8:1')])).toMatchObject({
    running: [{ pid: 7, since: SINCE, cpus: '4-5', hugeKib: 134_217_728 }],
    program: { running: '1.11.2', linked: '1.11.2', isLinked: true },
    restart: [],
    registration: { type: 'missing' },
  });
  const old = statusOf([...running(`${VERSIONS}/1.11.1/lotus-worker`), program('8:2')]);
  expect(old).toMatchObject({ program: { running: '1.11.1', linked: '1.11.2', isLinked: false } });
  expect(old.restart).toEqual([`it runs another program than ${PROGRAM} is now`]);
});

it('one whose version was removed since runs that version still', () => {
  const rows = [...running(`${VERSIONS}/1.11.1/lotus-worker (deleted)`), program('8:2')];
  expect(statusOf(rows).program).toMatchObject({ running: '1.11.1', isLinked: false });
});

it('of a script it is known whether it runs what is linked, and no other version', () => {
  expect(statusOf([...running('/bin/bash'), program('8:1', 'script')]).program).toMatchObject({
    running: '1.11.2',
    isLinked: true,
  });
  const newer: Row = ['program', PROGRAM, '8:1', `${SINCE + 500}`, 'script'];
  expect(statusOf([...running('/bin/bash'), newer]).program).toMatchObject({
    running: null,
    isLinked: false,
  });
});

it('a kernel may not tell of huge pages, and nobody may have looked', () => {
  const [exe, path, sum, row = [], seen] = running(`${VERSIONS}/1.11.2/lotus-worker`);
  const rows = [exe, path, sum, [...row.slice(0, -1), ''], seen].flatMap((one) => (one ? [one] : []));
  expect(statusOf([...rows, program('8:1')]).running).toMatchObject([{ hugeKib: null }]);
  expect(statusOf([])).toMatchObject({ running: null, listening: null });
  expect(statusOf([['processes', 'seen']])).toMatchObject({ running: [], program: { running: null } });
});

it('variables with a secret that is not known here are not compared, and that is said', () => {
  const rows = [...running(`${VERSIONS}/1.11.2/lotus-worker`), program('8:1')];
  const missing = () => {
    throw new FcopsError({ kind: 'secret', what: 'it is not set' });
  };
  expect(statusOf(rows, () => 'other').restart).toEqual([
    'it has other values than its files of MINER_API_INFO',
  ]);
  expect(statusOf(rows, missing)).toMatchObject({ restart: [], uncompared: ['MINER_API_INFO'] });
});

it('asks for its processes, ports, files, mounts and GPUs, and for nothing else of its role', () => {
  expect(new Set(statusAsks(about).map(({ look }) => look))).toEqual(
    new Set(['process', 'port', 'path', 'mount', 'gpus']),
  );
});

it('what runs a process is told beside what is to run it', () => {
  const unit = { name: 'fcops-p1@1.service', file: '/etc/systemd/system/fcops-p1@.service' };
  const rowsBy = (name: string): readonly Row[] =>
    running(`${VERSIONS}/1.11.2/lotus-worker`).map((row) => (row[0] === 'process' ? [...row, name] : row));
  const of = (rows: readonly Row[], wanted?: typeof unit) =>
    seenHost(
      { ...about, processes: [{ role: 'p1', process: { ...process, ...(wanted && { unit: wanted }) } }] },
      { seen: observationOf(FACTS, { rows }), lockedBy: null },
      () => 'sum',
      () => ({ type: 'missing' }),
    ).processes[0];
  expect(of(rowsBy(''), unit)).toMatchObject({
    log: '/opt/lotusworker/a/log.txt',
    supervisor: { wanted: 'systemd', running: 'nohup', unit: unit.name },
    restart: [`its start script has started it, and ${unit.name} is to run it`, expect.any(String)],
  });
  expect(of(rowsBy(unit.name))).toMatchObject({
    log: `journalctl -u ${unit.name}`,
    supervisor: { wanted: 'nohup', running: 'systemd', unit: unit.name },
  });
  expect(of([['processes', 'seen']], unit)).toMatchObject({
    log: `journalctl -u ${unit.name}`,
    supervisor: { wanted: 'systemd', running: null, unit: unit.name, state: null },
  });
});

it('of a unit it is known what systemd does with it', () => {
  const unit = { name: 'fcops-p1@1.service', file: '/etc/systemd/system/fcops-p1@.service' };
  const by = { ...about, processes: [{ role: 'p1' as const, process: { ...process, unit } }] };
  expect(statusAsks(by)).toContainEqual({ look: 'unit', name: unit.name });
  const state = { load: 'loaded', active: 'activating', file: 'static', needsReload: false };
  const seen = observationOf(FACTS, { rows: [['processes', 'seen']], units: { [unit.name]: state } });
  const [only] = seenHost(
    by,
    { seen, lockedBy: null },
    () => 'sum',
    () => ({ type: 'missing' }),
  ).processes;
  expect(only?.supervisor.state).toBe('activating');
});

it('a host that carries the stamp of another miner is told, and no other', () => {
  const stamped = (text: string | null) => {
    const state: PathState =
      text === null
        ? { type: 'absent' }
        : {
            ...{ type: 'file', bytes: text.length, mode: '0644', owner: 'root', group: 'root', mtime: 0 },
            ...{ sha256: '', text },
          };
    const seen = observationOf(FACTS, { paths: { [STAMP_FILE]: state } });
    return seenHost(
      about,
      { seen, lockedBy: null },
      () => '',
      () => ({ type: 'missing' }),
    ).ofAnother;
  };
  expect(stamped('miner: f0730670\nhost: p1-9\n')).toEqual({
    message: `the host belongs to f0730670, where it is p1-9 (${STAMP_FILE})`,
    next: [expect.objectContaining({ words: ['adopt', host.name, '--miner', 'f0494733'] })],
  });
  for (const text of [null, '', 'miner: f0494733\nhost: p1-50\n']) expect(stamped(text)).toBeUndefined();
  expect(statusAsks(about)).toContainEqual(expect.objectContaining({ path: STAMP_FILE }));
});
