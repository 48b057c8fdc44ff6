import type { Context } from './context.ts';

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
  { world }: Context,
  question: string,
  details?: () => Promise<void>,
): Promise<Exclude<Answer, 'nobody to ask'>> => {
  const asked = `${question} [y/N] ${details ? '(d: details) ' : ''}`;
  let reply = await world.ask(asked);
  while (details && reply !== null && /^\s*d(etails)?\s*$/i.test(reply)) {
    await details();
    reply = await world.ask(asked);
  }
  if (reply === null) return 'interrupted';
  return /^\s*y(es)?\s*$/i.test(reply) ? 'yes' : 'no';
};
