import type { TimedRun, TimedStep } from '../../engine/runs/step-times.ts';
import { timedRuns } from '../../engine/runs/step-times.ts';

/** How long lotus-miner is reckoned to be away when it is started anew. Seconds. */
export interface Downtime {
  readonly seconds: number;
  /** The longest of the last restarts; what is assumed where there are none; or what somebody has said. */
  readonly by: 'measured' | 'assumed' | 'stated';
  /** Restarts that it was measured by. */
  readonly restarts: number;
  readonly margin: number;
  /** Both: what a gap has to be long enough for. */
  readonly needed: number;
}

/** Seconds that are assumed where no restart was measured: parameters are read, storage is looked through (2.2.6). */
export const ASSUMED = 20 * 60;
/** Seconds that are assumed for a reboot of the machine between the two: memory is counted at each start. */
export const ASSUMED_REBOOT = 15 * 60;
const LEAST_MARGIN = 5 * 60;
const MARGIN_SHARE = 0.25;
/** Restarts that count: what a host was like longer ago is no measure. */
const LAST = 5;

const STOP_NODE = 'stop:lotus';
const START_NODE = 'process:lotus';
const STOPS = ['stop:lotus-miner', STOP_NODE];
const STARTS = [START_NODE, 'process:lotus-miner'];
/** A start of lotus-miner is over when it answers. */
const ANSWERS = 'process:lotus-miner';

const REBOOT = 'reboot:machine';

/** What happens to a miner host between stop and start. */
export interface Between {
  /** The machine is rebooted. */
  readonly reboots?: boolean;
  /** lotus is started anew as well: lotus-miner is started when that is in sync again. */
  readonly node?: boolean;
}

/** What somebody has stated, in seconds, or else what the runs of this controller tell of a miner host. */
export const downtimeAt = (
  directory: string,
  host: string,
  stated: number | null,
  between: Between = {},
): Downtime =>
  stated === null
    ? downtimeOf(timedRuns(directory, new Set([...STOPS, ...STARTS, REBOOT])), host, between)
    : withMargin(stated, 'stated', 0);

/**
 * The longest of the last restarts of lotus-miner on a host: from when the first of the two was told to stop until it
 * answered again. Where stop and start were two runs, what each took counts, and not the time between. `runs`: the newest
 * first.
 */
export const downtimeOf = (
  runs: readonly TimedRun[],
  host: string,
  { reboots = false, node = false }: Between = {},
): Downtime => {
  const own = runs.map(({ steps }) => steps.filter((step) => step.host === host));
  // One of lotus-miner alone is over in a fraction of what its node takes.
  const isMeant = (resource: string) => (steps: readonly TimedStep[]) =>
    !node || steps.some((step) => step.resource === resource);
  // What a reboot took is no measure of a restart.
  const whole = own
    .filter((steps) => !steps.some(isReboot) && isMeant(STOP_NODE)(steps))
    .flatMap(wholeOf)
    .slice(0, LAST);
  const stops = own
    .filter(isMeant(STOP_NODE))
    .flatMap((steps) => spanOf(steps, STOPS))
    .slice(0, LAST);
  const starts = own
    .filter(isMeant(START_NODE))
    .flatMap((steps) => (hasAnswered(steps) ? spanOf(steps, STARTS) : []))
    .slice(0, LAST);
  const [stop, start] = [stops, starts].map((spans) => Math.max(0, ...spans));
  const parts = stops.length > 0 && starts.length > 0 ? [(stop ?? 0) + (start ?? 0)] : [];
  const measured = whole.length > 0 ? whole.length : parts.length;
  const rebooting = reboots ? rebootSeconds(own) : 0;
  return measured === 0
    ? withMargin(ASSUMED + rebooting, 'assumed', 0)
    : withMargin(Math.ceil(Math.max(...whole, ...parts)) + rebooting, 'measured', measured);
};

const withMargin = (seconds: number, by: Downtime['by'], restarts: number): Downtime => {
  const margin = Math.max(LEAST_MARGIN, Math.ceil(seconds * MARGIN_SHARE));
  return { seconds, by, restarts, margin, needed: seconds + margin };
};

const isReboot = ({ resource }: TimedStep): boolean => resource === REBOOT;

const rebootSeconds = (own: readonly (readonly TimedStep[])[]): number => {
  const spans = own.flatMap((steps) => spanOf(steps, [REBOOT])).slice(0, LAST);
  return spans.length === 0 ? ASSUMED_REBOOT : Math.ceil(Math.max(...spans));
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
