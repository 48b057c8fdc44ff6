import type { SectorSize } from '../../core/profile.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { ChainState, SectorCounts } from '../../lotus/miner-info.ts';
import type { KnownSector } from './known.ts';
import { knownSector } from './known.ts';
import type { SectorsLook, StatusLook } from './look.ts';

/** Sectors of a miner by state, and those in some states one by one. */
export interface SectorsView {
  readonly miner: string;
  readonly minerHost: string;
  readonly sectorSize: SectorSize;
  /** Null: not known, as `countsUnknown` says. */
  readonly counts: SectorCounts | null;
  readonly countsUnknown: string | null;
  readonly chain: ChainState | null;
  /** States that were asked for. */
  readonly states: readonly string[];
  /** Sectors in these, by number. What lotus-miner was not asked about each is null. */
  readonly sectors: readonly KnownSector[];
  /** How many of them, from the first on, were asked about one by one. */
  readonly asked: number;
}

/** Puts together what was told. The list has to be understood: without it there is nothing to show. */
export const sectorsView = (
  states: readonly string[],
  look: SectorsLook,
  { statuses, now }: StatusLook,
  {
    cluster,
    minerHost,
  }: { readonly cluster: Pick<Cluster, 'miner' | 'sectorSize'>; readonly minerHost: Pick<Host, 'name'> },
): SectorsView => {
  const { info } = look;
  const listed = look.list.type === 'understood' ? look.list.value : [];
  const counts = info.type === 'understood' ? info.value.sectors : null;
  return {
    miner: cluster.miner,
    minerHost: minerHost.name,
    sectorSize: cluster.sectorSize,
    counts,
    countsUnknown:
      counts !== null ? null : info.type === 'understood' ? 'lotus-miner info tells none' : info.why,
    chain: info.type === 'understood' ? info.value.chain : null,
    states,
    sectors: listed.map((row) => knownSector(row.number, row, statuses.get(row.number), now)),
    asked: listed.filter(({ number }) => statuses.has(number)).length,
  };
};
