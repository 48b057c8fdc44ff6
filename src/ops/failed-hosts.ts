import { basename, dirname } from 'node:path';
import { edit, fcopsCommand } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import type { PastRun } from '../engine/runs/history.ts';
import { FAILED } from '../inventory/host-pattern.ts';
import { cameToItsHosts, historyOf, hostsWithoutGoodEnd } from './resume.ts';

/** Hosts of a run that have not ended well in it, in its order. */
export interface FailedHosts {
  readonly run: PastRun;
  readonly hosts: readonly string[];
}

/**
 * The hosts that did not end well in the last run of a miner, or of any where none is named: failed, out of reach, kept
 * from changes by a check, not come to. Throws a usage error where there is no run, where it goes on, and where all ended
 * well.
 */
export const failedHosts = (directory: string, miner: string | undefined): FailedHosts => {
  const { runs, problems } = historyOf(directory);
  const run = runs.find((one) => isRun(one) && (miner === undefined || one.record.request.miner === miner));
  // One that cannot be read may be the last.
  const unread = problems.filter((problem) => run === undefined || nameOf(problem) > run.record.run);
  if (unread.length > 0) throw new FcopsError(unread);
  const ofMiner = miner === undefined ? '' : ` for ${miner}`;
  if (!run)
    throw usage({
      what: `this machine has run nothing${ofMiner} yet`,
      where: { file: directory },
      next: [fcopsCommand(['runs'], 'see what it has run')],
    });
  const name = run.record.run;
  if (run.alive && run.result === null)
    throw usage({
      what: `${name} goes on, in process ${run.record.process.pid} of this machine`,
      next: [edit('wait for it to end')],
    });
  const hosts = hostsWithoutGoodEnd(directory, run);
  if (hosts.length > 0) return { run, hosts };
  throw usage({
    what: `all hosts ended well in the last run${ofMiner}, ${name}`,
    next: [fcopsCommand(['runs', 'show', name], 'see what it did')],
  });
};

/** Nothing was done where somebody said no, or another run had all hosts. */
const isRun = (run: PastRun): boolean =>
  run.result?.state !== 'declined' && run.result?.state !== 'unasked' && cameToItsHosts(run);

/** The run that a problem with a journal is about: its files are in a folder of its name. */
const nameOf = ({ where }: Problem): string => basename(dirname(where?.file ?? ''));

const usage = (problem: Omit<Problem, 'kind'>): FcopsError =>
  new FcopsError({ kind: 'usage', ...problem, what: `${FAILED}: ${problem.what}` });
