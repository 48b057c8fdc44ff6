import type { Exit } from '../transport/connection.ts';

/** How a command ended, with what was printed on the way there masked. */
export const maskedExit = (exit: Exit, mask: (text: string) => string): Exit => {
  const { stderr, problem } = exit;
  const why = problem?.why === undefined ? {} : { why: mask(problem.why) };
  return { ...exit, stderr: mask(stderr), ...(problem && { problem: { ...problem, ...why } }) };
};
