import { answerOf } from '../../ops/at-miner/asked.ts';
import { atMiner } from '../../ops/at-miner/whose.ts';
import { clusterWorkers } from '../../ops/jobs/workers.ts';
import { minerSaysQuery } from '../../ops/miner-says.ts';
import { wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { MinerOptions } from '../miner-look.ts';
import { askedOnce } from '../miner-look.ts';
import { workersDocument } from '../views/workers-document.ts';
import { workersLines } from '../views/workers-text.ts';

export interface WorkersOptions extends MinerOptions {
  readonly full?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `fcops workers` */
export const workers: Action<WorkersOptions> = async (context, _words, options) => {
  const { output, world } = context;
  const found = await askedOnce(context, options, minerSaysQuery);
  if (found === null) return EXIT.interrupted;
  const { asked, answer } = found;
  const { cluster, minerHost, chosen, workerHosts } = asked;
  answerOf(answer.workers, 'of its workers', asked);
  const about = { miner: cluster.miner, minerHost: minerHost.name };
  const view = clusterWorkers(answer.jobs, atMiner(answer, workerHosts), about, chosen);
  const document = workersDocument(view, world.date().getTime() / 1000, wordsOf(context));
  if (output.format === 'json') output.printJson(document);
  else {
    const { paint, width } = output;
    output.print(`${workersLines(document, { paint, width, full: options.full === true }).join('\n')}\n`);
  }
  return options.detailedExitcode && document.troubles.length > 0 ? EXIT.unwanted : EXIT.done;
};
