import { bootstrapHost, bootstrapMiner } from '../../ops/bootstrap/bootstrap-miner.ts';
import type { SetupStep, Work } from '../../ops/bootstrap/setup-step.ts';
import { targetOf } from '../../ops/targets.ts';
import { askYesOrNo, isSomebodyThere } from '../ask.ts';
import { wordsOf } from '../command-line.ts';
import { connectBy } from '../connect.ts';
import type { Action, Context } from '../context.ts';
import { changeDeps } from '../deps.ts';
import { EXIT } from '../exit.ts';
import { withInterrupts } from '../interrupts.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { BootstrapView } from '../views/bootstrap-view.ts';

export interface BootstrapOptions extends ClusterOptions, Pick<ConnectionOptions, 'transport'> {
  readonly check?: boolean;
  readonly yes?: boolean;
  readonly importOver?: string;
  readonly verbose?: boolean;
}

/** `fcops bootstrap miner` */
export const bootstrap: Action<BootstrapOptions> = async (context, _, options) => {
  const { world, output } = context;
  world.goOnUnread();
  const sources = sourcesOf(context);
  const { miner, limit, importOver, check = false } = options;
  const request = { miner, limit, importOver, check };
  const host = bootstrapHost(sources, request);
  checkAndHideSecrets(context, host.setup.cluster);
  const connect = await connectBy(world, { ...options, forks: 1 });
  const view = new BootstrapView({
    out: output.stdout,
    format: output.format === 'json' ? 'json' : 'text',
    live: output.live,
    paint: output.paint,
    width: output.width,
    words: wordsOf(context),
    verbose: options.verbose === true,
    now: world.now,
  });
  try {
    return await withInterrupts(
      context,
      { atFirst: view.close.bind(view), atSecond: () => {} },
      async (signal) => {
        // No run of it is kept here: the truth is on the host.
        const { now, date, random, after, who } = changeDeps(context, {
          connect,
          forks: 1,
          emit: () => {},
          signal,
        });
        let isInterrupted = false;
        const confirm = async (step: SetupStep, wanted: NonNullable<Work['confirm']>) => {
          view.close();
          const answer = await confirmed(context, options, step, wanted);
          isInterrupted = answer === 'interrupted';
          return answer === 'interrupted' ? false : answer;
        };
        const result = await bootstrapMiner(
          sources,
          host,
          request,
          { targetOf: targetOf(world), confirm, emit: view.emit },
          { connect, now, date, random, after, who, signal },
        );
        if (result.state === 'left' || isInterrupted) return EXIT.interrupted;
        return result.state === 'declined' ? EXIT.failed : EXIT.done;
      },
    );
  } finally {
    view.close();
  }
};

/** Asks before money or data is at stake. */
const confirmed = async (
  context: Context,
  { yes = false }: BootstrapOptions,
  { title }: SetupStep,
  { lines, question }: NonNullable<Work['confirm']>,
): Promise<boolean | 'unasked' | 'interrupted'> => {
  const { output } = context;
  if (output.format === 'text') {
    output.printLine(`${output.paint.strong(title)}:`);
    for (const line of lines) output.printLine(`  ${line}`);
  }
  if (yes) return true;
  if (!isSomebodyThere(context)) return 'unasked';
  const answer = await askYesOrNo(context, question);
  return answer === 'interrupted' ? answer : answer === 'yes';
};
