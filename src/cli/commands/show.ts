import { isExpired, readSavedPlan } from '../../ops/saved-plan/read.ts';
import { commandLine, wordsOf } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { planText } from '../views/plan-text.ts';
import { savedPlanDocument } from '../views/show-document.ts';
import { savedPlanLines, savedWords } from '../views/show-text.ts';

export interface ShowOptions {
  readonly full?: boolean;
}

/** `fcops show FILE`: what was saved, without asking any host or reading the inventory. */
export const show: Action<ShowOptions> = async (context, [file = ''], { full }) => {
  const { output, world } = context;
  const saved = readSavedPlan(file);
  const words = wordsOf(context);
  const document = savedPlanDocument(saved, isExpired(saved, world.date()), words);
  if (output.format === 'json') {
    output.printJson(document);
    return EXIT.done;
  }
  if (output.format === 'markdown') {
    const { planMarkdown } = await import('../views/plan-markdown.ts');
    output.print(planMarkdown(document.plan, { about: [savedWords(document)] }));
    return EXIT.done;
  }
  const { colour, width } = output;
  const { role, miner } = saved.request;
  const about = (hosts: readonly string[]) => ({ miner, limit: hostRanges(hosts).replaceAll(', ', ',') });
  const apply = commandLine(context, ['apply', file]);
  for (const line of savedPlanLines(document, { width, paint: output.paint, apply })) output.printLine(line);
  output.print(
    planText(document.plan, {
      ...{ colour, width, full: full === true, since: words.since },
      trustCommand: (hosts) => commandLine(context, ['trust'], about(hosts)),
      startCommand: (hosts) => commandLine(context, ['deploy', role, '--start'], about(hosts)),
    }),
  );
  return EXIT.done;
};
