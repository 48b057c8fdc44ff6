import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { MinerInfo } from '../../../../src/lotus/miner-info.ts';
import type { SectorStatus } from '../../../../src/lotus/sector-status.ts';
import type { ListedSector } from '../../../../src/lotus/sectors-list.ts';
import type { Told } from '../../../../src/ops/miner-says.ts';
import type { SectorsLook, StatusLook } from '../../../../src/ops/sectors/look.ts';

/** Sectors that are made up, as the tests of what is done with them go by them. */

export const NOW = 1_700_000_000;
export const understood = <T>(value: T): Told<T> => ({ type: 'understood', value });

export const row = (number: number, state: string, more: Partial<ListedSector> = {}): ListedSector => ({
  ...{ number, state, onChain: false, active: false, error: null },
  ...more,
});
export const status = (number: number, state: string, more: Partial<SectorStatus> = {}): SectorStatus => ({
  ...{ number, state, isSealed: false, preCommit: null, commit: null, deals: 0, lastError: null },
  events: [{ index: 4, at: NOW - 3600, kind: `Sector${state}`, error: 'no space left on device' }],
  ...more,
});
export const job = (sector: number, more: Partial<SealingJob> = {}): SealingJob => ({
  ...{ id: '13aa09cd', sector, worker: '00000000', host: 'p1-50', task: 'PC1', seconds: 3600 },
  state: { type: 'ret-wait' },
  ...more,
});
const info: MinerInfo = {
  ...{ miner: 'f0494733', sectorSize: 64 * 1024 ** 3, chain: { type: 'ok' }, faulty: 0 },
  ...{ available: null, worker: null, control: null, sectors: null },
};
export const look = (
  rows: readonly ListedSector[],
  {
    info: changed,
    ...more
  }: Partial<Omit<SectorsLook, 'info'>> & { readonly info?: Partial<MinerInfo> } = {},
): SectorsLook => ({
  ...{ holder: null, now: NOW, jobs: understood([]), list: understood(rows) },
  info: understood({ ...info, ...changed }),
  ...more,
});
export const statuses = (...all: readonly SectorStatus[]): StatusLook => ({
  now: NOW,
  statuses: new Map(all.map((one) => [one.number, understood(one)])),
});
export const of = {
  cluster: { miner: 'f0494733', sectorSize: '64GiB' },
  minerHost: { name: 'miner-1' },
} as const;
