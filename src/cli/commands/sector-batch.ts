import { again, edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { DISCARDED_STATES, RETRIED_STATES } from '../../lotus/sector-states.ts';
import type { ApplyDeps } from '../../ops/at-miner/apply.ts';
import type { AskedCluster } from '../../ops/at-miner/asked.ts';
import { askedCluster } from '../../ops/at-miner/asked.ts';
import type { BatchResult } from '../../ops/sectors/do-batch.ts';
import { doBatch } from '../../ops/sectors/do-batch.ts';
import { lookAtBatch } from '../../ops/sectors/look-at-batch.ts';
import type { SectorAction, SectorBatch, SectorChoice } from '../../ops/sectors/sector-batch.ts';
import { NOTHING } from '../../ops/sectors/whole-refusals.ts';
import { targetOf } from '../../ops/targets.ts';
import { askYesOrNo, isSomebodyThere } from '../ask.ts';
import { atMinerHost } from '../at-miner-host.ts';
import type { Action, Context } from '../context.ts';
import { carryOutBatch } from '../miner-batch.ts';
import type { ConnectionOptions } from '../options.ts';
import { sectorNumbers } from '../sector-numbers.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { MinerProgress } from '../views/miner-progress.ts';
import { numberRanges } from '../views/pledge-text.ts';
import { outcomeLines, sectorBatchLines } from '../views/sector-batch-text.ts';
import { sectorsChangeDocument } from '../views/sectors-change-document.ts';

export interface SectorBatchOptions extends Pick<ConnectionOptions, 'transport'> {
  readonly miner?: string;
  readonly state?: readonly string[];
  readonly limit: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly reallyDoIt?: boolean;
}

/** `fcops sectors retry` */
export const retry: Action<SectorBatchOptions> = (context, words, options) =>
  batch(context, 'retry', words, options);
/** `fcops sectors discard` */
export const discard: Action<SectorBatchOptions> = (context, words, options) =>
  batch(context, 'discard', words, options);
/** `fcops sectors remove` */
export const remove: Action<SectorBatchOptions> = (context, words, options) =>
  batch(context, 'remove', words, options);

const batch = async (
  context: Context,
  action: SectorAction,
  words: readonly string[],
  options: SectorBatchOptions,
): Promise<number> => {
  const { world } = context;
  const choice = choiceOf(action, words, options.state ?? []);
  if (action === 'remove' && !options.dryRun && !options.reallyDoIt)
    throw new FcopsError({
      kind: 'usage',
      what: `${NOTHING.remove}: what is removed cannot be had back, and --really-do-it is not there`,
      next: [again('see with --dry-run what would go, then give --really-do-it')],
    });
  const asked = await askedCluster(sourcesOf(context), { miner: options.miner });
  await checkAndHideSecrets(context, asked.cluster);
  const progress = new MinerProgress(context);
  return atMinerHost(context, options, progress, async (deps) => {
    progress.waits(`asking lotus-miner on ${asked.minerHost.name} …`);
    const found = await lookAtBatch(asked, { action, choice, limit: options.limit }, targetOf(world), deps);
    progress.close();
    return carryOut(context, asked, found, choice, options, deps, progress);
  });
};

/** What is named, by number or by a state that this can be done from; not both. */
const choiceOf = (
  action: SectorAction,
  words: readonly string[],
  states: readonly string[],
): SectorChoice => {
  const numbers = sectorNumbers(words, { ranges: action !== 'remove' });
  const [state, ...others] = states;
  const usage = (what: string, next: string) =>
    new FcopsError({ kind: 'usage', what: `${NOTHING[action]}: ${what}`, next: [edit(next)] });
  if (state === undefined) {
    if (numbers.length > 0) return { type: 'numbers', numbers };
    throw usage(
      'none was named',
      action === 'remove' ? 'name each by its number' : 'name them by number, or a state with --state',
    );
  }
  if (numbers.length > 0) throw usage('numbers and a state are given', 'leave one of them out');
  const able = action === 'retry' ? RETRIED_STATES : DISCARDED_STATES;
  const odd = states.find((one) => !able.includes(one));
  if (odd !== undefined)
    throw usage(`that is not done with sectors in ${odd}`, `name one of ${able.join(', ')}`);
  if (others.length > 0) throw usage('several states are given', 'name one state at a time');
  return { type: 'state', state };
};

const carryOut = (
  context: Context,
  asked: AskedCluster,
  found: SectorBatch,
  choice: SectorChoice,
  options: SectorBatchOptions,
  deps: ApplyDeps,
  progress: MinerProgress,
): Promise<number> => {
  const { output, world } = context;
  const { paint, width } = output;
  const { chosen, refusals } = found;
  return carryOutBatch(
    context,
    {
      ...{ refusals, chosen },
      documentOf: (result: BatchResult | null) =>
        sectorsChangeDocument(found, result, world.date().getTime() / 1000),
      planLines: (document) => sectorBatchLines(document, { paint, width }),
      outcomeLines: (document) => outcomeLines(document, { paint, width }),
      agree: () => isAgreed(context, found, choice, options),
      nothing: NOTHING[found.action],
      looking: 'looking what came of it; lotus-miner takes up to a minute …',
      work: (onEvent) => doBatch(asked, found, targetOf(world), deps, onEvent),
      problemsOf: (result) => [...result.problems, ...openEnds(found, result)],
    },
    progress,
    options.dryRun === true,
  );
};

/** What was not seen to be done, with what to do about it. */
const openEnds = ({ minerHost }: SectorBatch, { outcomes, problems }: BatchResult): readonly Problem[] => {
  const open = outcomes.filter(({ type }) => type !== 'done');
  if (open.length === 0 || problems.length > 0) return [];
  const is = open.length === 1 ? 'is' : 'are';
  return [
    {
      kind: 'verify',
      what: `${count(open.length, 'sector')} of ${outcomes.length} ${is} not seen to be done: ${numberRanges(open.map(({ number }) => number))}`,
      where: { host: minerHost },
      next: [again('see with --dry-run where they stand, and run again where it is needed')],
    },
  ];
};

const QUESTIONS = { retry: 'try', discard: 'give up' } as const;

/** Hours of work are at stake: it is asked for once; what cannot be had back is typed again. */
const isAgreed = async (
  context: Context,
  { action, chosen, miner }: SectorBatch,
  choice: SectorChoice,
  { yes = false }: SectorBatchOptions,
): Promise<'yes' | 'no' | 'interrupted'> => {
  if (yes) return 'yes';
  if (!isSomebodyThere(context))
    throw new FcopsError({
      kind: 'usage',
      what: `${NOTHING[action]}: it is asked for first, and here is no terminal to ask on`,
      next: [again('run it on a terminal, or add --yes; --dry-run only shows what would be done')],
    });
  const sectors = `${count(chosen.length, 'sector')} of ${miner}`;
  if (action !== 'remove')
    return askYesOrNo(context, `${QUESTIONS[action]} ${sectors}${action === 'retry' ? ' again' : ''}?`);
  const typed = await context.world.ask(
    `remove ${sectors} with ${chosen.length === 1 ? 'its' : 'their'} files? Type ${chosen.length === 1 ? 'its number' : 'their numbers'} again: `,
  );
  if (typed === null) return 'interrupted';
  return choice.type === 'numbers' && isSame(typed, choice.numbers) ? 'yes' : 'no';
};

const isSame = (typed: string, numbers: readonly number[]): boolean => {
  const words = typed.split(/[\s,]+/).filter(Boolean);
  return (
    words.every((word) => /^\d{1,12}$/.test(word)) &&
    [...new Set(words.map(Number))].toSorted((a, b) => a - b).join(' ') === numbers.join(' ')
  );
};
