import type { SectorStatus } from '../../lotus/sector-status.ts';
import type { ListedSector } from '../../lotus/sectors-list.ts';
import type { Told } from '../miner-says.ts';

/** What is known of a sector; null: that is not. */
export interface KnownSector {
  readonly number: number;
  readonly state: string | null;
  /** Seconds since its last event. */
  readonly age: number | null;
  /** What lotus-miner says last of what went wrong. */
  readonly says: string | null;
  /** Whether it is committed on the chain, or proven there. */
  readonly onChain: boolean | null;
  /** Messages that were sent for it. */
  readonly preCommit: string | null;
  readonly commit: string | null;
  readonly deals: number | null;
  /** Why lotus-miner tells nothing more of it. */
  readonly untold: string | null;
}

/** Puts together what the list and the status say of a sector. `now`: seconds, by the clock of the miner host. */
export const knownSector = (
  number: number,
  listed: ListedSector | undefined,
  told: Told<SectorStatus> | undefined,
  now: number,
): KnownSector => {
  const onChain =
    listed === undefined || listed.onChain === null ? null : listed.onChain || listed.active === true;
  if (told?.type !== 'understood')
    return {
      ...{ number, onChain, age: null, says: null, preCommit: null, commit: null, deals: null },
      state: listed?.state ?? null,
      untold: told?.why ?? listed?.error ?? null,
    };
  const { state, preCommit, commit, deals, lastError, events } = told.value;
  const last = events.at(-1);
  return {
    ...{ number, onChain, state, preCommit, commit, deals },
    age: last === undefined || last.at > now ? null : now - last.at,
    says: events.findLast(({ error }) => error !== null)?.error ?? lastError,
    untold: null,
  };
};
