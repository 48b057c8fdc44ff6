import type { Context } from './context.ts';
import { wrap } from './text/width.ts';

/** What came of a question. */
export type Answer = 'yes' | 'no' | 'nobody to ask' | 'interrupted';

/** Whether somebody is there who reads what is shown and can answer. */
export const isSomebodyThere = ({ world, output }: Context): boolean =>
  output.format === 'text' && world.stdinIsTerminal && world.stdout.isTerminal;

/**
 * Asks on the terminal; anything but y or yes is no. `details`, where there are any, shows them at d, and the question
 * comes again.
 */
export const askYesOrNo = async (
  { world, output }: Context,
  question: string,
  details?: () => Promise<void>,
): Promise<Exclude<Answer, 'nobody to ask'>> => {
  const whole = `${question} [y/N]${details ? ' (d: details)' : ''}`;
  const ask = () => {
    // A terminal breaks a line in the middle of a word. A blank and the answer stand behind it.
    const lines = wrap(whole, output.width - 2, 2);
    for (const line of lines.slice(0, -1)) output.printLine(line);
    return world.ask(`${lines.at(-1) ?? ''} `);
  };
  let reply = await ask();
  while (details && reply !== null && /^\s*d(etails)?\s*$/i.test(reply)) {
    await details();
    reply = await ask();
  }
  if (reply === null) return 'interrupted';
  return /^\s*y(es)?\s*$/i.test(reply) ? 'yes' : 'no';
};
