import { posix } from 'node:path';
import { momentOf } from '../../core/moment.ts';
import { checkFiles } from '../../ops/check/check.ts';
import { realPath } from '../../ops/real-path.ts';
import { wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import { sourcesOf } from '../sources.ts';
import { checkDocument } from '../views/check-document.ts';
import { githubLines } from '../views/check-github.ts';
import { checkJunit } from '../views/check-junit.ts';
import { checkLines, countLine } from '../views/check-text.ts';

/** `fcops check` */
export const check: Action<{ readonly miner?: string }> = async (context, _, { miner }) => {
  const { output, world } = context;
  const now = world.date();
  const sources = sourcesOf(context);
  const checked = await checkFiles(sources, { miner, now });
  const at = momentOf(now.getTime() / 1000) ?? '';
  const document = checkDocument(checked, at, wordsOf(context));
  const { paint, width } = output;
  switch (output.format) {
    case 'json':
      output.printJson(document);
      break;
    case 'junit':
      output.print(checkJunit(document));
      break;
    case 'github':
      for (const line of [
        ...githubLines(document, belowRoot(sources.env.GITHUB_WORKSPACE)),
        countLine(document, paint),
      ])
        output.printLine(line);
      break;
    default:
      for (const line of checkLines(document, { paint, width })) output.printLine(line);
  }
  return document.counts.errors > 0 ? EXIT.failed : EXIT.done;
};

/** GitHub knows files by their paths in the repository, and not by those from where a step is run. */
const belowRoot =
  (root: string | undefined) =>
  (file: string): string => {
    if (root === undefined || root === '') return file;
    const path = posix.relative(realPath(root), realPath(file));
    return path.startsWith('..') ? file : path;
  };
