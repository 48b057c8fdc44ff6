import { FAILED_STATES, isFailed } from '../../lotus/sector-states.ts';
import { answerOf, askedCluster, askMinerHost } from '../../ops/at-miner/asked.ts';
import { noStatuses, STATUSES_AT_ONCE, sectorsQuery, statusQuery } from '../../ops/sectors/look.ts';
import { sectorsView } from '../../ops/sectors/overview.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { sectorsDocument } from '../views/sectors-document.ts';
import { sectorsLines } from '../views/sectors-text.ts';

export interface SectorsOptions extends Pick<ConnectionOptions, 'transport'> {
  readonly miner?: string;
  readonly state: readonly string[];
  readonly full?: boolean;
  readonly detailedExitcode?: boolean;
}

/** Sectors that are asked about one by one where nobody asks for more. */
const FEW = 20;

/** `fcops sectors` */
export const sectors: Action<SectorsOptions> = async (context, _words, options) => {
  const { output, world } = context;
  const asked = await askedCluster(sourcesOf(context), { miner: options.miner });
  await checkAndHideSecrets(context, asked.cluster);
  const states = options.state.length > 0 ? options.state : FAILED_STATES;
  const quiet = { emit: () => {}, end: () => {} };
  const found = await atHosts(context, { ...options, forks: 1 }, quiet, async (deps) => {
    try {
      const look = await askMinerHost(asked, sectorsQuery(states), targetOf(world), deps);
      const listed = answerOf(look.list, 'of its sectors', asked);
      const numbers = listed.map(({ number }) => number).slice(0, options.full ? STATUSES_AT_ONCE : FEW);
      const statuses =
        numbers.length === 0
          ? noStatuses(look.now)
          : await askMinerHost(asked, statusQuery(numbers), targetOf(world), deps);
      return sectorsView(states, look, statuses, asked);
    } catch (error) {
      if (deps.signal.aborted) return null;
      throw error;
    }
  });
  if (found === null) return EXIT.interrupted;
  const document = sectorsDocument(found, world.date().getTime() / 1000);
  if (output.format === 'json') output.printJson(document);
  else {
    const { paint, width } = output;
    output.print(`${sectorsLines(document, { paint, width, full: options.full === true }).join('\n')}\n`);
  }
  const isTrouble =
    document.counts?.some(({ failed }) => failed) === true ||
    document.sectors.some(({ state }) => state === null || isFailed(state));
  return options.detailedExitcode && isTrouble ? EXIT.unwanted : EXIT.done;
};
