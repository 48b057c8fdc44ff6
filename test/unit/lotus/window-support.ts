import { readDeadlinePartitions } from '../../../src/lotus/deadline-partitions.ts';
import { readDeadlines } from '../../../src/lotus/deadlines.ts';
import { readNodeStatus } from '../../../src/lotus/node-status.ts';
import { readProvingInfo } from '../../../src/lotus/proving-info.ts';
import type { WindowFacts } from '../../../src/lotus/proving-window.ts';
import type { PartitionState, ProvingState } from '../../support/lotus/proving-text.ts';
import {
  deadlinesText,
  deadlineText,
  nodeStatusText,
  provingInfoText,
} from '../../support/lotus/proving-text.ts';
import { answer } from './samples.ts';

/** Deadlines with healthy sectors, one partition each unless it is said otherwise. */
export const withSectors = (
  ...live: readonly (number | readonly [number, readonly PartitionState[]])[]
): readonly (readonly PartitionState[])[] =>
  Array.from({ length: 48 }, (_, index) => {
    const found = live.find((one) => (typeof one === 'number' ? one : one[0]) === index);
    if (found === undefined) return [];
    return typeof found === 'number' ? [healthy(100)] : found[1];
  });

export const healthy = (sectors: number): PartitionState => ({ sectors, faults: 0, terminated: 0 });

/** A miner at epoch 1031537: 17 epochs into deadline 25, which opened at 1031520. */
export const state = (given: Partial<ProvingState> = {}): ProvingState => ({
  miner: 'f01234',
  epoch: 1031537,
  periodStart: 1030020,
  deadlines: withSectors(2, 3, 25, 40),
  proven: 1,
  recovering: 0,
  ...given,
});

/** What is heard of it, by way of the texts that lotus prints, at a moment when its head is so many epochs old. */
export const heard = (of: ProvingState, behind = 0): WindowFacts => ({
  info: readProvingInfo(answer(provingInfoText(of))),
  deadlines: readDeadlines(answer(deadlinesText(of))),
  partitions: readDeadlinePartitions(answer(deadlineText(of))),
  status: readNodeStatus(answer(nodeStatusText(of.epoch, behind))),
  moment: { asked: 5000, answered: 5000, host: 5000 },
});
