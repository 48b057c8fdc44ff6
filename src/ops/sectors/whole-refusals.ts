import { groupBy } from '../../core/group-by.ts';
import { edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { unanswered } from '../at-miner/asked.ts';
import { busyProblem, otherMiner } from '../at-miner/refusals.ts';
import type { SectorsLook } from './look.ts';
import type { SectorBatch, SectorChoice } from './sector-batch.ts';

type Known = Omit<SectorBatch, 'refusals'>;

/** What was not done, for each action. */
export const NOTHING = {
  retry: 'no sector was tried again',
  discard: 'no sector was given up',
  remove: 'no sector was removed',
} as const;

/** Why nothing is done at all, whoever says yes. */
export const batchRefusals = (
  look: SectorsLook,
  batch: Known,
  choice: SectorChoice,
  miner: string,
): readonly Problem[] => {
  const { action, minerHost, chosen, left, limit } = batch;
  const nothing = NOTHING[action];
  const where = { host: minerHost };
  if (look.holder) return [busyProblem(nothing, look.holder, minerHost)];
  for (const [about, told] of [
    ['its sectors', look.list],
    ['its tasks', look.jobs],
    ['itself', look.info],
  ] as const)
    if (told.type !== 'understood')
      return [
        unanswered(
          told,
          {
            noAnswer: `${nothing}: lotus-miner did not answer about ${about}`,
            notUnderstood: `${nothing}: what lotus-miner says of ${about} is not understood`,
          },
          { miner, host: minerHost },
        ),
      ];
  const info = look.info.type === 'understood' ? look.info.value : null;
  const other = info && otherMiner(nothing, info.miner, miner, minerHost);
  if (other) return [other];
  const isBehind = info?.chain.type === 'behind' || info?.chain.type === 'unsaid';
  if (action !== 'retry' && isBehind)
    return [
      {
        kind: 'check',
        what: `${nothing}: lotus is not in sync, so what is on the chain cannot be told`,
        where,
        next: [fcopsCommand(['status', '--role', 'miner', '--miner', miner], 'see how far it is')],
      },
    ];
  if (choice.type === 'state') return [];
  if (choice.numbers.length > limit)
    return [
      {
        kind: 'usage',
        what: `${nothing}: these are ${count(choice.numbers.length, 'sector')}, and --limit is ${limit}`,
        next: [edit(`name fewer, or give --limit ${choice.numbers.length}`)],
      },
    ];
  if (left.length === 0) return [];
  // Who names sectors means all of them.
  return [...groupBy(left, ({ refusal }) => refusal)].map(
    ([refusal, alike]): Problem => ({
      kind: 'check',
      what: `${chosen.length === 0 ? nothing : `${nothing}, as one that was named cannot be`}: ${alike.length === 1 ? 'sector' : 'sectors'} ${alike.map(({ number }) => number).join(', ')}: ${refusal}`,
      where,
      next: [edit(`leave ${alike.length === 1 ? 'it' : 'them'} out`)],
    }),
  );
};
