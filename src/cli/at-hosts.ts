import type { OpsDeps } from '../ops/deps.ts';
import { connectBy } from './connect.ts';
import type { Context } from './context.ts';
import { opsDeps } from './deps.ts';
import { withInterrupts } from './interrupts.ts';
import type { ConnectionOptions } from './options.ts';
import type { RunView } from './views/run-view.ts';

/** What is shown while a command is at its hosts. */
type View = Pick<RunView, 'emit' | 'inOrder' | 'end'>;

/**
 * Does something at hosts of which no journal is kept: connects as the options say, under this view, which has ended
 * whatever comes of it. Ctrl-C aborts the signal that `work` is given; `atFirst` is what it does besides.
 */
export const atHosts = async <Result>(
  context: Context,
  options: ConnectionOptions,
  view: View,
  work: (deps: OpsDeps) => Promise<Result>,
  atFirst: () => void = view.end,
): Promise<Result> => {
  const { forks } = options;
  const { emit, inOrder } = view;
  try {
    const connect = await connectBy(context.world, options);
    return await withInterrupts(context, { atFirst, atSecond: view.end }, (signal) =>
      work(opsDeps(context, { connect, forks, emit, signal, inOrder })),
    );
  } finally {
    view.end();
  }
};
