import { jsonText } from '../../core/invisible.ts';
import { FcopsError } from '../../core/problem.ts';
import { factsFile } from '../../inventory/saved-facts.ts';
import type { HostFacts } from '../../ops/gather-facts.ts';
import { gatherFacts } from '../../ops/gather-facts.ts';
import { hostsChosen } from '../../ops/sources.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import { showFailure } from '../failure.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { factsText } from '../views/facts-text.ts';
import { lookView } from '../views/run-view.ts';
import { replaceFile } from '../write-file.ts';

export interface FactsOptions extends ClusterOptions, ConnectionOptions {
  readonly save?: boolean;
}

/** `fcops facts HOST…` */
export const facts: Action<FactsOptions> = async (context, names, options) => {
  const { world, output } = context;
  if (options.save) world.goOnUnread();
  const found = hostsChosen(sourcesOf(context), names, options, 'facts');
  for (const { cluster } of found) await checkAndHideSecrets(context, cluster);
  const view = await lookView(context, {
    title: 'facts',
    forks: options.forks,
  });
  const target = targetOf(world);
  return atHosts(context, options, view, async (deps) => {
    const seen = await gatherFacts(
      found.map(({ host }) => target(host)),
      deps,
    );
    view.end();
    if (deps.signal.aborted) return EXIT.interrupted;
    const good = seen.filter((one) => one.state === 'seen');
    if (output.format === 'json') output.printJson(good.map(({ host, facts }) => ({ host, facts })));
    else
      output.print(
        good.map(({ host, facts }) => factsText(host, facts, output.paint, output.width)).join('\n'),
      );
    const problems = seen.flatMap((one) => (one.state === 'ended' ? one.problems : []));
    if (problems.length > 0) showFailure(new FcopsError(problems), context);
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
};

/** Keeps the facts beside the inventory, where `fcops render` finds them; gives the file. */
const save = async (clusterFile: string, seen: HostFacts | undefined): Promise<string | null> => {
  if (seen?.state !== 'seen') return null;
  const file = factsFile(clusterFile, seen.host);
  await replaceFile(file, `${jsonText(seen.facts, 2)}\n`, { makeDirectory: true });
  return file;
};
