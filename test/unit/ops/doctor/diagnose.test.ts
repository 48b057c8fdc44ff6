import { describe, expect, it } from 'vitest';
import { readMinerInfo } from '../../../../src/lotus/miner-info.ts';
import { diagnose } from '../../../../src/ops/doctor/diagnose.ts';
import type { Finding } from '../../../../src/ops/doctor/finding.ts';
import { finding, sorted } from '../../../../src/ops/doctor/finding.ts';
import type { LookedAtCluster } from '../../../../src/ops/doctor/looked-at.ts';
import type { MinerLook } from '../../../../src/ops/doctor/miner-look.ts';
import type { VerifiedHost } from '../../../../src/ops/verify/verify.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { answer, INFO } from '../../lotus/samples.ts';
import { allOf, HOUR, job, minerHost, p1Host, says } from '../jobs/support.ts';
import { sectorsIn } from './support.ts';

const cluster = { ...clusterOf(clusterFile()), sectorSize: '64GiB' as const };
const hosts = [p1Host(50, 3), p1Host(51, 3)];
const info = readMinerInfo(answer(INFO));
const well: MinerLook = {
  ...says(hosts.flatMap((host) => allOf(host))),
  info:
    info.type === 'understood'
      ? {
          type: 'understood',
          value: { ...info.value, faulty: 0, chain: { type: 'ok' }, sectors: sectorsIn({ Packing: 3 }) },
        }
      : info,
  storage: { type: 'understood', value: { paths: [], silent: 0, failed: [] } },
  queue: { type: 'understood', value: [] },
  node: { type: 'not reachable', why: 'x' },
};
const unseen = (host: string): VerifiedHost => ({
  host,
  address: '10.0.0.50',
  listen: '10.0.0.50',
  roles: ['p1'],
  state: 'unseen',
  groups: [],
  clock: null,
  checks: [{ kind: 'look', name: 'look', process: null, result: 'off', message: 'no answer' }],
  restartOwed: [],
  lockedBy: null,
});
const of = (
  look: MinerLook | null,
  chosen: ReadonlySet<string> | null = null,
  verified: readonly VerifiedHost[] = [],
  more: Partial<LookedAtCluster> = {},
) =>
  diagnose({
    cluster,
    verified: { miner: 'f0494733', roles: [], minerHost: 'miner-1', hosts: verified, strangers: [] },
    status: { miner: 'f0494733', roles: [], minerHost: 'miner-1', says: look, hosts: [] },
    lastLook: () => null,
    miner: look && { host: 'miner-1', says: look, workerHosts: [minerHost, ...hosts] },
    chosen,
    now: 0,
    ...more,
  });
const lost = (host = hosts[0]): MinerLook => ({
  ...well,
  ...says(
    hosts.flatMap((one) => allOf(one)),
    host
      ? [job(host, 'P2', 'PC2', 9, { worker: '00000000', state: { type: 'ret-wait' }, seconds: 31 * HOUR })]
      : [],
  ),
});

describe('a diagnosis', () => {
  it('is nothing where all is well and known', () => {
    expect(of(well)).toEqual({ findings: [], unknowns: [] });
  });

  it('takes nothing for healthy where the miner does not answer, or is none', () => {
    const down = { type: 'not reachable', why: 'API not running' } as const;
    const { findings, unknowns } = of({
      workers: down,
      jobs: down,
      info: down,
      storage: down,
      queue: down,
      node: down,
    });
    expect(findings).toEqual([]);
    expect(unknowns.map(({ message }) => message)).toEqual([
      'it is not known whether lotus is in sync',
      'nothing is known of the states of sectors, nor of faults',
      'it is not known which directories of sectors lotus-miner has',
      'it is not known where sectors wait: whether P1 is held up by P2, C2 or FinalizeSector',
    ]);
    expect(unknowns.every(({ why }) => why === 'API not running')).toBe(true);
    expect(of(null).unknowns).toMatchObject([{ message: 'the way of sectors is not known' }]);
    expect(of(well, null, [unseen('p1-50')]).unknowns).toMatchObject([{ host: 'p1-50' }]);
  });

  it('needs no list of what waits where the states of sectors tell it', () => {
    const queue = { type: 'not reachable', why: 'No help topic' } as const;
    expect(of({ ...well, queue })).toEqual({ findings: [], unknowns: [] });
  });

  it('of some hosts is not about others, but about what all of them wait for', () => {
    const kinds = (chosen: ReadonlySet<string> | null, look: MinerLook) =>
      of(look, chosen).findings.map(({ kind }) => kind);
    expect(kinds(null, lost())).toEqual(['jobs']);
    expect(kinds(new Set(['p1-50']), lost())).toEqual(['jobs']);
    expect(kinds(new Set(['p1-51']), lost())).toEqual([]);
    const { info: said } = well;
    if (said.type !== 'understood') throw new Error('the sample is not understood');
    const behind = {
      ...well,
      info: { ...said, value: { ...said.value, chain: { type: 'behind', seconds: 999 } as const } },
    };
    expect(kinds(new Set(['p1-51']), behind)).toEqual(['chain']);
  });
});

it('the worst comes first, then what stops most', () => {
  const one = (severity: Finding['severity'], kind: Finding['kind']) => finding(severity, kind, null, '');
  const all = [one('note', 'chain'), one('critical', 'leak'), one('warn', 'p2'), one('critical', 'chain')];
  expect(
    sorted({ findings: all, unknowns: [] }).findings.map(({ severity, kind }) => `${severity} ${kind}`),
  ).toEqual(['critical chain', 'critical leak', 'warn p2', 'note chain']);
});
