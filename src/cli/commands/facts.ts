import { FcopsError } from '../../core/errors.ts';
import { factsFile } from '../../inventory/facts.ts';
import type { HostFacts } from '../../ops/facts.ts';
import { lookAtFacts } from '../../ops/facts.ts';
import { hostsChosen } from '../clusters.ts';
import { EXIT } from '../exit.ts';
import { showFailure } from '../failure.ts';
import { withInterrupts } from '../interrupts.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import type { Action } from '../session.ts';
import { connectBy, targets } from '../targets.ts';
import { factsText } from '../views/facts-text.ts';
import { lookView } from '../views/run-view.ts';
import { replaceFile } from '../write-file.ts';

export interface FactsOptions extends ClusterOptions, ConnectionOptions {
  readonly save?: boolean;
}

/** `fcops facts HOST…` */
export const facts: Action<FactsOptions> = async (session, names, options) => {
  const { world, output } = session;
  if (options.save) world.goOnUnread();
  const found = hostsChosen(session, names, options, 'facts');
  const view = await lookView(session, {
    title: 'facts',
    stages: ['look'],
    hosts: found.map(({ host }) => host.name),
    addresses: new Map(),
    verbose: false,
  });
  const targetOf = targets(world);
  const connect = await connectBy(world, options);
  try {
    return await withInterrupts(session, { atFirst: view.end, atSecond: view.end }, async (signal) => {
      const deps = { connect, now: world.now, after: world.after, emit: view.emit, signal };
      const seen = await lookAtFacts(
        found.map(({ host }) => targetOf(host)),
        options.forks,
        deps,
      );
      view.end();
      if (signal.aborted) return EXIT.interrupted;
      const good = seen.filter((one) => one.state === 'seen');
      if (output.format === 'json') output.printJson(good.map(({ host, facts }) => ({ host, facts })));
      else
        output.print(
          good.map(({ host, facts }) => factsText(host, facts, output.paint, output.width)).join('\n'),
        );
      const problems = seen.flatMap((one) => (one.state === 'ended' ? one.result.problems : []));
      if (problems.length > 0) showFailure(new FcopsError(problems), session);
      if (options.save) {
        for (const { cluster, host } of found) {
          const saved = await save(
            cluster.file,
            seen.find((one) => one.host === host.name),
          );
          if (saved !== null) output.note(`saved ${saved}`);
        }
      }
      return problems.length > 0 ? EXIT.failed : EXIT.done;
    });
  } finally {
    view.end();
  }
};

/** Keeps the facts beside the inventory, where `fcops render` finds them; gives the file. */
const save = async (clusterFile: string, seen: HostFacts | undefined): Promise<string | null> => {
  if (seen?.state !== 'seen') return null;
  const file = factsFile(clusterFile, seen.host);
  await replaceFile(file, `${JSON.stringify(seen.facts, null, 2)}\n`, { makeDirectory: true });
  return file;
};
