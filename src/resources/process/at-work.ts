import * as z from 'zod';
import { formatSeconds } from '../../core/units.ts';

/** A task of a sector that a process is at; with the process its work so far is lost. */
export const runningTaskSchema = z.strictObject({
  task: z.string().describe('AP PC1 PC2 C1 C2 FIN GET UNS, or one of another version of lotus.'),
  sector: z.int(),
  seconds: z.number().describe('How long it has been at it.'),
});
export type RunningTask = Readonly<z.infer<typeof runningTaskSchema>>;

/** What a process that runs is at, as its miner says. Nobody knows: it may be at anything. */
export const atWorkSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('tasks'), tasks: z.array(runningTaskSchema).readonly() }),
  z.strictObject({
    type: z.literal('unknown'),
    why: z.string(),
    noMiner: z
      .literal(true)
      .exactOptional()
      .describe('The cluster file has no miner host: nobody will ever tell.'),
    isOther: z
      .literal(true)
      .exactOptional()
      .describe('It is none of the processes of the cluster file: nobody waits for it.'),
  }),
]);
export type AtWork = Readonly<z.infer<typeof atWorkSchema>>;

/** What the processes of a host are at, by their names; one that is not named runs no tasks of sectors. */
export type WorkOfProcesses = ReadonlyMap<string, AtWork>;

/** Whether its end may lose something. */
export const mayLose = (work: AtWork | undefined): work is AtWork =>
  work !== undefined && (work.type === 'unknown' || work.tasks.length > 0);

/** `PC1 of sector 1017 for 4 h 12 min` */
export const taskText = ({ task, sector, seconds }: RunningTask): string =>
  `${task} of sector ${sector} for ${formatSeconds(seconds)}`;
