import { minerId } from './address.ts';
import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf, epochOf } from './numbers.ts';
import { labelled } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

/** What `lotus-miner proving info` says. Times are epochs of 30 seconds. */
export interface ProvingInfo {
  readonly miner: string;
  readonly epoch: number;
  readonly periodStart: number;
  readonly faults: number;
  readonly recovering: number;
  readonly deadline: {
    /** 0 to 47 */
    readonly index: number;
    /** Sectors that live, faulty ones among them. */
    readonly sectors: number;
    readonly open: number;
    readonly close: number;
    readonly challenge: number;
    readonly faultCutoff: number;
  };
}

/**
 * Reads `lotus-miner proving info`. That its numbers are of a chain in sync does not show in it: compare the epoch
 * with the one that is expected. A deadline that opens later than the epoch is that of a miner without live sectors.
 */
export const readProvingInfo = (answer: Answer): Reading<ProvingInfo> =>
  readAnswer(answer, (lines) => {
    const values = labelled(lines);
    const value = (label: string) => known(values.get(label), `"${label}" is not there`);
    const epoch = (label: string) => known(epochOf(value(label)), `"${label}" is no epoch`, value(label));
    const count = (label: string) =>
      known(countOf(value(label).split(' ')[0]), `"${label}" is no number`, value(label));
    const deadline = {
      index: count('Deadline Index'),
      sectors: count('Deadline Sectors'),
      open: epoch('Deadline Open'),
      close: epoch('Deadline Close'),
      challenge: epoch('Deadline Challenge'),
      faultCutoff: epoch('Deadline FaultCutoff'),
    };
    const { index, open, close, challenge, faultCutoff } = deadline;
    if (index > 47) unclear(`there is no deadline ${index}`);
    if (!(faultCutoff <= challenge && challenge <= open && open < close))
      unclear(`a deadline does not open at ${open}, close at ${close} and be challenged at ${challenge}`);
    return {
      miner: known(minerId(value('Miner')), 'the miner is not named', value('Miner')),
      epoch: epoch('Current Epoch'),
      periodStart: epoch('Proving Period Start'),
      faults: count('Faults'),
      recovering: count('Recovering'),
      deadline,
    };
  });
