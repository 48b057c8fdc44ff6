import { answerOf } from '../../ops/at-miner/asked.ts';
import { atMiner } from '../../ops/at-miner/whose.ts';
import { clusterJobs } from '../../ops/jobs/jobs.ts';
import { minerSaysQuery } from '../../ops/miner-says.ts';
import { wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { MinerOptions } from '../miner-look.ts';
import { askedOnce } from '../miner-look.ts';
import { jobsDocument } from '../views/jobs-document.ts';
import { jobsLines } from '../views/jobs-text.ts';

export interface JobsOptions extends MinerOptions {
  readonly task: readonly string[];
  readonly late?: boolean;
  readonly full?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `fcops jobs` */
export const jobs: Action<JobsOptions> = async (context, _words, options) => {
  const { output, world } = context;
  const found = await askedOnce(context, options, minerSaysQuery);
  if (found === null) return EXIT.interrupted;
  const { asked, answer } = found;
  const { cluster, minerHost, chosen, workerHosts } = asked;
  const listed = answerOf(answer.jobs, 'of its tasks', asked);
  const at = atMiner(answer, workerHosts);
  const about = { miner: cluster.miner, minerHost: minerHost.name, sectorSize: cluster.sectorSize };
  const filter = { hosts: chosen, tasks: options.task, late: options.late === true };
  const view = clusterJobs(listed, answer.workers, at, about, filter);
  const document = jobsDocument(view, world.date().getTime() / 1000, wordsOf(context));
  if (output.format === 'json') output.printJson(document);
  else {
    const { paint, width } = output;
    output.print(`${jobsLines(document, { paint, width, full: options.full === true }).join('\n')}\n`);
  }
  const isTrouble = document.jobs.some(({ troubles }) => troubles.length > 0);
  return options.detailedExitcode && isTrouble ? EXIT.unwanted : EXIT.done;
};
