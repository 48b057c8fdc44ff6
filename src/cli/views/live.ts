import type { ListrRenderer, ListrTaskObject } from 'listr2';
import { Listr } from 'listr2';
import type { Emit } from '../../engine/events.ts';
import type { Paint } from '../text/paint.ts';
import type { Stage, StageName } from './live-frame.ts';
import { liveFrame } from './live-frame.ts';
import { RunState } from './run-state.ts';
import type { TerminalOut } from './screen.ts';
import { Screen } from './screen.ts';

/** Milliseconds between two frames: no more than ten a second, whatever happens in between. */
export const FRAME_MS = 100;

export interface LiveDeps {
  readonly out: TerminalOut;
  readonly paint: Paint;
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back every `ms` until the function that it returns is called. */
  readonly every: (ms: number, callback: () => void) => () => void;
}

export interface Live {
  readonly emit: Emit;
  /** Gives the terminal to something else, a question for example. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Takes the view away for good; the cursor is shown again. Can be called twice. */
  readonly end: () => void;
}

interface RendererOptions {
  readonly begin: (stages: () => readonly Stage[]) => void;
  readonly end: () => void;
}

/**
 * The renderer that listr2 drives: it hands the stages to the live view, which paints when its clock says so.
 * listr2's own renderers paint everything at every event, which stalls the connections of many hosts.
 */
class StageRenderer implements ListrRenderer {
  // False only for what needs listr2 to find out about terminals; that has been decided before.
  static nonTTY = true;
  static rendererOptions: RendererOptions;
  static rendererTaskOptions: never;

  readonly render: () => void;
  readonly end: () => void;

  constructor(
    tasks: ListrTaskObject<unknown, typeof ListrRenderer, typeof ListrRenderer>[],
    options: RendererOptions,
  ) {
    this.render = () => options.begin(() => tasks.map(stageOf));
    this.end = options.end;
  }
}

const stageOf = (task: ListrTaskObject<unknown>): Stage => {
  const name = stageNamed(task.title ?? '');
  if (task.isCompleted()) return { name, state: 'done' };
  return { name, state: task.isStarted() ? 'active' : 'pending' };
};

const stageNamed = (title: string): StageName =>
  title === 'confirm' || title === 'apply' || title === 'verify' ? title : 'look';

/** Shows a run on a terminal, from its events: the stages, the hosts at work and what they print. */
export const startLive = (
  title: string,
  names: readonly StageName[],
  hosts: readonly string[],
  deps: LiveDeps,
): Live => {
  const run = new RunState();
  const screen = new Screen(deps.out);
  const startedAt = deps.now();
  run.follow({ type: 'run-begin', run: '', hosts }, startedAt);
  let stages: () => readonly Stage[] = () => [];
  let stopClock: (() => void) | null = null;
  let ended = false;

  const frame = () => {
    const now = deps.now();
    const input = { title, stages: stages(), run, elapsed: now - startedAt, now };
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
  const waits = names.map((name) => ({ name, ...deferred() }));
  const listr = new Listr(
    waits.map(({ name, done }) => ({ title: name, task: () => done })),
    {
      renderer: StageRenderer,
      rendererOptions: {
        begin: (current) => {
          stages = current;
          resume();
        },
        end: pause,
      },
      // fcops decides itself what an interrupt means: listr2 would leave at once, with status 127.
      registerSignalListeners: false,
    },
  );
  void listr.run();
  return {
    emit: (event) => {
      run.follow(event, deps.now());
      for (const { name, finish } of waits) if (isOver(name, run)) finish();
    },
    pause,
    resume,
    end: () => {
      pause();
      ended = true;
      for (const { finish } of waits) finish();
    },
  };
};

/** A stage is over when no host is in it or before it any more. */
const isOver = (name: StageName, run: RunState): boolean => {
  const all = [...run.hosts.values()];
  const looking = all.some(({ phase }) => phase === 'waiting' || phase === 'connect' || phase === 'look');
  switch (name) {
    case 'look':
      return !looking;
    case 'confirm':
      return (
        !looking &&
        all.every(({ phase, changes }) => phase !== 'planned' || changes === 0 || someApplied(run))
      );
    case 'apply':
      return !looking && all.every(({ phase }) => phase === 'verify' || phase === 'done');
    case 'verify':
      return all.every(({ phase }) => phase === 'done');
  }
};

const someApplied = (run: RunState): boolean =>
  [...run.hosts.values()].some(({ phase }) => phase === 'apply' || phase === 'verify');

const deferred = (): { readonly done: Promise<void>; readonly finish: () => void } => {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { done, finish: () => finish() };
};
