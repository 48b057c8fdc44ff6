import { describe, expect, it } from 'vitest';
import { GiB } from '../../../../src/core/units.ts';
import type { MinerInfo } from '../../../../src/lotus/miner-info.ts';
import type { NodeStatus } from '../../../../src/lotus/node-status.ts';
import { chainDiagnosis, sectorsDiagnosis } from '../../../../src/ops/doctor/miner-state.ts';
import type { Told } from '../../../../src/ops/miner-says.ts';
import { commandsOf, sectorsIn, told } from './support.ts';

const DOWN = { type: 'not reachable', why: 'API not running' } as const;
const info = (more: Partial<MinerInfo> = {}): Told<MinerInfo> => ({
  type: 'understood',
  value: {
    miner: 'f0494733',
    sectorSize: 64 * GiB,
    chain: { type: 'ok' },
    faulty: 0,
    available: null,
    worker: null,
    control: null,
    sectors: sectorsIn({ Proving: 10 }),
    ...more,
  },
});
const node = (behind: number): Told<NodeStatus> => ({
  type: 'understood',
  value: { epoch: 1_031_537, behind, messagePeers: 1, blockPeers: 1 },
});

describe('the chain', () => {
  const of = (said: Told<MinerInfo>, status: Told<NodeStatus> = DOWN) =>
    chainDiagnosis(said, status, 'miner-1');

  it('is in sync as lotus-miner says', () => {
    expect(of(info())).toEqual({ findings: [], unknowns: [] });
  });

  it('is behind: proofs are lost; a head that is a little old is only noted', () => {
    const { findings } = of(info({ chain: { type: 'behind', seconds: 11_045 } }));
    expect(told(findings)).toEqual(['critical chain miner-1: lotus is behind the chain by 3 h 4 min']);
    expect(findings[0]?.cost).toContain('all sectors of each deadline (30 min) that passes become faulty');
    expect(told(of(info({ chain: { type: 'slow', seconds: 62 } })).findings)).toEqual([
      'note chain miner-1: the head of the chain is 1 min 2 s old',
    ]);
  });

  it('is told by lotus itself where lotus-miner does not answer, and unknown where neither does', () => {
    expect(of(DOWN, node(2))).toEqual({ findings: [], unknowns: [] });
    const { findings } = of(DOWN, node(100));
    expect(told(findings)).toEqual(['critical chain miner-1: lotus is behind the chain by 50 min 0 s']);
    expect(findings[0]?.evidence).toEqual(['lotus status: epoch 1031537, 100 epochs behind, 1 peer']);
    expect(of(info({ chain: { type: 'unsaid' } }), node(100)).findings).toHaveLength(1);
    expect(of(DOWN)).toMatchObject({ findings: [], unknowns: [{ host: 'miner-1', why: 'API not running' }] });
  });
});

describe('sectors', () => {
  const of = (said: Told<MinerInfo>) => sectorsDiagnosis(said, 'miner-1');

  it('that wait for their seed or rest in batches are as they should be', () => {
    const normal = {
      WaitSeed: 9,
      SubmitPreCommitBatch: 40,
      PreCommitBatchWait: 3,
      SubmitCommitAggregate: 12,
      Removed: 5,
    };
    expect(of(info({ sectors: sectorsIn(normal) }))).toEqual({ findings: [], unknowns: [] });
  });

  it('that are faulty, or failed, are told', () => {
    const sectors = sectorsIn({ SealPreCommit1Failed: 2, FailedUnrecoverable: 1, FinalizeFailed: 1 });
    expect(told(of(info({ faulty: 128 * GiB, sectors })).findings)).toEqual([
      'critical proving miner-1: 128 GiB that should be proven are faulty',
      'warn sectors miner-1: 2 sectors in the state SealPreCommit1Failed',
      'note sectors miner-1: 1 sector in the state FailedUnrecoverable',
      'warn sectors miner-1: 1 sector in the state FinalizeFailed',
    ]);
    expect(commandsOf(of(info({ sectors })).findings)).toContain('sectors');
  });

  it('are unknown where lotus-miner does not tell', () => {
    expect(of(DOWN).unknowns).toHaveLength(1);
    expect(of(info({ sectors: null })).unknowns).toHaveLength(1);
  });
});
