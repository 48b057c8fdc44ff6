import type { SectorSize } from '../../core/profile.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import { failedState } from '../../lotus/sector-states.ts';
import type { SectorStatus } from '../../lotus/sector-status.ts';
import type { StageDuration } from '../../lotus/stage-durations.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';
import { SECTOR_STEP_SECONDS } from '../../resources/sectors/step.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import type { Told } from '../miner-says.ts';
import { knownSector } from './known.ts';
import type { SectorsLook, StatusLook } from './look.ts';
import { keptBack } from './refusals.ts';
import type { BatchSector, SectorAction, SectorBatch, SectorChoice } from './sector-batch.ts';
import { batchRefusals } from './whole-refusals.ts';

/** What is asked for. */
export interface BatchRequest {
  readonly action: SectorAction;
  readonly choice: SectorChoice;
  readonly limit: number;
}

interface Of {
  readonly cluster: Pick<Cluster, 'miner' | 'sectorSize'>;
  readonly minerHost: Pick<Host, 'name'>;
}

/** Works out what would be done with which sectors. */
export const sectorBatch = (
  request: BatchRequest,
  look: SectorsLook,
  { statuses, now }: StatusLook,
  { cluster, minerHost }: Of,
): SectorBatch => {
  const { action, choice, limit } = request;
  const listed = look.list.type === 'understood' ? look.list.value : [];
  const numbers = choice.type === 'numbers' ? choice.numbers : listed.map(({ number }) => number);
  const jobs = look.jobs.type === 'understood' ? look.jobs.value : [];
  const looked = numbers.filter((number) => statuses.has(number));
  const sectors = looked.map((number): BatchSector => {
    const row = listed.find((one) => one.number === number);
    const told = statuses.get(number);
    const known = knownSector(number, row, told, now);
    const about = known.state === null ? null : failedState(known.state);
    const done = stagesOf(about?.done ?? [], told);
    return {
      ...known,
      to: action === 'retry' ? (about?.retry ?? null) : action === 'discard' ? 'Removed' : null,
      lastEvent: told?.type === 'understood' ? (told.value.events.at(-1)?.index ?? null) : null,
      spent: spentOn(done, cluster.sectorSize),
      done,
      refusal: keptBack(
        action,
        known,
        row,
        jobs.filter(({ sector }) => sector === number),
      ),
    };
  });
  const able = sectors.filter(({ refusal }) => refusal === null);
  const chosen = able.slice(0, limit);
  const left = sectors.filter(({ refusal }) => refusal !== null);
  const known = {
    ...{ action, chosen, left, limit },
    miner: cluster.miner,
    minerHost: minerHost.name,
    sectorSize: cluster.sectorSize,
    beyond: numbers.length - chosen.length - left.length,
  };
  return { ...known, refusals: batchRefusals(look, known, choice, cluster.miner) };
};

/** P1 and P2 are done where there is what comes of them, whatever state it fell back to. */
const stagesOf = (done: readonly string[], told: Told<SectorStatus> | undefined): readonly string[] =>
  told?.type === 'understood' && told.value.isSealed && done.length < 2 ? ['PC1', 'PC2'] : done;

const spentOn = (stages: readonly string[], size: SectorSize): StageDuration | null => {
  const times = stages.map((stage) => expectedDuration(size, stage));
  let sum: StageDuration = { least: 0, most: 0 };
  for (const time of times) {
    if (time === null) return null;
    sum = { least: sum.least + time.least, most: sum.most + time.most };
  }
  return sum;
};

/** A change for each sector that was chosen; none needs another. */
export const sectorChanges = ({
  action,
  chosen,
}: Pick<SectorBatch, 'action' | 'chosen'>): readonly ChangeItem[] =>
  chosen.map(({ number, state, to }) => {
    const common = { sector: number, from: state ?? '', profile: PROFILE, deadline: SECTOR_STEP_SECONDS };
    return {
      ...{ state: 'change', task: `sector ${number}`, kind: 'sector', resource: `sector:${number}` },
      title: `sector ${number}`,
      change: {
        action: action === 'retry' ? 'update' : 'remove',
        details: [],
        steps: [
          to === null ? { step: 'remove-sector', ...common } : { step: 'update-sector', to, ...common },
        ],
      },
    };
  });
