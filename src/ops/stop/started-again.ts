import { again, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';

/** Where an interrupt comes between its end and its start; `named`: those of its processes, all where left out. */
export const notStartedAgain = (host: string, named?: readonly string[]): Problem => ({
  kind: 'stopped',
  what: `stopped between two steps, as asked: ${named?.join(', ') ?? 'its processes'} ${named?.length === 1 ? 'was' : 'were'} ended, and ${named?.length === 1 ? 'is' : 'are'} not started again`,
  where: { host },
  next: [again('run again, or fcops start: what does not run is started')],
});

/** Where something fails between the end of processes and their start; nothing where none was ended. */
export const leftEnded = (host: string, named: readonly string[]): readonly Problem[] =>
  named.length === 0
    ? []
    : [
        {
          kind: 'check',
          what: `${named.join(', ')} ${named.length === 1 ? 'was' : 'were'} ended, and ${named.length === 1 ? 'is' : 'are'} not started again`,
          where: { host },
          next: [fcopsCommand(['start', host, '--process', named.join(',')], 'to start what does not run')],
        },
      ];
