import type { Next } from '../core/next.ts';
import { look } from '../core/next.ts';
import type { SealingWorker } from '../lotus/workers.ts';
import { isPaused } from '../lotus/workers.ts';
import { resumeCommand } from './stop/pause.ts';

/** What is wrong with a process, and what to do about it: the same words wherever it is told. */
export interface Said {
  readonly message: string;
  readonly next: readonly Next[];
}

export const runsTwice = (running: readonly { readonly pid: number }[]): Said => ({
  message: `runs ${running.length} times, as processes ${running.map(({ pid }) => pid).join(' and ')}`,
  next: [look('lotus-miner sealing jobs tells which has a task: end one that has none')],
});

/** `log`: what shows it. */
export const notListed = (log: string): Said => ({
  message: 'runs, and the miner does not list it',
  next: [look(`see the end of ${log}: one that has a task registers again only when that has ended`)],
});

export const lostByMiner = (log: string): Said => ({
  message: 'the miner lists it as disabled: it has lost it, or was told to give it nothing',
  next: [look(`see the end of ${log}`)],
});

/**
 * Of the workers of a process those that are paused, with what lets them have tasks again; null: none. A session that
 * the miner has lost stays in its list as it was.
 */
export const pausedAtMiner = (workers: readonly SealingWorker[]): Said | null => {
  const paused = workers.filter((worker) => !worker.disabled && isPaused(worker));
  if (paused.length === 0) return null;
  const kinds = new Set(paused.flatMap((worker) => (worker.paused === 'unknown' ? [] : worker.paused)));
  const ids = paused.map(({ id }) => id);
  return {
    message: `paused at the miner: it gets no new ${kinds.has('all') ? 'tasks' : [...kinds].join(', ')}`,
    next: [look(`on the miner host, unless somebody is draining it: ${resumeCommand(ids)}`)],
  };
};
