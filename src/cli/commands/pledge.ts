import { again } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { ApplyDeps } from '../../ops/at-miner/apply.ts';
import type { AskedCluster } from '../../ops/at-miner/asked.ts';
import { askedCluster, askMinerHost } from '../../ops/at-miner/asked.ts';
import { atMiner } from '../../ops/at-miner/whose.ts';
import { pledgeQuery } from '../../ops/pledge/look.ts';
import { pledgePlan } from '../../ops/pledge/plan.ts';
import type { Pledged, PledgeEvent } from '../../ops/pledge/pledge.ts';
import { pledgeSectors } from '../../ops/pledge/pledge.ts';
import type { PledgePlan } from '../../ops/pledge/pledge-plan.ts';
import { targetOf } from '../../ops/targets.ts';
import { askYesOrNo, isSomebodyThere } from '../ask.ts';
import { connectBy } from '../connect.ts';
import type { Action, Context } from '../context.ts';
import { changeDeps } from '../deps.ts';
import { EXIT } from '../exit.ts';
import { showFailure } from '../failure.ts';
import { withInterrupts } from '../interrupts.ts';
import type { ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { pledgeDocument } from '../views/pledge-document.ts';
import { PledgeProgress } from '../views/pledge-progress.ts';
import { pledgedText, pledgeLines } from '../views/pledge-text.ts';

export interface PledgeOptions extends Pick<ConnectionOptions, 'transport'> {
  readonly miner?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly full?: boolean;
}

/** `fcops pledge N` */
export const pledge: Action<PledgeOptions> = async (context, [number = ''], options) => {
  const { output, world } = context;
  const asked = await askedCluster(sourcesOf(context), { miner: options.miner });
  await checkAndHideSecrets(context, asked.cluster);
  const connect = await connectBy(world, { ...options, forks: 1 });
  const progress = new PledgeProgress({
    out: output.stdout,
    isShown: output.format === 'text',
    live: output.live,
    now: world.now,
  });
  try {
    const atFirst = () => {
      progress.close();
      if (progress.isPledging)
        output.note('stopping after the sector that is being pledged; Ctrl-C again leaves at once');
    };
    return await withInterrupts(context, { atFirst, atSecond: progress.close }, async (signal) => {
      const deps = changeDeps(context, { connect, forks: 1, emit: () => {}, signal });
      let plan: PledgePlan;
      try {
        progress.waits(`asking lotus-miner on ${asked.minerHost.name} …`);
        const look = await askMinerHost(asked, pledgeQuery, targetOf(world), deps);
        progress.close();
        plan = pledgePlan(look, atMiner(look, asked.workerHosts), asked, Number(number));
      } catch (error) {
        if (signal.aborted) return EXIT.interrupted;
        throw error;
      }
      return await carryOut(context, asked, plan, options, deps, progress);
    });
  } finally {
    progress.close();
  }
};

const carryOut = async (
  context: Context,
  asked: AskedCluster,
  plan: PledgePlan,
  options: PledgeOptions,
  deps: ApplyDeps,
  progress: PledgeProgress,
): Promise<number> => {
  const { output, world } = context;
  const print = (result: Pledged | null): void => {
    const document = pledgeDocument(plan, result, world.date().getTime() / 1000);
    if (output.format === 'json') output.printJson(document);
    else if (result === null) {
      const { paint, width } = output;
      output.print(`${pledgeLines(document, { paint, width, full: options.full === true }).join('\n')}\n`);
    }
  };
  const isText = output.format === 'text';
  if (isText || options.dryRun || plan.refusals.length > 0) print(null);
  if (plan.refusals.length > 0) throw new FcopsError(plan.refusals);
  if (options.dryRun) return EXIT.done;
  const agreed = await isAgreed(context, plan, options);
  if (agreed !== 'yes') {
    if (agreed === 'no') output.printLine('nothing was pledged');
    return agreed === 'interrupted' ? EXIT.interrupted : EXIT.failed;
  }
  const begun = world.now();
  progress.isPledging = true;
  const onEvent = (event: PledgeEvent) => progress.emit(event);
  const result = await pledgeSectors(asked, plan.asked, targetOf(world), deps, onEvent);
  progress.isPledging = false;
  progress.close();
  if (isText)
    output.printLine(
      `${pledgedText({ ...result, sectors: [...result.sectors] })} (${formatSeconds((world.now() - begun) / 1000)})`,
    );
  else print(result);
  if (result.problems.length > 0) showFailure(new FcopsError(result.problems), context);
  if (result.state === 'stopped') return EXIT.interrupted;
  return result.state === 'done' ? EXIT.done : EXIT.failed;
};

/** Each sector costs money: it is asked for once. */
const isAgreed = async (
  context: Context,
  { asked, miner }: PledgePlan,
  { yes = false }: PledgeOptions,
): Promise<'yes' | 'no' | 'interrupted'> => {
  if (yes) return 'yes';
  if (!isSomebodyThere(context))
    throw new FcopsError({
      kind: 'usage',
      what: 'nothing was pledged: it is asked for first, and here is no terminal to ask on',
      next: [again('run it on a terminal, or add --yes; --dry-run only shows where they would go')],
    });
  return askYesOrNo(context, `pledge ${count(asked, 'sector')} for ${miner}?`);
};
