/** What lotus v1.11.1 prints of the proving of a miner, from the state of its deadlines. */

export interface PartitionState {
  /** All, terminated ones among them. */
  readonly sectors: number;
  readonly faults: number;
  readonly terminated: number;
}

export interface ProvingState {
  readonly miner: string;
  /** Of the head. */
  readonly epoch: number;
  /** Epoch at which any of its proving periods starts. */
  readonly periodStart: number;
  /** Of each of the 48 deadlines. */
  readonly deadlines: readonly (readonly PartitionState[])[];
  /** Partitions of the current deadline with a proof. */
  readonly proven: number;
  readonly recovering: number;
  /** Epochs until the recorded deadline opens: of a miner without sectors that live. */
  readonly opensIn?: number;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['year', 31_536_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `1031520 (8 minutes 30 seconds ago)`: at most the first two units that are not zero. */
const moment = (epoch: number, now: number): string => {
  let left = Math.abs(epoch - now) * 30;
  const parts: string[] = [];
  for (const [name, size] of UNITS) {
    const number = Math.floor(left / size);
    left -= number * size;
    if (number > 0 && parts.length < 2) parts.push(`${number} ${name}${number === 1 ? '' : 's'}`);
  }
  if (parts.length === 0) return `${epoch} (now)`;
  return epoch < now ? `${epoch} (${parts.join(' ')} ago)` : `${epoch} (in ${parts.join(' ')})`;
};

const modulo = (number: number, by: number): number => ((number % by) + by) % by;
const sum = (partitions: readonly PartitionState[], of: (partition: PartitionState) => number): number =>
  partitions.reduce((all, one) => all + of(one), 0);

/** Where a state is in its period. */
export const placeOf = ({ epoch, periodStart, opensIn }: ProvingState) => {
  const start = epoch - modulo(epoch - periodStart, 2880);
  const index = Math.floor((epoch - start) / 60);
  return { start, index, open: opensIn === undefined ? start + index * 60 : epoch + opensIn };
};

/** `lotus-miner proving info` */
export const provingInfoText = (state: ProvingState): string => {
  const { epoch, deadlines, recovering, miner } = state;
  const { start, index, open } = placeOf(state);
  const at = (when: number) => moment(when, epoch);
  return `Miner: ${miner}
Current Epoch:           ${epoch}
Proving Period Boundary: ${modulo(start, 2880)}
Proving Period Start:    ${at(start)}
Next Period Start:       ${at(start + 2880)}

Faults:      ${sum(deadlines.flat(), ({ faults }) => faults)} (0.00%)
Recovering:  ${recovering}
Deadline Index:       ${index}
Deadline Sectors:     ${sum(deadlines[index] ?? [], ({ sectors, terminated }) => sectors - terminated)}
Deadline Open:        ${at(open)}
Deadline Close:       ${at(open + 60)}
Deadline Challenge:   ${at(open - 20)}
Deadline FaultCutoff: ${at(open - 70)}
`;
};

/** `lotus-miner proving deadlines` */
export const deadlinesText = (state: ProvingState): string => {
  const { index } = placeOf(state);
  const rows = state.deadlines.map((partitions, number) => {
    const sectors = `${sum(partitions, (one) => one.sectors)} (${sum(partitions, (one) => one.faults)})`;
    const proven = number === index ? state.proven : 0;
    const cells = [
      String(number).padEnd(8),
      String(partitions.length).padEnd(10),
      sectors.padEnd(16),
      proven,
    ];
    return `${cells.join('  ')}${number === index ? '  (current)' : ''}`;
  });
  return `Miner: ${state.miner}\ndeadline  partitions  sectors (faults)  proven partitions\n${rows.join('\n')}\n`;
};

/** `lotus-miner proving deadline N`, of the current one. */
export const deadlineText = (state: ProvingState): string => {
  const { index } = placeOf(state);
  const partitions = state.deadlines[index] ?? [];
  const blocks = partitions.map(
    ({ sectors, faults }, number) => `Partition Index:          ${number}
Sectors:                  ${sectors}
Sector Numbers:           [1 2 3]
Faults:                   ${faults}
Faulty Sectors:           []
`,
  );
  return `Deadline Index:           ${index}
Partitions:               ${partitions.length}
Proven Partitions:        ${state.proven}
Current:                  true

${blocks.join('\n')}`;
};

/** `lotus status` */
export const nodeStatusText = (epoch: number, behind: number): string =>
  `Sync Epoch: ${epoch}
Epochs Behind: ${behind}
Peers to Publish Messages: 24
Peers to Publish Blocks: 25
`;
