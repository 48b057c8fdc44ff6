import { join } from 'node:path';
import { journalBytes, objectIn, readText, runNamesOrNone, TIMES_LIMIT } from './history.ts';

/** A step that a run has carried out on a host. */
export interface TimedStep {
  readonly host: string;
  /** `stop:lotus-miner`, `process:lotus-miner` */
  readonly resource: string;
  /** Milliseconds since 1970, by the clock of the controller. */
  readonly begun: number;
  /** Null where it did not come to its end, as far as the journal goes. */
  readonly ended: number | null;
  readonly ok: boolean;
}

/** The steps of one run, in the order in which they were begun. */
export interface TimedRun {
  readonly run: string;
  readonly steps: readonly TimedStep[];
}

/**
 * When steps of these resources were at work in the runs of this controller, the newest run first; runs without any are
 * left out. What cannot be read tells nothing.
 */
export const timedRuns = (directory: string, resources: ReadonlySet<string>): readonly TimedRun[] => {
  const runs: TimedRun[] = [];
  let bytes = 0;
  for (const run of runNamesOrNone(directory)) {
    const file = join(directory, run, 'events.jsonl');
    bytes += journalBytes(file);
    if (bytes > TIMES_LIMIT) break;
    const steps = stepsIn(file, resources);
    if (steps.length > 0) runs.push({ run, steps });
  }
  return runs;
};

const stepsIn = (file: string, resources: ReadonlySet<string>): readonly TimedStep[] => {
  const steps: TimedStep[] = [];
  /** By host and number, where in the list a step is that has not ended. */
  const open = new Map<string, number>();
  for (const line of linesOf(file)) {
    const event = stepEventIn(line);
    if (event === null) continue;
    const { host, resource, at, ok } = event;
    const key = `${host} ${event.step}`;
    const index = open.get(key);
    open.delete(key);
    if (resource === null) {
      const step = index === undefined ? undefined : steps[index];
      if (index !== undefined && step) steps[index] = { ...step, ended: at, ok };
    } else if (resources.has(resource)) {
      open.set(key, steps.length);
      steps.push({ host, resource, begun: at, ended: null, ok: false });
    }
  }
  return steps;
};

interface StepEvent {
  readonly host: string;
  readonly step: string;
  /** Of a begin; null: it is an end. */
  readonly resource: string | null;
  readonly at: number;
  readonly ok: boolean;
}

const stepEventIn = (line: string): StepEvent | null => {
  // Most lines are what steps print.
  if (!line.includes('"step-begin"') && !line.includes('"step-end"')) return null;
  const event = objectIn(line);
  const at = typeof event?.at === 'string' ? Date.parse(event.at) : Number.NaN;
  if (typeof event?.host !== 'string' || !Number.isFinite(at)) return null;
  const resource = event.type === 'step-begin' ? String(event.resource) : null;
  return { host: event.host, step: String(event.step), resource, at, ok: event.ok === true };
};

const linesOf = (file: string): readonly string[] => {
  try {
    return readText(file)?.split('\n') ?? [];
  } catch {
    return [];
  }
};
