import type { Emit, RunEvent } from '../../engine/events.ts';
import type { FlowPart } from '../../engine/flow.ts';
import { stepSeconds } from '../../engine/runs/history.ts';
import { wordsOf } from '../command-line.ts';
import type { Context } from '../context.ts';
import { runsDirectory } from '../deps.ts';
import type { AddressBook } from '../text/addresses.ts';
import { HEARTBEAT_SECONDS, PlainView } from './plain.ts';

/** A view of a run that is under way, whatever it looks like. */
export interface RunView {
  readonly emit: Emit;
  /** Runs the parts of a flow where the view shows them as such. */
  readonly inOrder?: (parts: readonly FlowPart[]) => Promise<void>;
  /** Leaves the screen to something else until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Says something to the person in front, above the view. */
  readonly say: (line: string) => void;
  readonly end: () => void;
}

export interface RunViewOptions {
  readonly title: string;
  /** Stages that are not worth a line: nobody is asked where `--yes` has answered. */
  readonly hidden?: readonly string[];
  readonly addresses: AddressBook;
  readonly verbose: boolean;
  /** Hosts that are changed at the same time. */
  readonly forks: number;
}

/** JSON lines where they are asked for, a live view on a terminal, plain lines anywhere else. */
export const runView = async (context: Context, options: RunViewOptions): Promise<RunView> => {
  const { output } = context;
  if (output.format === 'json') {
    const { jsonView } = await import('./json.ts');
    const emit = jsonView((line) => output.printLine(line), options.addresses, wordsOf(context));
    return { emit, pause: nothing, resume: nothing, say: (line) => output.note(line), end: nothing };
  }
  return output.live ? liveView(context, options) : plainView(context, options);
};

/**
 * Progress while a plan is made, where somebody watches. Not where standard output goes elsewhere: a pager
 * (`fcops plan p1 | less`) has the terminal then, and would be painted over. What is waited for is a line with its time.
 */
export const lookView = async (
  context: Context,
  options: Pick<RunViewOptions, 'title' | 'forks'>,
): Promise<RunView> => {
  const { world, output } = context;
  if (output.live && output.format === 'text') return liveView(context, options);
  const say = (line: string) => output.note(line);
  // What is waited for may take half an hour.
  const emit: Emit = (event) => {
    if (event.type === 'waits')
      say(`${world.date().toLocaleTimeString('sv-SE')} ${event.host}: ${event.text}`);
  };
  return { emit, pause: nothing, resume: nothing, say, end: nothing };
};

const nothing = (_event?: RunEvent): void => {};

const plainView = ({ world, output }: Context, { verbose }: RunViewOptions): RunView => {
  const view = new PlainView({ writeLine: (line) => output.printLine(line), now: world.now, verbose });
  const end = world.every((HEARTBEAT_SECONDS * 1000) / 10, () => view.heartbeat());
  return { emit: view.emit, pause: nothing, resume: nothing, say: (line) => output.printLine(line), end };
};

const liveView = async (
  context: Context,
  { title, hidden = [], forks }: Pick<RunViewOptions, 'title' | 'hidden' | 'forks'>,
): Promise<RunView> => {
  const { world, output } = context;
  const [{ startLive }, { Listr }] = await Promise.all([import('./live.ts'), import('listr2')]);
  const { stdout: out, paint } = output;
  const live = startLive(title, new Set(hidden), {
    Listr,
    out,
    paint,
    now: world.now,
    every: world.every,
    atOnce: forks,
    secondsBefore: () => stepSeconds(runsDirectory(world)),
  });
  return {
    ...live,
    say: (line) => {
      live.pause();
      out.write(`${line}\n`);
      live.resume();
    },
  };
};
