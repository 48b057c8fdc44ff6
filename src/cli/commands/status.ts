import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { ClusterStatus } from '../../ops/status/status.ts';
import { lookAtAll, statusLooker } from '../../ops/status/status.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import { wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { lackingOption } from '../lacking-option.ts';
import { type ClusterOptions, type ConnectionOptions, WATCH_INTERVAL } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { lookView } from '../views/run-view.ts';
import { shortMoment } from '../views/short-moment.ts';
import { statusDocument } from '../views/status-document.ts';
import { statusJunit } from '../views/status-junit.ts';
import { statusPrometheus } from '../views/status-prometheus.ts';
import { statusLines } from '../views/status-text.ts';
import { watchStatus } from '../views/status-watch.ts';
import type { RolesOption } from './looked-at-hosts.ts';
import { lookedAtHosts } from './looked-at-hosts.ts';

export interface StatusOptions extends ClusterOptions, ConnectionOptions, RolesOption {
  readonly full?: boolean;
  readonly watch?: boolean;
  /** Seconds. */
  readonly interval?: number;
}

/** `fcops status` */
export const status: Action<StatusOptions> = async (context, _words, options) => {
  const { output, world } = context;
  if (options.interval !== undefined && !options.watch)
    throw lackingOption('--interval says how often --watch looks', '--watch');
  if (options.watch && (output.format !== 'text' || !output.live)) throw noTerminal(output.format);
  const { hosts, roles } = lookedAtHosts(context, options);
  await checkAndHideSecrets(context, hosts.cluster);
  const view = await lookView(context, {
    title: `status of ${hosts.cluster.miner}`,
    forks: options.forks,
  });
  return atHosts(context, options, view, async (deps) => {
    const { signal } = deps;
    const looker = await statusLooker(sourcesOf(context), hosts, roles, targetOf(world), deps);
    try {
      if (options.watch) {
        view.end();
        await watchStatus(
          context,
          looker,
          { ...options, interval: options.interval ?? WATCH_INTERVAL },
          signal,
        );
        return EXIT.done;
      }
      const seen = await lookAtAll(looker, options.forks);
      view.end();
      if (signal.aborted) return EXIT.interrupted;
      show(context, seen, options);
      return seen.hosts.every(({ state }) => state === 'seen') ? EXIT.done : EXIT.failed;
    } finally {
      await looker.close();
    }
  });
};

const show = (context: Context, seen: ClusterStatus, { full = false }: StatusOptions): void => {
  const { output, world } = context;
  const document = statusDocument(seen, world.date().getTime() / 1000, wordsOf(context));
  switch (output.format) {
    case 'json':
      output.printJson(document);
      return;
    case 'junit':
      output.print(statusJunit(document));
      return;
    case 'prometheus':
      output.print(statusPrometheus(document));
      return;
    case 'text': {
      const { paint, width } = output;
      output.print(`${statusLines(document, { paint, width, full, moment: shortMoment }).join('\n')}\n`);
    }
  }
};

const noTerminal = (format: string): FcopsError =>
  new FcopsError({
    kind: 'usage',
    what:
      format === 'text'
        ? '--watch repaints a terminal, and standard output is none'
        : `--watch is for text, and --output says ${format}`,
    next: [edit('leave --watch out: each call looks once')],
  });
