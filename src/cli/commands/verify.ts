import type { OpsDeps } from '../../ops/deps.ts';
import { targetOf } from '../../ops/targets.ts';
import { verifyUntilRight } from '../../ops/verify/until-right.ts';
import type { Verified } from '../../ops/verify/verify.ts';
import { isRight, verifier } from '../../ops/verify/verify.ts';
import { atHosts } from '../at-hosts.ts';
import { wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { lackingOption } from '../lacking-option.ts';
import { type ClusterOptions, type ConnectionOptions, WAIT_INTERVAL } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { lookView } from '../views/run-view.ts';
import { shortMoment } from '../views/short-moment.ts';
import { verifyDocument } from '../views/verify-document.ts';
import { verifyJunit } from '../views/verify-junit.ts';
import { verifyLines } from '../views/verify-text.ts';
import type { WaitView } from '../views/verify-wait.ts';
import { waitView } from '../views/verify-wait.ts';
import type { RolesOption } from './looked-at-hosts.ts';
import { lookedAtHosts } from './looked-at-hosts.ts';

export interface VerifyOptions extends ClusterOptions, ConnectionOptions, RolesOption {
  readonly full?: boolean;
  /** Seconds; left out: it is looked once. */
  readonly wait?: number;
  /** Seconds. */
  readonly interval?: number;
}

/** `fcops verify` */
export const verify: Action<VerifyOptions> = async (context, _words, options) => {
  const { world } = context;
  const { wait, interval = WAIT_INTERVAL, forks: width } = options;
  if (options.interval !== undefined && wait === undefined)
    throw lackingOption('--interval says how often --wait looks', '--wait 10m, for example');
  const { hosts, roles } = lookedAtHosts(context, options);
  await checkAndHideSecrets(context, hosts.cluster);
  const view = await viewOf(context, hosts.cluster.miner, options);
  return atHosts(context, options, view, async (deps) => {
    const all = await verifier(sourcesOf(context), hosts, roles, targetOf(world), deps);
    try {
      view.begin(all.verified);
      const verified = await verifyUntilRight(all, { wait: wait ?? 0, interval, width }, deps, view.said);
      view.end();
      if (verified === null) {
        if (wait !== undefined && context.output.format === 'text') show(context, all.verified(), options);
        return EXIT.interrupted;
      }
      show(context, verified, options);
      return isRight(verified) ? EXIT.done : EXIT.failed;
    } finally {
      await all.close();
    }
  });
};

/** What is shown until the end: the looks, or with --wait what they have come to so far. */
interface View extends WaitView {
  readonly emit: OpsDeps['emit'];
}

const viewOf = async (
  context: Context,
  miner: string,
  { wait, interval = WAIT_INTERVAL, full = false, forks }: VerifyOptions,
): Promise<View> => {
  if (wait !== undefined) return waitView(context, { wait, interval, full });
  const { emit, end } = await lookView(context, { title: `verification of ${miner}`, forks });
  return { emit, end, begin: () => {}, said: () => {} };
};

const show = (context: Context, verified: Verified, { full = false }: VerifyOptions): void => {
  const { output, world } = context;
  const document = verifyDocument(verified, world.date().getTime() / 1000, wordsOf(context));
  switch (output.format) {
    case 'json':
      output.printJson(document);
      return;
    case 'junit':
      output.print(verifyJunit(document));
      return;
    default: {
      const { paint, width } = output;
      output.print(`${verifyLines(document, { paint, width, full, moment: shortMoment }).join('\n')}\n`);
    }
  }
};
