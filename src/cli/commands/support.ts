import { resolve } from 'node:path';
import { presentSecrets } from '../../inventory/secrets.ts';
import { namedHost } from '../../ops/named.ts';
import { stamp } from '../../ops/run-name.ts';
import { supportArchive } from '../../ops/support/archive.ts';
import { controllerRuns } from '../../ops/support/controller-runs.ts';
import { gatherSupport } from '../../ops/support/support.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import type { Action } from '../context.ts';
import { runsDirectory } from '../deps.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { addressText } from '../text/addresses.ts';
import { lookView } from '../views/run-view.ts';
import { supportDocument } from '../views/support-document.ts';
import { supportFiles } from '../views/support-files.ts';
import { supportLines } from '../views/support-text.ts';
import { addFile, refuseThere } from '../write-file.ts';

export interface SupportOptions extends Pick<ClusterOptions, 'miner'>, Pick<ConnectionOptions, 'transport'> {
  readonly out?: string;
}

/** `fcops support HOST` */
export const support: Action<SupportOptions> = async (context, [word = ''], options) => {
  const { world, output } = context;
  const sources = sourcesOf(context);
  const { miner } = options;
  const { hosts, host } = namedHost(sources, word, miner, 'an archive is of one');
  await checkAndHideSecrets(context, hosts.cluster);
  const at = world.date();
  const name = `fcops-support-${host.name}-${stamp(at).replace(/[-:]/g, '')}`;
  const file = resolve(options.out ?? `${name}.tar.gz`);
  // Before anybody has waited for it.
  await refuseThere(file);
  const view = await lookView(context, { title: `support archive of ${host.name}`, forks: 1 });
  const secrets = [...presentSecrets(hosts.cluster)];
  return atHosts(context, { ...options, forks: 1 }, view, async (given) => {
    const hide = (values: readonly string[]) => {
      secrets.push(...values);
      given.hide(values);
    };
    const deps = { ...given, hide };
    const gathered = await gatherSupport(sources, hosts, host, targetOf(world), deps);
    view.end();
    if (deps.signal.aborted) return EXIT.interrupted;
    const files = [
      ...supportFiles(context, hosts, gathered, 1),
      ...controllerRuns(runsDirectory(world), host.name),
    ];
    const about = [
      `Support archive of ${host.name} (${addressText(host)}), miner ${hosts.cluster.miner}, roles ${host.roles.join(', ')}.`,
      `Made ${stamp(at)} by ${world.user}@${world.controller} with fcops ${world.version}.`,
      'Secrets that are known are masked; it was searched for them in every form before it was written.',
    ];
    const archive = supportArchive(files, secrets, { directory: name, about, at: at.getTime() / 1000 });
    await addFile(file, archive.bytes, 0o600);
    const document = supportDocument({ miner: hosts.cluster.miner, host: host.name, file }, archive);
    if (output.format === 'json') output.printJson(document);
    else for (const line of supportLines(document, output)) output.printLine(line);
    return EXIT.done;
  });
};
