import type { Problem } from '../core/problem.ts';
import { FcopsError } from '../core/problem.ts';
import type { SeenEvent } from '../ops/at-miner/carry-out-seen.ts';
import type { Answer } from './ask.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { showFailure } from './failure.ts';
import type { MinerProgress } from './views/miner-progress.ts';

/** Several things that lotus-miner is to be told, as a command shows, asks for and does them. */
export interface MinerBatch<Result, Document> {
  /** Why nothing is done at all, whoever says yes. */
  readonly refusals: readonly Problem[];
  readonly chosen: readonly unknown[];
  /** Null: nothing was done. */
  readonly documentOf: (result: Result | null) => Document;
  readonly planLines: (document: Document) => readonly string[];
  readonly outcomeLines: (document: Document) => readonly string[];
  readonly agree: () => Promise<Exclude<Answer, 'nobody to ask'>>;
  /** What is said where that is declined. */
  readonly nothing: string;
  /** What is said while it is looked what came of it. */
  readonly looking: string;
  readonly work: (onEvent: (event: SeenEvent) => void) => Promise<Result>;
  /** What stood against it, and what was not seen to be done. */
  readonly problemsOf: (result: Result) => readonly Problem[];
}

/** Shows what would be done, asks, has it done, and says what came of it; gives the exit code. */
export const carryOutBatch = async <Result extends { readonly isStopped: boolean }, Document>(
  context: Context,
  batch: MinerBatch<Result, Document>,
  progress: MinerProgress,
  isDryRun: boolean,
): Promise<number> => {
  const { output } = context;
  const isText = output.format === 'text';
  const print = (lines: readonly string[]) => output.print(`${lines.join('\n')}\n`);
  const isEnd = isDryRun || batch.refusals.length > 0 || batch.chosen.length === 0;
  if (isText) print(batch.planLines(batch.documentOf(null)));
  else if (isEnd) output.printJson(batch.documentOf(null));
  if (batch.refusals.length > 0) throw new FcopsError(batch.refusals);
  if (isEnd) return EXIT.done;
  const agreed = await batch.agree();
  if (agreed !== 'yes') {
    if (agreed === 'no') output.printLine(batch.nothing);
    return agreed === 'interrupted' ? EXIT.interrupted : EXIT.failed;
  }
  progress.isAtWork = true;
  const result = await batch.work((event) =>
    event.type === 'looking' ? progress.waits(batch.looking) : progress.emit(event),
  );
  progress.isAtWork = false;
  progress.close();
  const document = batch.documentOf(result);
  if (isText) print(batch.outcomeLines(document));
  else output.printJson(document);
  const problems = batch.problemsOf(result);
  if (problems.length > 0) showFailure(new FcopsError(problems), context);
  if (result.isStopped) return EXIT.interrupted;
  return problems.length === 0 ? EXIT.done : EXIT.failed;
};
