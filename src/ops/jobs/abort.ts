import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import type { SectorSize } from '../../core/profile.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import type { SealingJob } from '../../lotus/jobs.ts';
import { expectedDuration, lateAfter } from '../../lotus/stage-durations.ts';
import { SECTOR_STEP_SECONDS } from '../../resources/sectors/step.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import type { AtMiner } from '../at-miner/whose.ts';
import { isJobId } from './job-id.ts';

/** A task that was asked for, with what its end costs. */
export interface AbortItem {
  readonly job: SealingJob;
  /** Host of the inventory; null: not known. */
  readonly host: string | null;
  /** `lost`: nobody is at it. `maybe`: its worker may be, and bring the result. `running`: one is. */
  readonly cost: 'lost' | 'maybe' | 'running';
  /** Why it is left alone. */
  readonly refusal: string | null;
}

/** Tasks that would be aborted, and what stands against it. */
export interface AbortPlan {
  readonly miner: string;
  readonly minerHost: string;
  readonly chosen: readonly AbortItem[];
  readonly left: readonly AbortItem[];
  /** So many more are lost: they are beyond the limit. */
  readonly beyond: number;
  /** Why nothing is done at all, whoever says yes. */
  readonly refusals: readonly Problem[];
}

/** Tasks by their ids, or all that are lost. */
export type AbortChoice =
  | { readonly type: 'ids'; readonly ids: readonly string[] }
  | { readonly type: 'lost' };

interface About {
  readonly miner: string;
  readonly minerHost: string;
  readonly sectorSize: SectorSize;
}

/** Ids as they are typed. Throws an FcopsError at one that may name several tasks. */
export const jobIds = (words: readonly string[]): readonly string[] => {
  for (const word of words)
    if (!isJobId(word))
      throw new FcopsError({
        kind: 'usage',
        what: /^0+$/.test(word)
          ? `nothing was aborted: "${word}" is the id of no task: each that is only assigned has it`
          : `nothing was aborted: "${word}" is no id of a task: eight digits of 0-9 and a-f`,
        next: [edit('type the id as `fcops jobs` or `lotus-miner sealing jobs` shows it')],
      });
  return [...new Set(words)];
};

const isLost = ({ state, worker }: SealingJob): boolean => state.type === 'ret-wait' && /^0+$/.test(worker);

/** Works out which tasks would be aborted. */
export const abortPlan = (
  choice: AbortChoice,
  limit: number,
  jobs: readonly SealingJob[],
  at: Pick<AtMiner, 'placeOf'>,
  about: About,
): AbortPlan => {
  const { miner, minerHost, sectorSize } = about;
  const itemOf = (job: SealingJob): AbortItem => {
    const cost = job.state.type === 'running' ? 'running' : costOf(job, jobs, sectorSize);
    return { job, host: at.placeOf(job).host, cost, refusal: keptBack(job, jobs, choice, cost) };
  };
  const wanted =
    choice.type === 'lost'
      ? jobs.filter(isLost).toSorted((a, b) => b.seconds - a.seconds)
      : jobs.filter(({ id }) => choice.ids.includes(id));
  const items = wanted.map(itemOf);
  const able = items.filter(({ refusal }) => refusal === null);
  const plan = {
    ...{ miner, minerHost },
    chosen: able.slice(0, limit),
    left: items.filter(({ refusal }) => refusal !== null),
    beyond: Math.max(0, able.length - limit),
  };
  return { ...plan, refusals: choice.type === 'lost' ? [] : refusalsOf(choice.ids, plan, limit) };
};

/**
 * A worker that is at a task when lotus-miner starts anew does not register before that has ended, and then brings the
 * result: the task looks lost until then. It is lost for sure where it runs anew, or no stage takes so long.
 */
const costOf = (job: SealingJob, jobs: readonly SealingJob[], size: SectorSize): 'lost' | 'maybe' => {
  const runsAnew = jobs.some(
    (other) => other.sector === job.sector && other.task === job.task && other.state.type === 'running',
  );
  const limit = lateAfter(expectedDuration(size, job.task) ?? expectedDuration(size, 'PC1'));
  return runsAnew || (limit !== null && job.seconds > limit) ? 'lost' : 'maybe';
};

const keptBack = (
  job: SealingJob,
  jobs: readonly SealingJob[],
  { type }: AbortChoice,
  cost: AbortItem['cost'],
): string | null => {
  if (!isJobId(job.id)) return 'its id is none of eight digits: it may name another task too';
  const alike = jobs.filter(({ id }) => id.startsWith(job.id) || job.id.startsWith(id));
  if (alike.length > 1) return `${count(alike.length, 'task')} begin with this id`;
  if (!isLost(job) && job.state.type !== 'running')
    return `it is ${job.state.type}: there is nothing to abort`;
  if (type === 'lost' && cost === 'maybe')
    return `for ${formatSeconds(job.seconds)} only: its worker may be at it, and bring the result; named by its id it is aborted`;
  return null;
};

const refusalsOf = (
  ids: readonly string[],
  { minerHost, chosen, left, beyond }: Omit<AbortPlan, 'refusals'>,
  limit: number,
): readonly Problem[] => {
  const refused = (what: string, next: string): Problem => ({
    kind: 'check',
    what: `nothing was aborted: ${what}`,
    where: { host: minerHost },
    next: [edit(next)],
  });
  const seen = new Set([...chosen, ...left].map(({ job }) => job.id));
  if (beyond > 0)
    return [
      refused(
        `these are ${chosen.length + beyond} tasks, and --limit is ${limit}`,
        'name fewer, or give a higher --limit',
      ),
    ];
  return [
    ...ids
      .filter((id) => !seen.has(id))
      .map((id) => refused(`lotus-miner lists no task ${id}`, 'see `fcops jobs`, and leave it out')),
    ...left.map(({ job, refusal }) => refused(`task ${job.id}: ${refusal}`, 'leave it out')),
  ];
};

/** A change for each task that was chosen; none needs another. */
export const abortChanges = (chosen: AbortPlan['chosen']): readonly ChangeItem[] =>
  chosen.map(({ job }) => ({
    ...{ state: 'change', task: `task ${job.id}`, kind: 'job', resource: `job:${job.id}` },
    title: `task ${job.id}`,
    change: {
      action: 'remove',
      details: [],
      steps: [
        {
          ...{ step: 'abort-job', id: job.id, sector: job.sector, task: job.task, state: job.state.type },
          ...{ profile: PROFILE, deadline: SECTOR_STEP_SECONDS },
        },
      ],
    },
  }));
