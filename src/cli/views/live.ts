import type { Listr, ListrRenderer, ListrTaskObject } from 'listr2';
import { onDemand } from '../../core/remember.ts';
import type { Emit } from '../../engine/events.ts';
import type { FlowPart } from '../../engine/flow.ts';
import type { Paint } from '../text/paint.ts';
import type { Stage, StageState } from './live-frame.ts';
import { liveFrame } from './live-frame.ts';
import { RunState } from './run-state.ts';
import type { TerminalOut } from './screen.ts';
import { Screen } from './screen.ts';

/** Milliseconds between two frames: no more than ten a second, whatever happens in between. */
export const FRAME_MS = 100;

export interface LiveDeps {
  /** Of listr2, which is loaded with this view alone. */
  readonly Listr: typeof Listr;
  readonly out: TerminalOut;
  readonly paint: Paint;
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back every `ms` until the function that it returns is called. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Hosts that are changed at the same time. */
  readonly atOnce: number;
  /** How long steps took in runs before, in seconds by resource; asked for once there is something to do. */
  readonly secondsBefore: () => ReadonlyMap<string, number>;
}

export interface Live {
  readonly emit: Emit;
  /** Runs the parts of a flow as the tasks of listr2, and shows their stages. */
  readonly inOrder: (parts: readonly FlowPart[]) => Promise<void>;
  /** Gives the terminal to something else, a question for example. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Takes the view away for good; the cursor is shown again. Can be called twice. */
  readonly end: () => void;
}

type Task = ListrTaskObject<unknown, typeof ListrRenderer, typeof ListrRenderer>;

interface RendererOptions {
  readonly begin: (tasks: readonly Task[]) => void;
  readonly end: () => void;
}

/**
 * The renderer that listr2 drives: it hands the tasks to the live view, which paints when its clock says so.
 * listr2's own renderers paint everything at every event, which stalls the connections of many hosts.
 */
class StageRenderer implements ListrRenderer {
  // False only for what needs listr2 to find out about terminals; that has been decided before.
  static nonTTY = true;
  static rendererOptions: RendererOptions;
  static rendererTaskOptions: never;

  readonly render: () => void;
  readonly end: () => void;

  constructor(tasks: Task[], options: RendererOptions) {
    this.render = () => options.begin(tasks);
    this.end = options.end;
  }
}

/** The stages of a part: those of a part that is at work end one by one. */
const stagesOf = (part: FlowPart, task: Task | undefined, run: RunState): Stage[] => {
  const state: StageState = task?.isCompleted() ? 'done' : task?.isStarted() ? 'active' : 'pending';
  const first = part.stages.find((name) => !run.ended.has(name));
  return part.stages.map((name) => {
    if (state !== 'active') return { name, state };
    if (run.ended.has(name)) return { name, state: 'done' };
    // A later stage is at work only where a host is at it.
    return { name, state: name === first || run.tally(name).at > 0 ? 'active' : 'pending' };
  });
};

/** Shows a run on a terminal: the stages of its flow, the hosts at work and what they print. */
export const startLive = (title: string, hidden: ReadonlySet<string>, deps: LiveDeps): Live => {
  const run = new RunState();
  const screen = new Screen(deps.out);
  let startedAt = deps.now();
  const before = onDemand(deps.secondsBefore);
  let stages: () => readonly Stage[] = () => [];
  let stopClock: (() => void) | null = null;
  let awayAt: number | null = null;
  let ended = false;

  const frame = () => {
    const now = deps.now();
    const shown = stages().filter(({ name }) => !hidden.has(name));
    const { atOnce } = deps;
    const secondsBefore = (resource: string) => before().get(resource);
    const input = { title, stages: shown, run, elapsed: now - startedAt, now, atOnce, secondsBefore };
    // A line for the cursor below, and a column at the right that no terminal takes for a reason to break.
    screen.paint(
      liveFrame(input, { rows: deps.out.rows() - 1, columns: deps.out.columns() - 1 }, deps.paint),
    );
  };
  const resume = () => {
    if (stopClock || ended) return;
    frame();
    stopClock = deps.every(FRAME_MS, frame);
  };
  const pause = () => {
    stopClock?.();
    stopClock = null;
    screen.clear();
  };
  return {
    emit: (event) => run.follow(event, deps.now()),
    inOrder: async (parts) => {
      const listr = new deps.Listr(
        parts.map((part) => ({ title: part.stages.join(', '), task: part.run })),
        {
          renderer: StageRenderer,
          rendererOptions: {
            begin: (tasks) => {
              stages = () => parts.flatMap((part, index) => stagesOf(part, tasks[index], run));
              resume();
            },
            end: pause,
          },
          // fcops decides itself what an interrupt means: listr2 would leave at once, with status 127.
          registerSignalListeners: false,
        },
      );
      await listr.run();
    },
    pause: () => {
      awayAt ??= deps.now();
      pause();
    },
    resume: () => {
      // Who thinks about a question is not at work: the result does not count that either.
      if (awayAt !== null) startedAt += deps.now() - awayAt;
      awayAt = null;
      resume();
    },
    end: () => {
      pause();
      ended = true;
    },
  };
};
