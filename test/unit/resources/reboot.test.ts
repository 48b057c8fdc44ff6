import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/resources/look.ts';
import { reboot } from '../../../src/resources/reboot/reboot.ts';
import { observationOf } from './answer-of.ts';
import { FACTS } from './cases.ts';

const OWN = [{ repository: '/opt/worker-1c2' }];
const context = { pending: () => false, digest: () => '' };

/** What a reboot may lose besides the work of the processes that are stopped before, by what is at work there. */
const lost = (...rows: readonly string[]) => {
  const guards = { 'what is at work on the machine': { status: 0, output: rows.join('\n') } };
  const process = ['process', '/opt/raid0/lotusminer', '7', '1', '0-1', '1', '1', '0'];
  const seen: Observation = observationOf(FACTS, { guards, rows: [process] });
  const diff = reboot(undefined, OWN).diff(seen, context);
  return diff.state === 'change' ? diff.change.atWork : diff;
};

describe('a reboot of a machine', () => {
  it('ends nothing besides the processes of the cluster file', () => {
    expect(lost('worker\t70\t/opt/worker-1c2', 'miner\t7\tlotus-miner', 'over')).toBeUndefined();
  });

  it('may end a task of whatever else is at work there, which nobody tells', () => {
    expect(lost('worker\t70\t/opt/worker-1c2', 'worker\t71\t/opt/worker-9c2', 'over')).toEqual({
      type: 'unknown',
      why: 'the worker of /opt/worker-9c2, process 71: the cluster file does not have it, and nobody tells what it is at',
      isOther: true,
    });
    expect(lost('miner\t8\tlotus-miner', 'worker\t71\t/opt/worker-9c2', 'over')).toMatchObject({
      why: 'a lotus-miner, process 8; the worker of /opt/worker-9c2, process 71: the cluster file does not have them, and nobody tells what they are at',
    });
  });

  it('may end anything where that was not told to its end', () => {
    for (const rows of [[], ['worker\t70\t/opt/worker-1c2']])
      expect(lost(...rows)).toMatchObject({
        why: 'the host does not tell what else of lotus is at work there',
      });
  });
});
