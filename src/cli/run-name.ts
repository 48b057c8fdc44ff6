import type { RunName } from '../engine/apply-host.ts';
import type { World } from './world.ts';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** `r-20261122T103000Z-x7k2q`, and who runs it since when, as the lock on the hosts says it. */
export const runName = ({ user, controller, date, random }: World): RunName => {
  const now = date();
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const suffix = Array.from({ length: 5 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');
  const run = `r-${stamp}-${suffix}`;
  return { run, holder: `${user}@${controller}, run ${run}, since ${now.toISOString().slice(0, 19)}Z` };
};
