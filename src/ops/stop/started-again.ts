import { again } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';

/** Where an interrupt comes between its end and its start. */
export const notStartedAgain = (host: string): Problem => ({
  kind: 'stopped',
  what: 'stopped between two steps, as asked: its processes were ended, and are not started again',
  where: { host },
  next: [again('run again, or fcops start: what does not run is started')],
});
