import { again, edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { ApplyDeps } from '../../ops/at-miner/apply.ts';
import type { AskedCluster } from '../../ops/at-miner/asked.ts';
import { answerOf, askedCluster, askMinerHost } from '../../ops/at-miner/asked.ts';
import { atMiner } from '../../ops/at-miner/whose.ts';
import type { AbortChoice, AbortPlan } from '../../ops/jobs/abort.ts';
import { abortPlan, jobIds } from '../../ops/jobs/abort.ts';
import type { AbortResult } from '../../ops/jobs/do-abort.ts';
import { doAbort } from '../../ops/jobs/do-abort.ts';
import { minerSaysQuery } from '../../ops/miner-says.ts';
import { targetOf } from '../../ops/targets.ts';
import { askYesOrNo, isSomebodyThere } from '../ask.ts';
import { atMinerHost } from '../at-miner-host.ts';
import type { Action, Context } from '../context.ts';
import { carryOutBatch } from '../miner-batch.ts';
import type { ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { jobsAbortDocument } from '../views/jobs-abort-document.ts';
import { abortOutcomeLines, jobsAbortLines } from '../views/jobs-abort-text.ts';
import { MinerProgress } from '../views/miner-progress.ts';

export interface JobsAbortOptions extends Pick<ConnectionOptions, 'transport'> {
  readonly miner?: string;
  readonly lost?: boolean;
  readonly limit: number;
  readonly loseTasks?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const NOTHING = 'nothing was aborted';

/** `fcops jobs abort` */
export const abort: Action<JobsAbortOptions> = async (context, words, options) => {
  const { world } = context;
  const choice = choiceOf(words, options);
  const asked = await askedCluster(sourcesOf(context), { miner: options.miner });
  await checkAndHideSecrets(context, asked.cluster);
  const progress = new MinerProgress(context);
  return atMinerHost(context, options, progress, async (deps) => {
    progress.waits(`asking lotus-miner on ${asked.minerHost.name} …`);
    const says = await askMinerHost(asked, minerSaysQuery, targetOf(world), deps);
    progress.close();
    const jobs = answerOf(says.jobs, `of its tasks; ${NOTHING}`, asked);
    const { miner, sectorSize } = asked.cluster;
    const about = { miner, minerHost: asked.minerHost.name, sectorSize };
    const plan = abortPlan(choice, options.limit, jobs, atMiner(says, asked.workerHosts), about);
    return carryOut(context, asked, plan, options, deps, progress);
  });
};

const choiceOf = (words: readonly string[], { lost = false }: JobsAbortOptions): AbortChoice => {
  if (lost !== words.length > 0) return lost ? { type: 'lost' } : { type: 'ids', ids: jobIds(words) };
  throw new FcopsError({
    kind: 'usage',
    what: `${NOTHING}: ${lost ? 'ids and --lost are given' : 'no task was named'}`,
    next: [edit(lost ? 'leave one of them out' : 'name tasks by their ids, or give --lost')],
  });
};

const carryOut = (
  context: Context,
  asked: AskedCluster,
  plan: AbortPlan,
  options: JobsAbortOptions,
  deps: ApplyDeps,
  progress: MinerProgress,
): Promise<number> => {
  const { output, world } = context;
  const { paint, width } = output;
  const { chosen, refusals } = plan;
  return carryOutBatch(
    context,
    {
      ...{ refusals, chosen },
      documentOf: (result: AbortResult | null) =>
        jobsAbortDocument(plan, result, world.date().getTime() / 1000),
      planLines: (document) => jobsAbortLines(document, { paint, width }),
      outcomeLines: (document) => abortOutcomeLines(document, { paint, width }),
      agree: () => isAgreed(context, plan, options),
      nothing: NOTHING,
      looking: 'looking whether they have gone …',
      work: (onEvent) => doAbort(asked, chosen, targetOf(world), deps, onEvent),
      problemsOf: (result) => [...result.problems, ...openEnds(plan, result)],
    },
    progress,
    options.dryRun === true,
  );
};

/** What was not seen to have gone, where nothing else stood against it. */
const openEnds = (
  { miner, minerHost }: AbortPlan,
  { outcomes, problems }: AbortResult,
): readonly Problem[] => {
  const open = outcomes.filter(({ type }) => type !== 'gone');
  if (open.length === 0 || problems.length > 0) return [];
  return [
    {
      kind: 'verify',
      what: `${count(open.length, 'task')} of ${outcomes.length} ${open.length === 1 ? 'is' : 'are'} not seen to have gone: ${open.map(({ id }) => id).join(', ')}`,
      where: { host: minerHost },
      next: [fcopsCommand(['jobs', '--miner', miner], 'see where they stand')],
    },
  ];
};

/** What may cost hours is asked for by itself, with the hours; --yes alone does not answer that. */
const isAgreed = async (
  context: Context,
  { chosen, miner }: AbortPlan,
  { yes = false, loseTasks = false }: JobsAbortOptions,
): Promise<'yes' | 'no' | 'interrupted'> => {
  const atWork = chosen.filter(({ cost }) => cost !== 'lost');
  const hours = formatSeconds(atWork.reduce((sum, { job }) => sum + job.seconds, 0));
  if (yes && (atWork.length === 0 || loseTasks)) return 'yes';
  if (yes || !isSomebodyThere(context))
    throw new FcopsError({
      kind: 'usage',
      what: yes
        ? `${NOTHING}: ${count(atWork.length, 'task')} may be at work, and --yes does not say that ${hours} may be lost`
        : `${NOTHING}: it is asked for first, and here is no terminal to ask on`,
      next: [
        again(
          yes
            ? 'leave them out, or add --lose-tasks'
            : 'run it on a terminal, or add --yes; --dry-run only shows what would be aborted',
        ),
      ],
    });
  const agreed = await askYesOrNo(context, `abort ${count(chosen.length, 'task')} of ${miner}?`);
  if (agreed !== 'yes' || atWork.length === 0) return agreed;
  const are = atWork.length === 1 ? 'one of them is' : `${atWork.length} of them are`;
  return askYesOrNo(context, `${are} at work or may be: lose ${hours}?`);
};
