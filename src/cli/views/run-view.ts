import type { Emit, RunEvent } from '../../engine/events.ts';
import type { Session } from '../session.ts';
import type { StageName } from './live-frame.ts';
import { HEARTBEAT_SECONDS, PlainView } from './plain.ts';

/** A view of a run that is under way, whatever it looks like. */
export interface RunView {
  readonly emit: Emit;
  /** Leaves the screen to something else until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Says something to the person in front, above the view. */
  readonly say: (line: string) => void;
  readonly end: () => void;
}

export interface RunViewOptions {
  readonly title: string;
  readonly stages: readonly StageName[];
  readonly hosts: readonly string[];
  readonly addresses: ReadonlyMap<string, string>;
  readonly verbose: boolean;
}

/** JSON lines where they are asked for, a live view on a terminal, plain lines anywhere else. */
export const runView = async (session: Session, options: RunViewOptions): Promise<RunView> => {
  const { output } = session;
  if (output.format === 'json') {
    const { jsonView } = await import('./json.ts');
    const emit = jsonView((line) => output.printLine(line), options.addresses);
    return { emit, pause: nothing, resume: nothing, say: (line) => output.note(line), end: nothing };
  }
  return output.live ? liveView(session, options) : plainView(session, options);
};

/**
 * Progress while a plan is made, where somebody watches. Not where standard output goes elsewhere: a pager
 * (`fcops plan p1 | less`) has the terminal then, and would be painted over.
 */
export const lookView = async (session: Session, options: RunViewOptions): Promise<RunView> => {
  const { output } = session;
  if (output.live && output.format === 'text') return liveView(session, options);
  const say = (line: string) => output.note(line);
  return { emit: nothing, pause: nothing, resume: nothing, say, end: nothing };
};

const nothing = (_event?: RunEvent): void => {};

const plainView = ({ world, output }: Session, { verbose }: RunViewOptions): RunView => {
  const view = new PlainView({ writeLine: (line) => output.printLine(line), now: world.now, verbose });
  const end = world.every((HEARTBEAT_SECONDS * 1000) / 10, () => view.heartbeat());
  return { emit: view.emit, pause: nothing, resume: nothing, say: (line) => output.printLine(line), end };
};

const liveView = async (session: Session, { title, stages, hosts }: RunViewOptions): Promise<RunView> => {
  const { world, output } = session;
  const { startLive } = await import('./live.ts');
  const { stdout: out, paint } = output;
  const live = startLive(title, stages, hosts, { out, paint, now: world.now, every: world.every });
  return {
    ...live,
    say: (line) => {
      live.pause();
      out.write(`${line}\n`);
      live.resume();
    },
  };
};
