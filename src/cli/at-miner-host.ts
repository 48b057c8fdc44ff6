import type { ChangeDeps } from '../ops/deps.ts';
import { connectBy } from './connect.ts';
import type { Context } from './context.ts';
import { changeDeps } from './deps.ts';
import { EXIT } from './exit.ts';
import { withInterrupts } from './interrupts.ts';
import type { ConnectionOptions } from './options.ts';
import type { MinerProgress } from './views/miner-progress.ts';

/**
 * Does something at the miner host that may change it. Ctrl-C aborts the signal: before anything is changed that is the
 * end, later the host stops after the step that it is at. Gives an exit code.
 */
export const atMinerHost = async (
  context: Context,
  options: Pick<ConnectionOptions, 'transport'>,
  progress: MinerProgress,
  work: (deps: ChangeDeps) => Promise<number>,
): Promise<number> => {
  const connect = await connectBy(context.world, { ...options, forks: 1 });
  const atFirst = () => {
    progress.close();
    if (progress.isAtWork)
      context.output.note('stopping after what lotus-miner is being told; Ctrl-C again leaves at once');
  };
  try {
    return await withInterrupts(context, { atFirst, atSecond: progress.close }, async (signal) => {
      try {
        return await work(changeDeps(context, { connect, forks: 1, emit: () => {}, signal }));
      } catch (error) {
        if (signal.aborted) return EXIT.interrupted;
        throw error;
      }
    });
  } finally {
    progress.close();
  }
};
