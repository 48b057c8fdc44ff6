import { setMaxListeners } from 'node:events';
import { interrupted } from '../ops/interruptible.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';

/**
 * Lets a command be interrupted: the first Ctrl-C aborts the signal, so that hosts stop after the step they
 * are at; the second leaves at once. SIGTERM counts as a Ctrl-C.
 */
export const withInterrupts = async <Result>(
  { world, output }: Context,
  { atFirst, atSecond }: { readonly atFirst: () => void; readonly atSecond: () => void },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController();
  // Every host listens to it: more than ten listeners are no leak.
  setMaxListeners(0, controller.signal);
  const stop = world.onInterrupt(() => {
    if (controller.signal.aborted) {
      atSecond();
      output.note('left at once: what runs on the hosts ends there by itself');
      world.exit(EXIT.interrupted);
      return;
    }
    // The reason comes back as the error of whatever is under way: an interrupt, and no defect.
    controller.abort(interrupted());
    atFirst();
  });
  try {
    return await work(controller.signal);
  } finally {
    stop();
  }
};
