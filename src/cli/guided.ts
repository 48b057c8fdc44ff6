import type { Cluster } from '../inventory/cluster.ts';
import type { BootstrapHooks, BootstrapWorld } from '../ops/bootstrap/bootstrap-miner.ts';
import type { Bootstrapped } from '../ops/bootstrap/events.ts';
import type { SetupStep, Work } from '../ops/bootstrap/setup-step.ts';
import { targetOf } from '../ops/targets.ts';
import { askYesOrNo, isSomebodyThere } from './ask.ts';
import { wordsOf } from './command-line.ts';
import { connectBy } from './connect.ts';
import type { Context } from './context.ts';
import { changeDeps } from './deps.ts';
import { EXIT } from './exit.ts';
import { withInterrupts } from './interrupts.ts';
import type { ConnectionOptions } from './options.ts';
import { checkAndHideSecrets } from './sources.ts';
import { BootstrapView } from './views/bootstrap-view.ts';

/** Options of what leads through steps at a miner host. */
export interface GuidedOptions extends Pick<ConnectionOptions, 'transport'> {
  readonly yes?: boolean;
  readonly verbose?: boolean;
}

/**
 * Leads through steps at one host under a view of them: it asks where money or data is at stake, and Ctrl-C leaves what is at
 * work there.
 */
export const guided = async (
  context: Context,
  cluster: Cluster,
  options: GuidedOptions,
  work: (hooks: BootstrapHooks, world: BootstrapWorld) => Promise<Bootstrapped>,
): Promise<number> => {
  const { world, output } = context;
  world.goOnUnread();
  await checkAndHideSecrets(context, cluster);
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
        const result = await work(
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
  { yes = false }: GuidedOptions,
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
