import { askedCluster } from '../../ops/at-miner/asked.ts';
import { interruptible } from '../../ops/interruptible.ts';
import { sessionOf } from '../../ops/session-of.ts';
import { targetOf } from '../../ops/targets.ts';
import type { WindowLook } from '../../ops/window/ask.ts';
import { lookAtWindow } from '../../ops/window/ask.ts';
import { downtimeAt } from '../../ops/window/downtime.ts';
import { atHosts } from '../at-hosts.ts';
import { wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { runsDirectory } from '../deps.ts';
import { EXIT } from '../exit.ts';
import type { MinerOptions } from '../miner-look.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { windowDocument } from '../views/window-document.ts';
import { windowLines } from '../views/window-text.ts';

export interface WindowOptions extends MinerOptions {
  /** Seconds. */
  readonly downtime?: number;
}

/** `fcops window` */
export const window: Action<WindowOptions> = async (context, _words, options) => {
  const { output, world } = context;
  const asked = await askedCluster(sourcesOf(context), options);
  await checkAndHideSecrets(context, asked.cluster);
  const { cluster, minerHost, hosts } = asked;
  // Whoever asks may restart either: lotus-miner is away for longer where lotus is restarted too.
  const downtime = downtimeAt(runsDirectory(world), minerHost.name, options.downtime ?? null, { node: true });
  const quiet = { emit: () => {}, end: () => {} };
  const look = await atHosts(
    context,
    { ...options, forks: 1 },
    quiet,
    async (given): Promise<WindowLook | null> => {
      const deps = interruptible(given);
      const session = sessionOf(targetOf(world)(minerHost), hosts, deps);
      try {
        return await lookAtWindow(session, { miner: cluster.miner, needed: downtime.needed }, deps);
      } catch (error) {
        if (given.signal.aborted) return null;
        throw error;
      } finally {
        await session.close();
      }
    },
  );
  if (look === null) return EXIT.interrupted;
  const about = { miner: cluster.miner, minerHost: minerHost.name };
  const now = world.date().getTime() / 1000;
  const document = windowDocument(look, downtime, about, now, wordsOf(context));
  if (output.format === 'json') output.printJson(document);
  else {
    const { paint, width } = output;
    output.print(`${windowLines(document, { paint, width }).join('\n')}\n`);
  }
  return look.type === 'open' || look.type === 'idle' ? EXIT.done : EXIT.failed;
};
