import type { Context } from './context.ts';
import { wrap } from './text/width.ts';

/** Prints a sentence, broken at the width of the screen. */
export const say = ({ output }: Pick<Context, 'output'>, text: string): void => {
  for (const line of wrap(text, output.width, 2)) output.printLine(line);
};
