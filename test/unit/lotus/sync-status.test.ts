import { expect, it } from 'vitest';
import { readSyncStatus } from '../../../src/lotus/sync-status.ts';
import { answer, SYNC_STATUS } from './samples.ts';

it('the status of syncs is read', () => {
  const value = [
    {
      worker: 48,
      target: 1031537,
      behind: 1,
      height: 1031537,
      stage: 'complete',
      seconds: 2.345678901,
      error: null,
    },
    { worker: 49, target: 0, behind: 0, height: 0, stage: 'error', seconds: null, error: 'context canceled' },
  ];
  expect(readSyncStatus(answer(SYNC_STATUS))).toEqual({ type: 'understood', value });
  expect(readSyncStatus(answer(SYNC_STATUS.replaceAll('\t', '    ')))).toEqual({ type: 'understood', value });
  expect(readSyncStatus(answer(SYNC_STATUS.replaceAll(/worker \d+:/g, 'worker:')))).toMatchObject({
    value: [{ worker: null }, {}],
  });
  expect(readSyncStatus(answer('sync status:\n'))).toEqual({ type: 'understood', value: [] });
});

it.each([
  ['nothing', ''],
  ['a stage that nobody knows', SYNC_STATUS.replace('complete', 'dreaming')],
  ['a height less', SYNC_STATUS.replace('\tHeight: 1031537\n', '')],
])('the status of syncs is not understood with %s', (_, text) => {
  expect(readSyncStatus(answer(text))).toMatchObject({ type: 'not understood' });
});
