import { FcopsError } from '../../core/problem.ts';
import type { PastRun } from '../../engine/runs/history.ts';
import { lastSeen } from '../../engine/runs/history.ts';
import { historyOf, runNamed, takenUpBy } from '../../ops/resume.ts';
import { commandLine, wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { runsDirectory } from '../deps.ts';
import { EXIT } from '../exit.ts';
import { showFailure } from '../failure.ts';
import type { RunState } from '../views/runs-text.ts';
import { hostRows, runsText, runText, stateOf } from '../views/runs-text.ts';

export interface RunsOptions {
  readonly failed?: boolean;
}

/** States of runs that did not end well. */
const BAD: ReadonlySet<RunState> = new Set(['failed', 'interrupted', 'broken off']);

/** `fcops runs` */
export const list: Action<RunsOptions> = async (context, _, { failed }) => {
  const { output, world } = context;
  const { runs, problems } = historyOf(runsDirectory(world));
  const shown = runs.filter((run) => !failed || BAD.has(stateOf(run)));
  if (output.format === 'json') output.printJson(shown.map(documentOf));
  else if (shown.length === 0)
    output.printLine(failed ? 'every run of this machine ended well' : 'this machine has run nothing yet');
  else
    for (const line of runsText(shown, {
      paint: output.paint,
      width: output.width,
      since: wordsOf(context).since,
    }))
      output.printLine(line);
  if (problems.length > 0) showFailure(new FcopsError(problems), context);
  return problems.length > 0 ? EXIT.failed : EXIT.done;
};

/** `fcops runs show RUN` */
export const show: Action<object> = async (context, [name = '']) => {
  const { output, world } = context;
  const directory = runsDirectory(world);
  const run = runNamed(directory, name);
  const rows = hostRows(run, lastSeen(directory, run.record.run, run.record.hosts));
  if (output.format === 'json') {
    output.printJson({ ...documentOf(run), hosts: rows });
    return EXIT.done;
  }
  const { paint, width } = output;
  const words = wordsOf(context);
  for (const line of runText(run, rows, { paint, width, words })) output.printLine(line);
  for (const line of nextLines(context, run)) output.printLine(line);
  return EXIT.done;
};

/** What to do about a run that did not end well. */
const nextLines = (context: Context, run: PastRun): string[] => {
  if (!BAD.has(stateOf(run)) || run.resumedBy !== null) return [];
  const known = run.result?.results.length ?? 0;
  const unknown = run.record.hosts.length - known;
  const what =
    unknown === 0
      ? 'to do what is left:'
      : `what became of ${unknown === 1 ? 'it' : 'them'} is on ${known === 0 ? 'the' : 'the other'} ${unknown === 1 ? 'host' : 'hosts'}; to find out, and to do what is left:`;
  return ['', what, `  ${commandLine(context, takenUpBy(run))}`];
};

const documentOf = (run: PastRun) => {
  const { record, result, resumedBy } = run;
  const { role, miner } = record.request;
  return {
    run: record.run,
    state: stateOf(run),
    operation: record.operation,
    role,
    miner,
    who: record.who,
    since: record.since,
    ended: result?.ended ?? null,
    version: record.version,
    hosts: record.hosts,
    resumes: record.resumes ?? null,
    undoes: record.undoes ?? null,
    resumedBy,
  };
};
