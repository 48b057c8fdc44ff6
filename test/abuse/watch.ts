/** Looks at the processes of this machine, those of its simulated hosts among them, as long as it is not stopped. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process of a run: the runner itself, something it has started, or a step. */
export interface RunProcess {
  readonly pid: number;
  readonly run: string;
  /** The link that names its PID namespace, which is its host. */
  readonly host: string;
  readonly isRunner: boolean;
  /** A step and its children have a process group of their own. */
  readonly isStep: boolean;
  /** In clock ticks since the machine started: what tells it from a later one with its number. */
  readonly started: string;
}

export interface Watch {
  /** Every argument list that was seen. */
  readonly argumentsSeen: ReadonlySet<string>;
  /** What must not be: two runs that change one host at the same moment. */
  readonly faults: readonly string[];
  /** Moments at which a step was seen at work. */
  readonly sightings: () => number;
  readonly stop: () => void;
}

/** Milliseconds between two looks. */
const PAUSE = 40;

interface Stat {
  readonly state: string;
  readonly group: number;
  readonly session: number;
  readonly started: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
};

const statOf = (pid: number): Stat | null => {
  const text = read(`/proc/${pid}/stat`);
  // The name, in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', , group = '', session = ''] = fields;
  return text === ''
    ? null
    : { state, group: Number(group), session: Number(session), started: fields[19] ?? '' };
};

/** The name of the PID namespace of a process. */
export const namespaceOf = (pid: number | string): string => {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
};

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

const runProcess = (pid: number, list: string): RunProcess[] => {
  const run = /\0\/var\/lib\/fcops\/runs\/([^/\0]+)\/steps\.sh\0/.exec(list)?.[1];
  const stat = run === undefined ? null : statOf(pid);
  if (run === undefined || stat === null || stat.state === 'Z') return [];
  const isStep = stat.group !== stat.session;
  const { started } = stat;
  return [{ pid, run, host: namespaceOf(pid), isRunner: stat.session === pid, isStep, started }];
};

/** The processes of runs on all hosts, by what their shell is called with. */
export const runProcesses = (): readonly RunProcess[] =>
  pids().flatMap((pid) => runProcess(pid, read(`/proc/${pid}/cmdline`)));

/** Everything that belongs to the session of a runner: programs that its steps have started, too. */
export const sessionOf = (runner: number): readonly number[] =>
  pids().filter((pid) => {
    const stat = statOf(pid);
    return stat !== null && stat.session === runner && stat.state !== 'Z';
  });

/** Everything in a PID namespace but its first process. */
export const processesOf = (host: string, first: number): readonly number[] =>
  pids().filter((pid) => pid !== first && namespaceOf(pid) === host);

const isStill = ({ pid, started }: RunProcess): boolean => {
  const stat = statOf(pid);
  return stat !== null && stat.started === started && stat.state !== 'Z';
};

/** Steps of two runs on one host that were at work at the same moment: the first has outlived the look at the second. */
const together = (steps: readonly RunProcess[]): readonly string[] =>
  steps.flatMap((first, at) =>
    steps
      .slice(at + 1)
      .flatMap((second) =>
        first.host === second.host && first.run !== second.run && isStill(second) && isStill(first)
          ? [`${first.run} and ${second.run} changed one host at the same time`]
          : [],
      ),
  );

export const watch = (): Watch => {
  const argumentsSeen = new Set<string>();
  const faults = new Set<string>();
  let sightings = 0;
  const look = (): void => {
    const steps = pids().flatMap((pid) => {
      const list = read(`/proc/${pid}/cmdline`);
      argumentsSeen.add(list);
      return runProcess(pid, list).filter(({ isStep }) => isStep);
    });
    if (steps.length > 0) sightings += 1;
    for (const fault of together(steps)) faults.add(fault);
  };
  const timer = setInterval(look, PAUSE);
  return {
    argumentsSeen,
    get faults() {
      return [...faults];
    },
    sightings: () => sightings,
    stop: () => clearInterval(timer),
  };
};
