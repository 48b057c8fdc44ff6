import { namedHosts } from '../../ops/named.ts';
import { preflightHosts } from '../../ops/preflight/preflight.ts';
import { readyHosts } from '../../ops/role-work.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import { wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { hideSecrets, sourcesOf } from '../sources.ts';
import { preflightDocument } from '../views/preflight-document.ts';
import { preflightJunit } from '../views/preflight-junit.ts';
import { preflightLines } from '../views/preflight-text.ts';
import { lookView } from '../views/run-view.ts';

export interface PreflightOptions extends ClusterOptions, ConnectionOptions {}

/** `fcops preflight [ROLE|HOST…]` */
export const preflight: Action<PreflightOptions> = async (context, words, options) => {
  const { output, world } = context;
  const sources = sourcesOf(context);
  const named = namedHosts(sources, words.length === 0 ? ['all'] : words, options);
  const hosts = await readyHosts(sources, { ...named, tags: [], start: true });
  hideSecrets(context, hosts.cluster);
  const view = await lookView(context, {
    title: `preflight of ${hosts.cluster.miner}`,
    forks: options.forks,
  });
  return atHosts(context, options, view, async (deps) => {
    const asked = await preflightHosts(sources, hosts, targetOf(world), deps);
    view.end();
    if (deps.signal.aborted) return EXIT.interrupted;
    const now = world.date().getTime() / 1000;
    const document = preflightDocument(hosts.cluster.miner, asked, now, wordsOf(context));
    if (output.format === 'json') output.printJson(document);
    else if (output.format === 'junit') output.print(preflightJunit(document));
    else output.print(`${preflightLines(document, output).join('\n')}\n`);
    return document.counts.ready === document.counts.hosts ? EXIT.done : EXIT.failed;
  });
};
