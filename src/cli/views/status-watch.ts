import type { StatusLooker } from '../../ops/status/status.ts';
import { wordsOf } from '../command-line.ts';
import type { Context } from '../context.ts';
import { printable, truncate } from '../text/width.ts';
import { FRAME_MS } from './live.ts';
import { Screen } from './screen.ts';
import { shortMoment } from './short-moment.ts';
import { statusDocument } from './status-document.ts';
import { statusLines } from './status-text.ts';

export interface WatchOptions {
  readonly full?: boolean;
  /** Seconds between the end of a look at a host and the next one. */
  readonly interval: number;
}

/**
 * Looks at each host again and again, over connections that stay, and paints what has changed, at most ten times a
 * second, until the signal is aborted. A host that is slow holds up none of the others.
 */
export const watchStatus = async (
  context: Context,
  looker: StatusLooker,
  { full = false, interval }: WatchOptions,
  signal: AbortSignal,
): Promise<void> => {
  const { world, output } = context;
  const screen = new Screen(output.stdout);
  let isNew = true;
  const paint = () => {
    if (!isNew) return;
    isNew = false;
    screen.paint(frame(context, looker, full));
  };
  const pause = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = world.after(interval * 1000, done);
      signal.addEventListener('abort', done, { once: true });
    });
  const again = async (work: () => Promise<void>) => {
    while (!signal.aborted) {
      await work();
      if (signal.aborted) return;
      isNew = true;
      await pause();
    }
  };
  const stopClock = world.every(FRAME_MS, paint);
  paint();
  try {
    await Promise.all([
      ...looker.hosts.map((host) => again(() => looker.lookAt(host))),
      again(looker.askMiner),
    ]);
  } finally {
    stopClock();
    screen.clear();
    output.print(`${lines(context, looker, full).join('\n')}\n`);
  }
};

const lines = (context: Context, looker: StatusLooker, full: boolean): string[] => {
  const { world, output } = context;
  const document = statusDocument(looker.status(), world.date().getTime() / 1000, wordsOf(context));
  // A column at the right that no terminal takes for a reason to break.
  const width = output.stdout.columns() - 1;
  return statusLines(document, { paint: output.paint, width, full, moment: shortMoment });
};

/** What fits: a line is left for the cursor below. */
const frame = (context: Context, looker: StatusLooker, full: boolean): string[] => {
  const all = lines(context, looker, full);
  const rows = context.output.stdout.rows() - 1;
  if (all.length <= rows) return all;
  const shown = all.slice(0, Math.max(1, rows - 1));
  const more = truncate(
    printable(`… and ${all.length - shown.length} more lines`),
    context.output.stdout.columns() - 1,
  );
  return [...shown, context.output.paint.quiet(more)];
};
