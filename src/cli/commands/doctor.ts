import { chosenHosts } from '../../ops/chosen-hosts.ts';
import { doctor as diagnosed } from '../../ops/doctor/doctor.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import { wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { addressesOf } from '../text/addresses.ts';
import { doctorDocument } from '../views/doctor-document.ts';
import { doctorLines } from '../views/doctor-text.ts';
import { lookView } from '../views/run-view.ts';
import { lookedAtHosts } from './looked-at-hosts.ts';

export interface DoctorOptions extends ClusterOptions, ConnectionOptions {
  readonly full?: boolean;
}

/** `fcops doctor [HOST|ROLE…]` */
export const doctor: Action<DoctorOptions> = async (context, words, options) => {
  const { output, world } = context;
  const sources = sourcesOf(context);
  const hosts =
    words.length === 0
      ? lookedAtHosts(context, { ...options, role: [] }).hosts
      : chosenHosts(sources, words, options);
  await checkAndHideSecrets(context, hosts.cluster);
  const view = await lookView(context, {
    title: `diagnosis of ${hosts.cluster.miner}`,
    forks: options.forks,
  });
  return atHosts(context, options, view, async (deps) => {
    const found = await diagnosed(sources, hosts, targetOf(world), deps);
    view.end();
    if (deps.signal.aborted) return EXIT.interrupted;
    const document = doctorDocument(
      found,
      world.date().getTime() / 1000,
      wordsOf(context),
      addressesOf(hosts),
    );
    if (output.format === 'json') output.printJson(document);
    else {
      const { paint, width } = output;
      const lines = doctorLines(document, { paint, width, full: options.full === true });
      output.print(`${lines.join('\n')}\n`);
    }
    return document.healthy ? EXIT.done : EXIT.failed;
  });
};
