import type { Problem } from '../../core/problem.ts';
import type { SectorSize } from '../../core/profile.ts';
import { changesOf } from '../../engine/plan.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';
import type { RunningTask } from '../../resources/process/at-work.ts';
import type { PlannedHost } from '../travellers.ts';

/** A task that is waited for. */
export interface AwaitedTask extends RunningTask {
  /** Seconds that it goes on, by the times of the handbook (5.1.1); null: nobody says. */
  readonly left: number | null;
}

/** A worker that runs with another token than it would be given now. */
export interface OldTokenWorker {
  readonly host: string;
  readonly process: string;
  readonly tasks: readonly AwaitedTask[];
  /** Why it cannot be told what it is at; null: it can. */
  readonly unknown: string | null;
}

/** Who has another token, and what is waited for. */
export interface OldTokens {
  /** As they are expected to fall idle. */
  readonly workers: readonly OldTokenWorker[];
  /** Hosts whose profile gets the token. */
  readonly profiles: readonly string[];
  /** Seconds until the last task that is known has ended; null: of some nobody says. */
  readonly seconds: number | null;
  /** Hosts that were looked at; of others nobody knows what they run with. */
  readonly seen: readonly string[];
  readonly unseen: readonly UnseenHost[];
}

/** A host that could not be looked at. */
export interface UnseenHost {
  readonly host: string;
  /** `unreachable`, `blocked` … */
  readonly state: string;
  readonly problems: readonly Problem[];
}

/** Reads who has another token from the plans of the two runs of a rotation. */
export const oldTokens = (
  profiles: readonly PlannedHost[],
  workers: readonly PlannedHost[],
  size: SectorSize,
): OldTokens => {
  const found = workers
    .flatMap((one) => (one.state === 'planned' ? workersOf(one.plan, size) : []))
    .toSorted((a, b) => idleIn(a) - idleIn(b));
  const lefts = found.flatMap(({ tasks, unknown }) => [
    ...tasks.map(({ left }) => left),
    ...(unknown === null ? [] : [null]),
  ]);
  const known = lefts.filter((left) => left !== null);
  const unseen = new Map(
    [...profiles, ...workers].flatMap((one) =>
      one.state === 'ended' ? [[one.result.host, one.result] as const] : [],
    ),
  );
  return {
    workers: found,
    profiles: profiles.flatMap((one) =>
      one.state === 'planned' && changesOf(one.plan).length > 0 ? [one.plan.host] : [],
    ),
    seconds: known.length < lefts.length ? null : Math.max(0, ...known),
    seen: workers.flatMap((one) =>
      one.state === 'planned' && !unseen.has(one.plan.host) ? [one.plan.host] : [],
    ),
    unseen: [...unseen.values()].map(({ host, state, problems }) => ({ host, state, problems })),
  };
};

/** Seconds until it is expected to be idle. */
const idleIn = ({ tasks, unknown }: OldTokenWorker): number =>
  unknown === null ? Math.max(0, ...tasks.map(({ left }) => left ?? LONGEST)) : LONGEST;

/** Later than any task of which somebody says how long it takes. */
const LONGEST = Number.MAX_SAFE_INTEGER;

const workersOf = (
  plan: Extract<PlannedHost, { state: 'planned' }>['plan'],
  size: SectorSize,
): readonly OldTokenWorker[] =>
  changesOf(plan)
    .toReversed()
    .flatMap(({ kind, title, change: { atWork } }): OldTokenWorker[] => {
      if (kind !== 'stop') return [];
      const tasks = atWork?.type === 'tasks' ? atWork.tasks : [];
      return [
        {
          host: plan.host,
          process: title,
          tasks: tasks.map((task) => ({ ...task, left: leftOf(task, size) })),
          unknown: atWork?.type === 'unknown' ? atWork.why : null,
        },
      ];
    });

const leftOf = ({ task, seconds }: RunningTask, size: SectorSize): number | null => {
  const expected = expectedDuration(size, task);
  return expected && Math.max(0, expected.most - seconds);
};
