import { formatSeconds } from '../../core/units.ts';
import type { SealingJob } from '../../lotus/jobs.ts';
import { AT_REST, failedState } from '../../lotus/sector-states.ts';
import type { ListedSector } from '../../lotus/sectors-list.ts';
import type { KnownSector } from './known.ts';
import type { SectorAction } from './sector-batch.ts';

/** Why nothing is done with a sector; null: it can be. What cannot be told is a reason. */
export const keptBack = (
  action: SectorAction,
  sector: KnownSector,
  row: ListedSector | undefined,
  jobs: readonly SealingJob[],
): string | null => {
  const { state, untold } = sector;
  if (state === null || untold !== null)
    return `lotus-miner does not tell its state${untold === null ? '' : `: ${untold}`}`;
  if (row && row.state !== state)
    return `it was in ${row.state ?? 'no state'}, and is in ${state}: it is at work`;
  return (action === 'retry' ? notRetried(sector) : notGivenUp(action, sector)) ?? atWork(jobs);
};

const notRetried = ({ state, age }: KnownSector): string | null => {
  const about = failedState(state ?? '');
  if (!about) return noFailure(state);
  if (about.retry === null) return `how to go on from ${state} is not known: ${about.why}`;
  if (age === null)
    return 'since when it is there is not told: lotus-miner may be about to try it again by itself';
  if (age < AT_REST)
    return `it has been there for ${formatSeconds(age)}: lotus-miner tries it again by itself a minute after it failed`;
  return null;
};

const notGivenUp = (
  action: SectorAction,
  { state, age, onChain, commit, deals }: KnownSector,
): string | null => {
  const about = failedState(state ?? '');
  const isGone = state === 'Removed' || state === 'RemoveFailed';
  if (!(action === 'remove' && isGone)) {
    if (state === 'Removed') return 'it is given up already';
    if (!about) return noFailure(state);
    if (about.kept !== null) return about.kept;
    // What is to be tried again by itself would come in between, and leave it half removed until lotus-miner starts anew.
    if (action === 'remove' && (age === null || age < AT_REST))
      return 'lotus-miner may be about to try it again by itself: give it up with discard, then remove it';
  }
  if (onChain === null) return 'whether it is on the chain is not told';
  if (onChain) return 'it is on the chain: what is lost there is power and pledge';
  if (commit !== null) return `its message ${commit} was sent: it may still come to the chain`;
  if (deals === null || deals > 0) return 'it has deals: their data would be lost';
  return null;
};

const noFailure = (state: string | null): string =>
  `it is in ${state}, which is no failed state that fcops knows`;

/** A task that is under way keeps a sector from taking up anything else. */
const atWork = (jobs: readonly SealingJob[]): string | null => {
  const job = jobs.find(({ state }) => state.type !== 'ret-done');
  if (!job) return null;
  if (job.state.type === 'ret-wait')
    return `lotus-miner waits for a lost ${job.task} of it: fcops jobs abort ${job.id} ends that`;
  return `its ${job.task} is ${job.state.type === 'running' ? 'at work' : job.state.type}`;
};
