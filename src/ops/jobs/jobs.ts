import type { Next } from '../../core/next.ts';
import { fcopsCommand, shellOnHost } from '../../core/next.ts';
import type { SectorSize } from '../../core/profile.ts';
import { formatSeconds } from '../../core/units.ts';
import type { SealingJob } from '../../lotus/jobs.ts';
import type { StageDuration } from '../../lotus/stage-durations.ts';
import { expectedDuration, lateAfter, stageOrder } from '../../lotus/stage-durations.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import type { AtMiner, JobPlace } from '../at-miner/whose.ts';
import type { MinerSays } from '../miner-says.ts';
import { isJobId } from './job-id.ts';

/** What is wrong with a task. */
export interface JobTrouble {
  readonly kind: /** It takes longer than its stage is expected to. */
    | 'late'
    /** The miner waits for its result, and no worker is known to have it (`ret-wait`). */
    | 'lost'
    /** The miner has lost the worker that has it. */
    | 'worker-lost';
  /** `bad`: hours are being lost; `warn`: they may be. */
  readonly severity: 'bad' | 'warn';
  readonly message: string;
  readonly next: readonly Next[];
}

/** A task of a sector, with where it is and whether it is late. */
export interface ClusterJob {
  readonly job: SealingJob;
  readonly place: Pick<JobPlace, 'host' | 'process'>;
  readonly expected: StageDuration | null;
  readonly troubles: readonly JobTrouble[];
}

/** The tasks that a miner has given out, as far as they were asked for. */
export interface ClusterJobs {
  readonly miner: string;
  readonly minerHost: string;
  readonly sectorSize: SectorSize;
  /** By stage, then in the order of the inventory, the oldest first. */
  readonly jobs: readonly ClusterJob[];
  /** All that the miner has listed, shown or not. */
  readonly all: number;
  /** Why it is not known at which processes they are; null: it is. */
  readonly workersUnknown: string | null;
}

/** Which tasks are asked for. */
export interface JobFilter {
  /** Names of hosts; null: all, also tasks at hosts that the inventory does not know. */
  readonly hosts: ReadonlySet<string> | null;
  /** Stages; none: all. */
  readonly tasks: readonly string[];
  /** Only those with which something is wrong. */
  readonly late: boolean;
}

interface About {
  readonly miner: string;
  readonly minerHost: string;
  readonly sectorSize: SectorSize;
}

/** Works out what is late of what the miner lists. */
export const clusterJobs = (
  jobs: readonly SealingJob[],
  workers: MinerSays['workers'],
  at: AtMiner,
  about: About,
  filter: JobFilter,
): ClusterJobs => {
  const order = new Map(at.hosts.map(({ host }, index) => [host.name, index] as const));
  const placeRank = ({ place }: ClusterJob) => order.get(place.host ?? '') ?? order.size;
  const found = jobs.map((job): ClusterJob => {
    const place = at.placeOf(job);
    const expected = expectedDuration(about.sectorSize, job.task);
    const troubles = troublesOf(job, place, expected, jobs, about);
    return { job, place: { host: place.host, process: place.process }, expected, troubles };
  });
  const shown = found.filter(
    ({ job, place, troubles }) =>
      (filter.hosts === null || (place.host !== null && filter.hosts.has(place.host))) &&
      (filter.tasks.length === 0 || filter.tasks.includes(job.task)) &&
      (!filter.late || troubles.length > 0),
  );
  return {
    ...about,
    jobs: shown.toSorted(
      (a, b) =>
        stageOrder(a.job.task) - stageOrder(b.job.task) ||
        a.job.task.localeCompare(b.job.task) ||
        placeRank(a) - placeRank(b) ||
        b.job.seconds - a.job.seconds,
    ),
    all: jobs.length,
    workersUnknown: workers.type === 'understood' ? null : workers.why,
  };
};

const troublesOf = (
  job: SealingJob,
  place: JobPlace,
  expected: StageDuration | null,
  all: readonly SealingJob[],
  { miner, minerHost }: About,
): readonly JobTrouble[] => {
  const found: JobTrouble[] = [];
  const limit = lateAfter(expected);
  const isLate = limit !== null && job.seconds > limit;
  if (job.state.type === 'running' && isLate && expected)
    found.push({
      kind: 'late',
      severity: 'bad',
      message: `${formatSeconds(job.seconds)}, expected ${durationText(expected)}`,
      next: lateAdvice(job.task, place),
    });
  if (job.state.type === 'ret-wait') {
    const again = all.find(
      (other) =>
        other !== job &&
        other.sector === job.sector &&
        other.task === job.task &&
        other.state.type === 'running',
    );
    found.push({
      kind: 'lost',
      severity: again || isLate ? 'bad' : 'warn',
      message: `${formatSeconds(job.seconds)}, and no worker is known to have it (ret-wait, id ${job.id})${again ? '; it runs anew' : ''}`,
      next: [
        isJobId(job.id)
          ? fcopsCommand(['jobs', 'abort', job.id, '--miner', miner], 'where no worker is at it any more')
          : shellOnHost(
              `source ${PROFILE}; lotus-miner sealing abort ${job.id}`,
              `where no worker is at it any more, on ${minerHost}`,
            ),
      ],
    });
  }
  if (
    job.state.type === 'running' &&
    place.workers.length > 0 &&
    place.workers.every(({ disabled }) => disabled)
  )
    found.push({
      kind: 'worker-lost',
      severity: 'warn',
      message: 'the miner has lost its worker, or was told to give it nothing',
      next: place.host === null ? [] : [fcopsCommand(['status', '--limit', place.host], 'see')],
    });
  return found;
};

/** What the handbook looks at where a stage takes too long (4.3.1, 4.3.2). */
const lateAdvice = (task: string, { host }: JobPlace): readonly Next[] => {
  if (host === null) return [];
  const status = fcopsCommand(
    ['status', '--limit', host],
    task === 'PC1' ? 'see its huge pages, cores and restarts owed' : 'see its GPU and restarts owed',
  );
  return [status];
};

/** `5 h 30 min to 6 h 0 min`, or one time where both are the same. */
export const durationText = ({ least, most }: StageDuration): string =>
  least === most ? shortSeconds(most) : `${shortSeconds(least)} to ${shortSeconds(most)}`;

/** As people say it: without zero minutes or seconds behind. */
const shortSeconds = (seconds: number): string => formatSeconds(seconds).replace(/ 0 (?:min|s)$/, '');
