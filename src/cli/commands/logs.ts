import { chosenHosts } from '../../ops/chosen-hosts.ts';
import { logsOf, readLogs } from '../../ops/logs/logs.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import { wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { addressesOf } from '../text/addresses.ts';
import { logsJson, logsText } from '../views/logs-lines.ts';

export interface LogsOptions extends ClusterOptions, ConnectionOptions {
  readonly process?: readonly string[];
  readonly follow?: boolean;
  readonly grep?: string;
  readonly lines: number;
}

/** `fcops logs HOST…` */
export const logs: Action<LogsOptions> = async (context, words, options) => {
  const { world, output } = context;
  const hosts = chosenHosts(sourcesOf(context), words, options);
  await checkAndHideSecrets(context, hosts.cluster);
  const chosen = await logsOf(sourcesOf(context), hosts, options.process);
  const to = { line: (text: string) => output.printLine(text), note: (text: string) => output.note(text) };
  const names = {
    hosts: chosen.map(({ host }) => host),
    processes: chosen.flatMap((one) => one.logs.map(({ process }) => process)),
  };
  const { colour, paint, errorPaint, errorWidth } = output;
  const view =
    output.format === 'json'
      ? logsJson(to, wordsOf(context))
      : logsText(
          {
            ...names,
            colour,
            paint,
            errorPaint,
            errorWidth,
            words: wordsOf(context),
            addresses: addressesOf(hosts),
            after: world.after,
          },
          to,
        );
  const nothing = () => {};
  return atHosts(context, options, { emit: nothing, end: nothing }, async (deps) => {
    const { lines, grep, follow = false } = options;
    const request = { lines, follow, ...(grep !== undefined && { grep }) };
    try {
      const failed = await readLogs(hosts, chosen, request, targetOf(world), view.tell, deps);
      if (deps.signal.aborted) return EXIT.interrupted;
      return failed.length > 0 ? EXIT.failed : EXIT.done;
    } finally {
      view.end();
    }
  });
};
