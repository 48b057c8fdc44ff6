import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { isMissing } from '../../core/error-code.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import { formatBytes, MiB } from '../../core/units.ts';
import type { HostPlan } from '../plan.ts';
import { hostPlanSchema } from '../plan.ts';
import type { RunRecord, RunResult } from './record.ts';
import { RUN_NAME, runRecordSchema, runResultSchema } from './record.ts';

/** What a host was at when the journal was last written, for a run without a result. */
export interface LastSeen {
  readonly host: string;
  /** Stage of the flow; null where the run had not come to it. */
  readonly stage: string | null;
  /** The step that had begun, and how many there are; null where none had. */
  readonly step: { readonly step: number; readonly steps: number; readonly title: string } | null;
  /** State of its result, where it has one. */
  readonly ended: string | null;
}

/** A run as its journal tells it. */
export interface PastRun {
  readonly record: RunRecord;
  /** Null where the run has not ended, or its controller was killed. */
  readonly result: RunResult | null;
  /** Whether the process that runs it still does. */
  readonly alive: boolean;
  /** The run that took it up, where one did. */
  readonly resumedBy: string | null;
}

/** How a process is known for sure: null where there is none of that number. */
export type ProcessLook = (pid: number) => { readonly started: string; readonly boot: string } | null;

/**
 * Names of the runs of this controller, the newest first. Empty where there are none; throws what the file system says
 * where it cannot be told.
 */
export const runNames = (directory: string): string[] => {
  try {
    return readdirSync(directory)
      .filter((name) => RUN_NAME.test(name))
      .sort()
      .reverse();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

/** The runs of this controller, the newest first, and what is wrong with journals that cannot be read. */
export const pastRuns = (
  directory: string,
  look: ProcessLook,
): { readonly runs: readonly PastRun[]; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const runs = runNames(directory).flatMap((run) => {
    try {
      return [readRun(directory, run, look)];
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  const resumed = new Map(
    runs.flatMap(({ record }) => (record.resumes ? [[record.resumes, record.run]] : [])),
  );
  return { runs: runs.map((run) => ({ ...run, resumedBy: resumed.get(run.record.run) ?? null })), problems };
};

/** One run; an FcopsError where there is none, or its journal cannot be read. */
const readRun = (directory: string, run: string, look: ProcessLook): PastRun => {
  const record = readJson(join(directory, run, 'run.json'), runRecordSchema);
  if (record === null) throw new FcopsError(broken(join(directory, run, 'run.json'), 'it is not there'));
  const result = readJson(join(directory, run, 'result.json'), runResultSchema);
  const now = look(record.process.pid);
  const alive = now !== null && now.started === record.process.started && now.boot === record.process.boot;
  return { record, result, alive, resumedBy: null };
};

/** The plans that were agreed to, by host; empty where the run did not come so far. */
export const plansOf = (directory: string, run: string): ReadonlyMap<string, HostPlan> => {
  const file = join(directory, run, 'plan.jsonl');
  const lines = readText(file)?.split('\n').filter(Boolean) ?? [];
  return new Map(
    lines.map((line) => {
      const plan = parsed(file, line, hostPlanSchema);
      return [plan.host, plan];
    }),
  );
};

/** What the hosts of a run were at, as far as the journal goes. A line that broke off is not counted. */
export const lastSeen = (directory: string, run: string, hosts: readonly string[]): LastSeen[] => {
  const known = new Map<string, LastSeen>(
    hosts.map((host) => [host, { host, stage: null, step: null, ended: null }]),
  );
  for (const line of readText(join(directory, run, 'events.jsonl'))?.split('\n') ?? []) {
    const event = eventIn(line);
    const host = event && known.get(event.host);
    if (!host) continue;
    known.set(host.host, { ...host, ...event.change });
  }
  return [...known.values()];
};

/** A batch that was begun. */
export interface BegunBatch {
  readonly hosts: readonly string[];
  /** Whether no further one comes in its leg of the flow. */
  readonly isLast: boolean;
}

/** The batches that were begun in the leg that was last at work, in order. */
export const batchesBegun = (directory: string, run: string): readonly BegunBatch[] => {
  const begun: BegunBatch[] = [];
  for (const line of readText(join(directory, run, 'events.jsonl'))?.split('\n') ?? []) {
    const event = objectIn(line);
    if (event?.type !== 'batch-begin' || !Array.isArray(event.hosts)) continue;
    if (event.batch === 1) begun.length = 0;
    begun.push({ hosts: event.hosts.map(String), isLast: event.batch === event.batches });
  }
  return begun;
};

/** Bytes of journals that are read for the times of steps: enough for the last runs, and read in no time. */
export const TIMES_LIMIT = 8 * 1024 * 1024;

/**
 * How long steps took in the runs before, in seconds by resource: that of the slowest host, in the newest run that
 * had it. What cannot be read tells nothing.
 */
export const stepSeconds = (directory: string): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  let bytes = 0;
  for (const run of runNamesOrNone(directory)) {
    const file = join(directory, run, 'events.jsonl');
    bytes += journalBytes(file);
    if (bytes > TIMES_LIMIT) break;
    for (const [resource, seconds] of secondsIn(file)) if (!times.has(resource)) times.set(resource, seconds);
  }
  return times;
};

/** The same; none where it cannot be told. */
export const runNamesOrNone = (directory: string): string[] => {
  try {
    return runNames(directory);
  } catch {
    return [];
  }
};

export const journalBytes = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const secondsIn = (file: string): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  const at = new Map<string, string>();
  for (const line of readText(file)?.split('\n') ?? []) {
    // Most lines are what steps print.
    if (!line.includes('"step-begin"') && !line.includes('"step-end"')) continue;
    const event = objectIn(line);
    if (typeof event?.host !== 'string') continue;
    const key = `${event.host} ${String(event.step)}`;
    if (event.type === 'step-begin') at.set(key, String(event.resource));
    const resource = event.type === 'step-end' && event.ok === true ? at.get(key) : undefined;
    if (resource !== undefined && typeof event.seconds === 'number')
      times.set(resource, Math.max(event.seconds, times.get(resource) ?? 0));
  }
  return times;
};

interface Seen {
  readonly host: string;
  readonly change: Partial<LastSeen>;
}

/** What an event says of a host. The events are fcops' own, but the line may have been cut. */
const eventIn = (line: string): Seen | null => {
  const event = objectIn(line);
  if (!event) return null;
  const { type, host, phase, step, steps, title, result } = event;
  if (type === 'host-end' && isObject(result) && typeof result.host === 'string') {
    return { host: result.host, change: { ended: String(result.state) } };
  }
  if (typeof host !== 'string') return null;
  if (type === 'phase') return { host, change: { stage: String(phase), step: null } };
  if (type === 'step-begin' && typeof step === 'number' && typeof steps === 'number') {
    return { host, change: { step: { step, steps, title: String(title) } } };
  }
  return null;
};

/** The value of a line of a journal; null where it was cut. */
export const objectIn = (line: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A journal of hundreds of hosts has some megabytes; a text of half a gigabyte no program of Node's can hold. */
const MOST_BYTES = 256 * MiB;

/** A file of a journal; null where there is none. */
export const readText = (file: string): string | null => {
  try {
    if (statSync(file).size > MOST_BYTES)
      throw new FcopsError(broken(file, `it is larger than ${formatBytes(MOST_BYTES)}`));
    return readFileSync(file, 'utf8');
  } catch (error) {
    // What cannot be read may well say something.
    if (isMissing(error)) return null;
    throw error;
  }
};

const readJson = <T>(file: string, schema: z.ZodType<T>): T | null => {
  const text = readText(file);
  return text === null ? null : parsed(file, text, schema);
};

const parsed = <T>(file: string, text: string, schema: z.ZodType<T>): T => {
  const value = objectIn(text);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new FcopsError(broken(file, issue ? `${issue.path.join('.')}: ${issue.message}` : 'it is not JSON'));
};

const broken = (file: string, why: string): Problem => ({
  kind: 'file',
  what: 'the journal of this run cannot be read',
  where: { file },
  why,
  next: [
    {
      type: 'look',
      text: 'it may be of another version of fcops; the hosts themselves tell what is on them: fcops plan',
    },
  ],
});
