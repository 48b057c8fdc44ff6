import { SECTOR_BYTES, type SectorSize } from '../../core/profile.ts';
import { count, formatBytes } from '../../core/units.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';
import { durationText } from '../jobs/jobs.ts';

/** What waiting costs, in words: numbers are those of the handbook's machines (5.1.1), which are told with them. */

const DAY = 86_400;

/** Sectors that so many processes of a stage do in a day at the most; null where nobody knows. */
export const perDay = (size: SectorSize, task: string, processes: number): number | null => {
  const expected = expectedDuration(size, task);
  return expected && (processes * DAY) / expected.most;
};

/** `1`, `2.3`, `56` */
const short = (value: number): string => String(Number(value.toFixed(value < 10 ? 1 : 0)));

/** `56 sectors (3.5 TiB) a day` */
export const sectorsADay = (size: SectorSize, sectors: number): string =>
  `${short(sectors)} sector${short(sectors) === '1' ? '' : 's'} (${formatBytes(sectors * SECTOR_BYTES[size])}) a day`;

/** Of P1 tasks that stand still. */
export const p1Cost = (size: SectorSize, tasks: number): string | null => {
  const [expected, sectors] = [expectedDuration(size, 'PC1'), perDay(size, 'PC1', tasks)];
  if (expected === null || sectors === null || tasks === 0) return null;
  return `${count(tasks, 'P1 task')} × ${durationText(expected)} stand still: up to ${sectorsADay(size, sectors)} are not sealed`;
};

/** Of a stage behind P1 that so many processes do not do. */
export const stageCost = (size: SectorSize, task: 'PC2' | 'C2', processes: number): string | null => {
  const sectors = perDay(size, task, processes);
  return sectors === null || processes === 0
    ? null
    : `up to ${sectorsADay(size, sectors)} do not get past ${task}`;
};

/** Of a P1 machine whose sectors do not get on: its cache fills up, and then P1 stands still as well. */
export const blockedCost = (size: SectorSize, tasks: number): string => {
  const then = p1Cost(size, tasks);
  return `sectors stay in the cache of the host; when its APx has all that it takes no new one begins${then === null ? '' : `, and then ${then}`}`;
};

/** Of a node or a miner that does not prove (a deadline opens every 30 minutes, 48 a day). */
export const PROOFS_COST =
  'no proof is sent: all sectors of each deadline (30 min) that passes become faulty, which costs a fee a day and power until they are recovered';
