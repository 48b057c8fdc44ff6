import { describe, expect, it } from 'vitest';
import { readSyncWait } from '../../../src/lotus/sync-wait.ts';
import { SYNC_WAIT } from './samples.ts';

describe('waiting for the chain', () => {
  const rounds = SYNC_WAIT.split('\n');

  it.each([
    ['nothing', '', { type: 'silent' }],
    [
      'a first round',
      `${rounds.slice(0, 2).join('\n')}\n`,
      { type: 'syncing', target: 1031537, epoch: 1031390, stage: 'message sync', todo: 147 },
    ],
    [
      'half a line of the next round',
      `${rounds.slice(0, 3).join('\n').slice(0, -5)}`,
      { type: 'syncing', target: 1031537, epoch: 1031390, stage: 'message sync', todo: 147 },
    ],
    [
      'complete, and no more',
      SYNC_WAIT,
      { type: 'syncing', target: 1031537, epoch: 1031537, stage: 'complete', todo: 0 },
    ],
    ['its end', `${SYNC_WAIT}\nDone!\n`, { type: 'done' }],
    [
      'its end without a line end',
      `${SYNC_WAIT}\nDone!`,
      { type: 'syncing', target: 1031537, epoch: 1031537, stage: 'complete', todo: 0 },
    ],
    ['a signal', `${SYNC_WAIT}\nExit by user\n`, { type: 'ended' }],
    [
      'a log in between',
      `2021-08-17\tINFO\tmain\tx\n${SYNC_WAIT}\nDone!\n2021-08-17\tINFO\tmain\ty\n`,
      { type: 'done' },
    ],
    [
      'one line (up to 0.8)',
      '\r\u001b[2KWorker 3: Target Height: 90\tTarget: [bafy]\tState: message sync\tHeight: 70\n',
      { type: 'syncing', target: 90, epoch: 70, stage: 'message sync', todo: 20 },
    ],
  ])('has printed %s', (_, text, value) => {
    expect(readSyncWait(text)).toEqual({ type: 'understood', value });
  });

  it.each([
    ['a stage that nobody knows', SYNC_WAIT.replaceAll('message sync', 'dreaming')],
    ['a number that is none', SYNC_WAIT.replaceAll('Todo: 0', 'Todo: -')],
    ['something else', 'bash: lotus: command not found\n'],
  ])('has printed what is not understood: %s', (_, text) => {
    expect(readSyncWait(text)).toMatchObject({ type: 'not understood' });
  });
});
