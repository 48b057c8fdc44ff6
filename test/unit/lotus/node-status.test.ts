import { expect, it } from 'vitest';
import { readNodeStatus } from '../../../src/lotus/node-status.ts';
import { answer, NODE_STATUS } from './samples.ts';

it('the status of a node is read, or not understood', () => {
  expect(readNodeStatus(answer(NODE_STATUS))).toEqual({
    type: 'understood',
    value: { epoch: 1031537, behind: 0, messagePeers: 4, blockPeers: 5 },
  });
  expect(readNodeStatus(answer(NODE_STATUS.replace(/Epochs Behind.*\n/, '')))).toEqual({
    type: 'not understood',
    why: '"Epochs Behind" is not there or no number',
  });
});
