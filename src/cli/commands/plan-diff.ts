import { planDiff } from '../../ops/plan-diff/plan-diff.ts';
import { wordsOf } from '../command-line.ts';
import type { Context } from '../context.ts';
import { exitOf } from '../exit.ts';
import { sourcesOf } from '../sources.ts';
import { planDiffDocument, withoutSame } from '../views/plan-diff-document.ts';
import { planDiffText } from '../views/plan-diff-text.ts';
import { findingsBy } from '../views/verdict.ts';

export interface PlanDiffOptions {
  readonly base: string;
  readonly miner?: string;
  readonly limit?: string;
  readonly tags: readonly string[];
  readonly full?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `fcops plan ROLE --base REVISION`: no host is asked, and no secret is read. */
export const comparePlans = async (
  context: Context,
  role: string,
  options: PlanDiffOptions,
): Promise<number> => {
  const { output } = context;
  const { base, miner, limit, tags, full = false, detailedExitcode = false } = options;
  const found = await planDiff(sourcesOf(context), { role, base, miner, limit, tags });
  const document = planDiffDocument(found, wordsOf(context));
  const { colour, width } = output;
  switch (output.format) {
    case 'json':
      output.printJson(withoutSame(document));
      break;
    case 'markdown': {
      const { planDiffMarkdown } = await import('../views/plan-diff-markdown.ts');
      output.print(planDiffMarkdown(document));
      break;
    }
    case 'junit': {
      const { planDiffJunit } = await import('../views/plan-diff-junit.ts');
      output.print(planDiffJunit(document, context.world.date()));
      break;
    }
    default:
      output.print(planDiffText(document, { colour, width, full }));
  }
  return exitOf(findingsBy(document.verdict), detailedExitcode);
};
