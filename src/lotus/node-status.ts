import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf } from './numbers.ts';
import { labelled } from './plain-text.ts';
import { known, type Reading } from './reading.ts';

/** What `lotus status` says of the node (from lotus 1.11 on). */
export interface NodeStatus {
  readonly epoch: number;
  readonly behind: number;
  /** Peers that messages and blocks go to. */
  readonly messagePeers: number;
  readonly blockPeers: number;
}

/** Reads `lotus status`. */
export const readNodeStatus = (answer: Answer): Reading<NodeStatus> =>
  readAnswer(answer, (lines) => {
    const values = labelled(lines);
    const count = (label: string) =>
      known(countOf(values.get(label)), `"${label}" is not there or no number`);
    return {
      epoch: count('Sync Epoch'),
      behind: count('Epochs Behind'),
      messagePeers: count('Peers to Publish Messages'),
      blockPeers: count('Peers to Publish Blocks'),
    };
  });
