import type { Context } from './context.ts';
import { wrap } from './text/width.ts';

/** A command that comes next, and what it is for. */
export interface NextStep {
  readonly what: string;
  readonly command: string;
}

/** Shows what comes next, a number each: the commands in lines of their own, to be copied. */
export const showNext = ({ output }: Pick<Context, 'output'>, steps: readonly NextStep[]): void => {
  if (steps.length === 0) return;
  const lines = steps.flatMap(({ what, command }, index) => [
    ...wrap(`${index + 1}. ${what}:`, output.width - 2, 3).map((line) => `  ${line}`),
    `       ${command}`,
  ]);
  output.print(`\nnext:\n${lines.join('\n')}\n`);
};
