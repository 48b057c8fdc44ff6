import { describe, expect, it } from 'vitest';
import { oldWorkers } from '../../../src/cli/old-workers.ts';
import type { ChangeItem } from '../../../src/engine/plan.ts';
import { result } from './views/samples.ts';

const TASKS = new Map([
  ['kernel settings', { tags: ['tuning'], resources: 3 }],
  ['worker profile', { tags: ['profile'], resources: 1 }],
  ['start workers', { tags: ['start'], resources: 2 }],
]);

const changeOf = (task: string): ChangeItem => ({
  task,
  resource: `file:/${task}`,
  state: 'change',
  change: { action: 'update', details: [], step: '' },
});

const COMMAND = 'fcops deploy p1 --start --miner f0494733';
const toldAfter = (changed: number, ...tasks: readonly string[]) =>
  oldWorkers(
    { role: 'p1', tasksSoFar: new Map([['p1-50', TASKS]]) },
    [result('p1-50', { state: 'changed', changed }), result('p1-51')],
    new Map([['p1-50', tasks.map(changeOf)]]),
    COMMAND,
  );

describe('oldWorkers', () => {
  it('are told of where the program, profile or scripts have changed', () => {
    expect(toldAfter(1, 'worker profile')).toMatchObject({ hosts: ['p1-50'], startCommand: COMMAND });
    expect(toldAfter(1, 'worker profile')?.commands).toContain('bash /opt/lotusworker/start_p2.sh');
  });

  it('are not where nothing that they read has changed', () => {
    expect(toldAfter(1, 'kernel settings')).toBeNull();
    expect(toldAfter(0)).toBeNull();
    // The run ended before it came to the profile.
    expect(toldAfter(1, 'kernel settings', 'worker profile')).toBeNull();
  });

  it('are none where --start has started all, and some where one went on', () => {
    expect(toldAfter(3, 'worker profile', 'start workers', 'start workers')).toBeNull();
    expect(toldAfter(2, 'worker profile', 'start workers')?.hosts).toEqual(['p1-50']);
  });
});
