import type { Since } from '../../ops/verify/check.ts';

/** What happened at the moment since when something is so. */
export const SINCE_WORDS: Readonly<Record<Since['by'], string>> = {
  start: 'started',
  log: 'log last written',
  unit: 'ended',
};
