import type { SectorSize } from '../core/profile.ts';

/** Seconds that a stage takes on the machines of the handbook. */
export interface StageDuration {
  readonly least: number;
  readonly most: number;
}

const HOUR = 3600;
const MINUTE = 60;

/**
 * How long stages of sealing take, by sector size and by their names in `sealing jobs` (handbook 5.1.1; where it says
 * "about", both are the same). It says nothing of AP, C1, FIN, GET and UNS, nor of the sectors of test networks.
 */
export const STAGE_DURATIONS: Readonly<
  Partial<Record<SectorSize, Readonly<Record<'PC1' | 'PC2' | 'C2', StageDuration>>>>
> = {
  '64GiB': {
    PC1: { least: 5.5 * HOUR, most: 6 * HOUR },
    PC2: { least: 18 * MINUTE, most: 20 * MINUTE },
    C2: { least: 10 * MINUTE, most: 12 * MINUTE },
  },
  '32GiB': {
    PC1: { least: 3 * HOUR, most: 3 * HOUR },
    PC2: { least: 8 * MINUTE, most: 10 * MINUTE },
    C2: { least: 8 * MINUTE, most: 10 * MINUTE },
  },
};

/** How long a task is expected to take; null where nobody says. */
export const expectedDuration = (size: SectorSize, task: string): StageDuration | null => {
  const stages = STAGE_DURATIONS[size];
  switch (task) {
    case 'PC1':
    case 'PC2':
    case 'C2':
      return stages?.[task] ?? null;
    default:
      return null;
  }
};

/** Part of the longest expected time by which a task may be longer before it is late: machines differ. */
export const LATE_BY = 0.25;

/** Seconds after which a task is late; null where nobody knows how long it should take. */
export const lateAfter = (expected: StageDuration | null): number | null =>
  expected && expected.most * (1 + LATE_BY);

/** The stages of a sector in their order, as `sealing jobs` names them. */
export const STAGES: readonly string[] = ['AP', 'PC1', 'PC2', 'C1', 'C2', 'FIN', 'GET', 'UNS'];

/** Where a stage stands among the others; those of another version come last. */
export const stageOrder = (task: string): number => {
  const at = STAGES.indexOf(task);
  return at < 0 ? STAGES.length : at;
};
