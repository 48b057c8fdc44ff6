import { readDeadlinePartitions } from '../../src/lotus/deadline-partitions.ts';
import { readDeadlines } from '../../src/lotus/deadlines.ts';
import { EPOCH, MAINNET_GENESIS } from '../../src/lotus/epochs.ts';
import type { Answer } from '../../src/lotus/failure.ts';
import { readNodeStatus } from '../../src/lotus/node-status.ts';
import { readProvingInfo } from '../../src/lotus/proving-info.ts';
import type { ProvingWindow } from '../../src/lotus/proving-window.ts';
import { provingWindow } from '../../src/lotus/proving-window.ts';
import type { Random } from '../abuse/random.ts';
import type { ProvingState } from '../support/lotus/proving-text.ts';
import {
  deadlinesText,
  deadlineText,
  nodeStatusText,
  provingInfoText,
} from '../support/lotus/proving-text.ts';
import type { SimulatedMiner } from './miner.ts';

/** Rules that can be broken, each by a lie to the gate: then it has to be found. */
export const RULES = {
  proven: 'every partition is said to be proven',
  near: 'a restart is said to take no time',
  sync: 'the node is said to be in sync',
  order: 'the sectors of each deadline are said to be in the one before',
  confirmed: 'nobody waits until a proof stands on the chain',
} as const;
export type Rule = keyof typeof RULES;

const said = (stdout: string): Answer => ({ status: 0, stdout, stderr: '' });

/** Ways in which an answer is none, each with its text. */
const BROKEN: readonly ((text: string) => Answer)[] = [
  (text) => said(text.slice(0, Math.floor(text.length / 2))),
  () => ({ status: 1, stdout: '', stderr: 'ERROR: handler: websocket connection closed\n\n' }),
  () => ({ status: 124, stdout: '', stderr: '' }),
  (text) => said(text.split('\n').toSpliced(3, 1).join('\n')),
  (text) => said(text.replaceAll(/\d{6,}/g, 'many')),
  () => said(''),
];

/**
 * What the gate says of a miner at an epoch: by the texts that lotus prints of it, now and then broken ones, and by the
 * parsers of fcops.
 */
export const askedAt = (
  miner: SimulatedMiner,
  epoch: number,
  needed: number,
  random: Random,
  broken: Rule | null,
): ProvingWindow => {
  const behind = miner.behind(epoch);
  const head = epoch - behind;
  const state = told(miner.state(head), broken);
  // A block came between two questions.
  const later = random.chance(0.02) && behind > 0 ? told(miner.state(head + 1), broken) : state;
  const answers = {
    info: said(provingInfoText(state)),
    deadlines: said(deadlinesText(later)),
    partitions: said(deadlineText(later)),
    status: said(nodeStatusText(head, broken === 'sync' ? 0 : behind)),
  };
  if (random.chance(0.01)) {
    const name = random.pick(['info', 'deadlines', 'partitions', 'status'] as const);
    answers[name] = random.pick(BROKEN)(answers[name].stdout);
  }
  const at = MAINNET_GENESIS + epoch * EPOCH;
  const off = random.chance(0.003) ? 120 : 0;
  return provingWindow(
    {
      info: readProvingInfo(answers.info),
      deadlines: readDeadlines(answers.deadlines),
      partitions: readDeadlinePartitions(answers.partitions),
      status: readNodeStatus(answers.status),
      moment: { asked: at, answered: at + random.below(3), host: at + off },
    },
    broken === 'near' ? 0 : needed,
  );
};

const told = (state: ProvingState, broken: Rule | null): ProvingState => {
  if (broken === 'proven') {
    const index = Math.floor((((state.epoch - state.periodStart) % 2880) + 2880) / 60) % 48;
    return { ...state, proven: state.deadlines[index]?.length ?? 0 };
  }
  if (broken === 'order') {
    const [first = [], ...rest] = state.deadlines;
    return { ...state, deadlines: [...rest, first], proven: 0 };
  }
  return state;
};
