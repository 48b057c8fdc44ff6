import type { TimedRun, TimedStep } from '../../engine/runs/step-times.ts';
import { timedRuns } from '../../engine/runs/step-times.ts';

/** How long lotus-miner is reckoned to be away when it is started anew. Seconds. */
export interface Downtime {
  /** The longest of the last restarts, or what is assumed. */
  readonly seconds: number;
  /** Restarts that it was measured by; none: it is assumed. */
  readonly measured: number;
  readonly margin: number;
  /** Both: what a gap has to be long enough for. */
  readonly needed: number;
}

/** Seconds that are assumed where no restart was measured: parameters are read, storage is looked through (2.2.6). */
export const ASSUMED = 20 * 60;
const LEAST_MARGIN = 5 * 60;
const MARGIN_SHARE = 0.25;
/** Restarts that count: what a host was like longer ago is no measure. */
const LAST = 5;

const STOPS = ['stop:lotus-miner', 'stop:lotus'];
const STARTS = ['process:lotus', 'process:lotus-miner'];
/** A start of lotus-miner is over when it answers. */
const ANSWERS = 'process:lotus-miner';

/** What the runs of this controller tell of a miner host. */
export const measuredDowntime = (directory: string, host: string): Downtime =>
  downtimeOf(timedRuns(directory, new Set([...STOPS, ...STARTS])), host);

/**
 * The longest of the last restarts of lotus-miner on a host: from when the first of the two was told to stop until it
 * answered again. Where stop and start were two runs, what each took counts, and not the time between. `runs`: the newest
 * first.
 */
export const downtimeOf = (runs: readonly TimedRun[], host: string): Downtime => {
  const own = runs.map(({ steps }) => steps.filter((step) => step.host === host));
  const whole = own.flatMap(wholeOf).slice(0, LAST);
  const stops = own.flatMap((steps) => spanOf(steps, STOPS)).slice(0, LAST);
  const starts = own.flatMap((steps) => (hasAnswered(steps) ? spanOf(steps, STARTS) : [])).slice(0, LAST);
  const [stop, start] = [stops, starts].map((spans) => Math.max(0, ...spans));
  const parts = stops.length > 0 && starts.length > 0 ? [(stop ?? 0) + (start ?? 0)] : [];
  const measured = whole.length > 0 ? whole.length : parts.length;
  const seconds = measured === 0 ? ASSUMED : Math.ceil(Math.max(...whole, ...parts));
  const margin = Math.max(LEAST_MARGIN, Math.ceil(seconds * MARGIN_SHARE));
  return { seconds, measured, margin, needed: seconds + margin };
};

const hasAnswered = (steps: readonly TimedStep[]): boolean =>
  steps.some(({ resource, ok }) => resource === ANSWERS && ok);

/** Seconds of a run that has stopped and started, where it came to its end. */
const wholeOf = (steps: readonly TimedStep[]): readonly number[] => {
  const stopped = steps.find(({ resource }) => STOPS.includes(resource));
  const answered = steps.findLast(({ resource, ok }) => resource === ANSWERS && ok);
  if (!stopped || !answered || answered.ended === null || answered.ended < stopped.begun) return [];
  return [(answered.ended - stopped.begun) / 1000];
};

/** Seconds from the begin of the first of these steps to the end of the last, where all of them have succeeded. */
const spanOf = (steps: readonly TimedStep[], resources: readonly string[]): readonly number[] => {
  const own = steps.filter(({ resource }) => resources.includes(resource));
  const ends = own.flatMap(({ ended, ok }) => (ok && ended !== null ? [ended] : []));
  const [first] = own;
  if (!first || ends.length < own.length) return [];
  return [(Math.max(...ends) - first.begun) / 1000];
};
