import { groupBy } from '../../core/group-by.ts';
import type { Next } from '../../core/next.ts';
import { fcopsCommand } from '../../core/next.ts';
import { count } from '../../core/units.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';
import type { ClusterJob } from '../jobs/jobs.ts';
import { durationText } from '../jobs/jobs.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Pipeline } from './pipeline.ts';
import { namedTasks } from './pipeline.ts';

/** Tasks whose result the miner waits for, and that no worker is known to have (`ret-wait`), or whose worker is gone. */
export const lostJobsFindings = (pipeline: Pipeline): readonly Finding[] => [
  ...lost(pipeline),
  ...workerLost(pipeline),
];

const having = (jobs: readonly ClusterJob[], kind: ClusterJob['troubles'][number]['kind']) =>
  jobs.filter(({ troubles }) => troubles.some((one) => one.kind === kind));

const lost = ({ jobs, size }: Pipeline): readonly Finding[] =>
  [
    ...groupBy(having(jobs, 'lost'), ({ job, place }) => JSON.stringify([place.host, job.task])).values(),
  ].flatMap((ones) => {
    const [first] = ones;
    if (!first) return [];
    const { task } = first.job;
    const expected = expectedDuration(size, task);
    const isBad = ones.some(({ troubles }) =>
      troubles.some(({ kind, severity }) => kind === 'lost' && severity === 'bad'),
    );
    const again = ones.some(({ troubles }) => troubles.some(({ message }) => message.includes('runs anew')));
    return [
      finding(
        isBad ? 'critical' : 'warn',
        'jobs',
        first.place.host,
        `${count(ones.length, `${task} task is`, `${task} tasks are`)} lost: the miner waits for a result that no worker is known to have (ret-wait)`,
        {
          evidence: [namedTasks(ones), ...(again ? ['some of them run anew at another worker'] : [])],
          cost: `${ones.length === 1 ? 'its sector stands' : 'their sectors stand'} still until it is aborted and given out anew${expected === null ? '' : `, which takes ${durationText(expected)} of ${task}`}`,
          next: [
            ...(first.place.host === null
              ? []
              : [
                  fcopsCommand(
                    ['jobs', '--limit', first.place.host, '--task', task],
                    'a worker that was away registers again when its task has ended: see that none is at it',
                  ),
                ]),
            ...abort(ones),
          ],
        },
      ),
    ];
  });

/** Ids that one line has room for. */
const MOST_IDS = 4;

/** An id of zeros would hit any task that is only assigned. */
const abort = (ones: readonly ClusterJob[]): readonly Next[] => {
  const ids = ones.map(({ job }) => job.id).filter((id) => /[^0]/.test(id));
  const first = ids.slice(0, MOST_IDS);
  if (first.length === 0) return [];
  const more = ids.length - first.length;
  return [
    fcopsCommand(
      ['jobs', 'abort', ...first],
      `where no worker is at ${ids.length === 1 ? 'it' : 'them'} any more${more > 0 ? ` (and ${more} more, which fcops jobs lists)` : ''}`,
    ),
  ];
};

const workerLost = ({ jobs }: Pipeline): readonly Finding[] =>
  [...groupBy(having(jobs, 'worker-lost'), ({ place }) => place.host).entries()].map(([host, ones]) =>
    finding(
      'warn',
      'jobs',
      host,
      `${count(ones.length, 'task is', 'tasks are')} at workers that the miner has lost, or was told to give nothing`,
      {
        processes: [...new Set(ones.flatMap(({ place }) => place.process ?? []))],
        evidence: [ones.map(({ job }) => `${job.task} of sector ${job.sector}`).join(', ')],
        cost: 'where such a worker has ended, its tasks have to be done anew',
        next: host === null ? [] : [fcopsCommand(['verify', '--limit', host], 'see whether they run')],
      },
    ),
  );
