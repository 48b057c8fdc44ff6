import { minerId } from './address.ts';
import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { known, type Reading, unclear } from './reading.ts';

/** Who owns a miner on the chain and who signs for it, by their ids. */
export interface ChainMiner {
  readonly owner: string;
  readonly worker: string;
}

/** Reads `lotus state miner-info`. */
export const readChainMiner = (answer: Answer): Reading<ChainMiner> =>
  readAnswer(answer, (lines) => {
    const of = (label: string) => {
      const [value, second] = lines.flatMap((line) => {
        const match = new RegExp(`^${label}:\\s+(\\S+)$`).exec(line);
        return match ? [match[1]] : [];
      });
      if (second !== undefined) unclear(`"${label}" is there twice`);
      return known(minerId(value), `"${label}" is not there or no id`, value ?? '');
    };
    return { owner: of('Owner'), worker: of('Worker') };
  });
