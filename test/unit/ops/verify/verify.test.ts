import { describe, expect, it } from 'vitest';
import { readWorkers } from '../../../../src/lotus/workers.ts';
import type { ProcessStatus, SeenHost } from '../../../../src/ops/status/host-status.ts';
import type { ClusterStatus } from '../../../../src/ops/status/status.ts';
import type { ClockMeasured } from '../../../../src/ops/verify/machine-checks.ts';
import { groupsOf, isRight, verifiedOf, verifyAsks } from '../../../../src/ops/verify/verify.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { processStatus } from '../samples.ts';

const cluster = clusterOf(clusterFile());
const [inventory] = cluster.hosts;
if (!inventory) throw new Error('the sample cluster has no host');
const about = { cluster, host: inventory, roles: [], processes: [] };

const seen = (host: string): SeenHost => ({
  state: 'seen',
  host,
  address: '10.0.0.50',
  listen: '10.0.0.50',
  roles: [],
  processes: [],
  mounts: [],
  hugepages: null,
  gpus: { present: [], seen: { type: 'driver not loaded' } },
  backups: null,
  lockedBy: null,
});
const status = (hosts: ClusterStatus['hosts']): ClusterStatus => ({
  miner: 'f0494733',
  roles: [],
  minerHost: null,
  says: null,
  hosts,
});
const looked = { about, look: { seen: observationOf(FACTS), lockedBy: null } };
const clock = (offset: number): ClockMeasured => ({
  offset,
  uncertainty: 10,
  synchronized: { type: 'unknown' },
});
const withClocks = (...offsets: readonly number[]) =>
  verifiedOf(
    cluster,
    status(offsets.map((_, index) => seen(`h-${index}`))),
    () => looked,
    (host) => clock(offsets[Number(host.slice(2))] ?? 0),
  );
const advice = ({ hosts }: ReturnType<typeof withClocks>) =>
  hosts.map(({ checks }) => JSON.stringify(checks.find(({ kind }) => kind === 'clock')?.next ?? null));

describe('what is right in a cluster', () => {
  it('is all of it, and only where every host was seen', () => {
    expect(isRight(withClocks(5, -5))).toBe(true);
    expect(isRight(withClocks(5, -5000))).toBe(false);
    const pending = {
      state: 'pending',
      host: 'h-1',
      address: '10.0.0.51',
      listen: '10.0.0.51',
      roles: [],
    } as const;
    const half = verifiedOf(
      cluster,
      status([seen('h-0'), pending]),
      () => looked,
      () => clock(1),
    );
    expect(half.hosts[1]).toMatchObject({ state: 'pending', checks: [] });
    expect(isRight(half)).toBe(false);
  });

  it('is not, of a host that carries the stamp of another miner', () => {
    const ofAnother = { message: 'the host belongs to f02', next: [] };
    const verified = verifiedOf(
      cluster,
      status([{ ...seen('h-0'), ofAnother }]),
      () => looked,
      () => clock(1),
    );
    expect(verified.hosts[0]?.checks).toContainEqual({
      ...{ kind: 'stamp', name: 'stamp', process: null, result: 'off', message: ofAnother.message },
    });
    expect(isRight(verified)).toBe(false);
  });

  it('says of a host that could not be looked at why, and nothing else', () => {
    const problems = [{ kind: 'connect', what: 'no answer', why: 'timed out' }] as const;
    const unseen = {
      state: 'unseen',
      host: 'h-0',
      address: '10.0.0.50',
      listen: '10.0.0.50',
      roles: [],
      problems,
    } as const;
    const { hosts } = verifiedOf(
      cluster,
      status([unseen]),
      () => null,
      () => null,
    );
    expect(hosts[0]?.checks).toMatchObject([
      { kind: 'look', result: 'off', message: 'no answer', why: 'timed out' },
    ]);
  });

  it('takes nothing for right that was not measured', () => {
    const { hosts } = verifiedOf(
      cluster,
      status([seen('h-0')]),
      () => looked,
      () => ({ why: 'no date there' }),
    );
    expect(hosts[0]).toMatchObject({
      clock: null,
      checks: [{ kind: 'look' }, { kind: 'clock', result: 'unknown', why: 'no date there' }],
    });
  });

  it('tells workers of hosts that the inventory does not know, and not what the miner has lost', () => {
    const own = { name: inventory.name, address: inventory.address };
    const of = (id: string, host: string, address: string, marks = '') =>
      `Worker ${id}, host ${host}${marks}, group:x, url:http://${address}:11000/rpc/v0\n\tTask type:\n`;
    const listed = [
      of('a-1', own.name, own.address),
      of('a-2', 'elsewhere', own.address),
      of('a-3', 'old-name', '192.168.9.9'),
      of('a-4', 'stranger', '192.168.9.9'),
      of('a-5', 'stranger', '192.168.9.9', ' (disabled)'),
    ];
    const workers = readWorkers({ status: 0, stdout: listed.join(''), stderr: '' });
    const says = { workers, jobs: { type: 'not reachable', why: 'x' } } as const;
    const of3 = verifiedOf(
      cluster,
      { ...status([seen(own.name)]), says },
      () => looked,
      () => clock(0),
    );
    expect(of3.strangers.map(({ id }) => id)).toEqual(['a-4']);
  });

  it('suspects the clock of this machine where all hosts differ alike', () => {
    expect(advice(withClocks(90_000, 90_400))).toEqual(
      Array(2).fill(expect.stringContaining('the clock of this machine')),
    );
    expect(advice(withClocks(90_000, 5))).toEqual([expect.stringContaining('see what keeps it'), 'null']);
    expect(advice(withClocks(90_000, -90_000)).join()).not.toContain('this machine');
    expect(advice(withClocks(90_000)).join()).not.toContain('this machine');
  });
});

describe('how many processes of a group there are', () => {
  const process = (name: string, more: Partial<ProcessStatus> = {}): ProcessStatus =>
    processStatus({ name, group: name.split('-')[0] ?? '', registration: { type: 'missing' }, ...more });

  it('is counted by group; what the miner does not tell is not counted', () => {
    const unknown = { registration: { type: 'unknown', why: 'x' } } as const;
    expect(
      groupsOf([
        process('APx', unknown),
        process('P1-1'),
        process('P1-2', { running: [] }),
        process('P1-3', { running: null }),
      ]),
    ).toEqual([
      { role: 'p1', group: 'APx', wanted: 1, running: 1, registered: null },
      { role: 'p1', group: 'P1', wanted: 3, running: 1, registered: 0 },
    ]);
  });
});

it('asks for huge pages where a role uses some', () => {
  const looks = (roles: readonly ('p1' | 'c2')[]) => verifyAsks({ ...about, roles }).map(({ look }) => look);
  expect(looks(['p1'])).toEqual(['hugepages']);
  expect(looks(['c2'])).toEqual([]);
});
