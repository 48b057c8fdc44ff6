/**
 * Made-up inputs, one after the other, in a process of its own: the one that started it sees what each came to, and ends
 * it where it hangs. Arguments: the subject, the seed, how many there are, the first, and the subject's own.
 */
import { messageOf } from '../../src/core/problem.ts';
import { answerTries } from './answers.ts';
import { fileTries } from './inputs.ts';

/** Tries one made-up input by its number. Gives what is wrong with what came of it. */
export type Try = (number: number) => Promise<readonly string[]>;

/** What is told of each. */
export type FuzzMessage =
  | { readonly type: 'begin'; readonly number: number }
  | { readonly type: 'end'; readonly number: number; readonly faults: readonly string[] }
  | { readonly type: 'memory'; readonly bytes: number };

/** Seconds of the processor that one input may take; a hundredth of it is usual. */
const MOST_SECONDS = 2;
/** Inputs between two looks at the memory. */
const ROUND = 100;

/** Waits until it is on its way: what is not is lost with this process. */
const tell = (message: FuzzMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });

const seconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const faultsOf = async (attempt: Try, number: number): Promise<readonly string[]> => {
  const begun = seconds();
  try {
    const faults = await attempt(number);
    const took = seconds() - begun;
    return took > MOST_SECONDS ? [...faults, `it took ${took.toFixed(1)} s`] : faults;
  } catch (error) {
    return [`a defect: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`];
  }
};

const [subject = '', seed = '', count = '', first = '', ...own] = process.argv.slice(2);
const attempt = await (subject === 'answers' ? answerTries(Number(seed), own) : fileTries(Number(seed), own));
for (let number = Number(first); number < Number(count); number++) {
  await tell({ type: 'begin', number });
  await tell({ type: 'end', number, faults: await faultsOf(attempt, number) });
  if ((number + 1) % ROUND === 0) {
    globalThis.gc?.();
    await tell({ type: 'memory', bytes: process.memoryUsage().heapUsed });
  }
}
process.disconnect?.();
