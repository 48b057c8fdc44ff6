import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf } from './numbers.ts';
import { labelled } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

export interface Partition {
  readonly sectors: number;
  readonly faults: number;
}

/** What `lotus-miner proving deadline N` says. A partition whose sectors are all faulty is never proven. */
export interface DeadlinePartitions {
  readonly index: number;
  readonly proven: number;
  readonly isCurrent: boolean;
  readonly partitions: readonly Partition[];
}

/** Reads `lotus-miner proving deadline N` (from lotus 0.9 on). */
export const readDeadlinePartitions = (answer: Answer): Reading<DeadlinePartitions> =>
  readAnswer(answer, (lines) => {
    const starts = lines.flatMap((line, index) => (line.startsWith('Partition Index:') ? [index] : []));
    const head = labelled(lines.slice(0, starts[0] ?? lines.length));
    const partitions = starts.map((start, number) => {
      const values = labelled(lines.slice(start, starts[number + 1] ?? lines.length));
      if (numberAt(values, 'Partition Index') !== number) unclear(`partition ${number} is not in its place`);
      const partition = { sectors: numberAt(values, 'Sectors'), faults: numberAt(values, 'Faults') };
      if (partition.faults > partition.sectors) unclear(`partition ${number} has more faults than sectors`);
      return partition;
    });
    const expected = numberAt(head, 'Partitions');
    if (expected !== partitions.length)
      unclear(`${partitions.length} partitions are listed, but there are ${expected}`);
    const current = head.get('Current');
    if (current !== 'true' && current !== 'false')
      unclear('whether the deadline is the current one is unclear');
    return {
      index: numberAt(head, 'Deadline Index'),
      proven: numberAt(head, 'Proven Partitions'),
      isCurrent: current === 'true',
      partitions,
    };
  });

const numberAt = (values: ReadonlyMap<string, string>, label: string): number =>
  known(countOf(values.get(label)), `"${label}" is not there or no number`);
