import type { DeployRequest } from '../../ops/deploy-request.ts';
import { planHosts } from '../../ops/plan.ts';
import { readyHosts, requireProcesses } from '../../ops/role-work.ts';
import { oldTokens } from '../../ops/rotate/old-tokens.ts';
import type { TokenRequests } from '../../ops/rotate/token-requests.ts';
import { onReadyHosts, tokenRequests } from '../../ops/rotate/token-requests.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import { commandLine, planCommands, wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { hideSecrets, sourcesOf } from '../sources.ts';
import { addressesOf } from '../text/addresses.ts';
import { rotateDocument } from '../views/rotate-document.ts';
import { rotateLines } from '../views/rotate-text.ts';
import { lookView } from '../views/run-view.ts';
import { carriedOut, carryOut } from './deploy.ts';

export interface RotateOptions extends ClusterOptions, ConnectionOptions {
  readonly process?: readonly string[];
  /** Seconds. */
  readonly killAfter?: number;
  readonly loseTasks?: boolean;
  /** Seconds. */
  readonly drainTimeout?: number;
  readonly preflight?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly full?: boolean;
  readonly verbose?: boolean;
}

/** `fcops rotate token` */
export const token: Action<RotateOptions> = async (context, _words, options) => {
  const { miner, limit, process, killAfter, loseTasks, drainTimeout, preflight, transport } = options;
  const sources = sourcesOf(context);
  const requests = tokenRequests(sources, {
    ...{ miner, limit, transport },
    ...(process && { processes: process }),
    ...(killAfter !== undefined && { killAfter }),
    ...(preflight === false && { preflight }),
    stop: { loseTasks: loseTasks === true, ...(drainTimeout !== undefined && { drainTimeout }) },
  });
  await requireProcesses(sources, requests.workers);
  if (options.dryRun) return dryRun(context, requests, options);
  const first = await carriedOut(context, sources, requests.profiles, options);
  const workers = onReadyHosts(requests.workers, first.results);
  if (first.code === EXIT.interrupted || workers === null) return first.code;
  const code = await carryOut(context, sources, workers, options);
  return code === EXIT.done ? first.code : code;
};

/** Looks who has another token, and changes nothing. */
const dryRun = async (
  context: Context,
  { profiles, workers }: TokenRequests,
  options: RotateOptions,
): Promise<number> => {
  const { output, world } = context;
  const sources = sourcesOf(context);
  const hosts = await readyHosts(sources, profiles);
  const { cluster } = hosts;
  hideSecrets(context, cluster);
  const view = await lookView(context, {
    title: `rotate the token of ${cluster.miner}`,
    forks: options.forks,
  });
  const found = await atHosts(context, options, view, async (deps) => {
    const look = async (request: DeployRequest) =>
      planHosts(sources, await readyHosts(sources, request), request, targetOf(world), deps);
    const planned = [await look(profiles), await look({ ...workers, preflight: false })] as const;
    return deps.signal.aborted ? null : oldTokens(...planned, cluster.sectorSize);
  });
  if (found === null) return EXIT.interrupted;
  const document = rotateDocument(cluster.miner, found, world.date().getTime() / 1000, wordsOf(context));
  if (output.format === 'json') output.printJson(document);
  else {
    const { paint, width } = output;
    const about = { miner: cluster.miner, limit: options.limit };
    const planCommand = commandLine(context, ['plan', 'all', '--tags', 'profile'], about);
    const { trustCommand } = planCommands(context, hosts);
    const shown = { paint, width, planCommand, trustCommand, addresses: addressesOf(hosts) };
    output.print(`${rotateLines(document, shown).join('\n')}\n`);
  }
  return found.unseen.length > 0 ? EXIT.failed : EXIT.done;
};
