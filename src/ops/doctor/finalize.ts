import { fcopsCommand } from '../../core/next.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { blockedCost } from './costs.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Pipeline } from './pipeline.ts';
import { logsOf, namedTasks, outWords, p1Of, restartOf, roleFor } from './pipeline.ts';
import type { HostStage } from './stages.ts';
import { oldest } from './stages.ts';

/**
 * Seconds after which a move to the storage is told: the handbook names no time; a sector of 64 GiB takes some minutes,
 * and after the second time nothing of it can be right.
 */
const SLOW = 3600;
const STUCK = 3 * 3600;

/** Whether APx brings sectors to the storage (handbook 4.3.1: finalize, and where the files land). */
export const finalizeFindings = (pipeline: Pipeline): readonly Finding[] => [
  ...pipeline.stages.FIN.hosts.flatMap((one) => [...slow(pipeline, one), ...dead(pipeline, one)]),
  ...fetching(pipeline),
];

const about = (pipeline: Pipeline, { host, workers }: HostStage) => ({
  role: roleFor(pipeline, host, ['p1', 'apx', 'miner']),
  processes: [...workers.working, ...workers.out.map(({ name }) => name)],
  cost: blockedCost(pipeline.size, p1Of(pipeline, host)?.tasks ?? 0),
});

const slow = (pipeline: Pipeline, one: HostStage): readonly Finding[] => {
  const { host, running } = one;
  const age = oldest(running);
  if (age <= SLOW) return [];
  const { role, processes, cost } = about(pipeline, one);
  const troubles = pipeline.storageTroubles(host);
  return [
    finding(
      age > STUCK ? 'critical' : 'warn',
      'finalize',
      host,
      'FinalizeSector does not land in the storage',
      {
        processes,
        evidence: [`at work: ${namedTasks(running.filter(({ job }) => job.seconds > SLOW))}`, ...troubles],
        cost,
        next: [
          fcopsCommand(['verify', '--limit', host], 'see its storage: mounted, answering, with room'),
          ...(processes.length > 0
            ? [
                logsOf(role, host, processes, 'why'),
                ...(troubles.length === 0 ? [restartOf(role, host, processes, running)] : []),
              ]
            : []),
        ],
      },
    ),
  ];
};

/** APx takes nothing, and finished sectors wait for it. */
const dead = (pipeline: Pipeline, one: HostStage): readonly Finding[] => {
  const { host, workers, waiting } = one;
  const { unassigned } = pipeline.stages.FIN;
  const ahead = waiting.length + (unassigned ?? 0);
  if (workers.out.length === 0 || workers.working.length + workers.untold > 0 || ahead === 0) return [];
  const { role, processes, cost } = about(pipeline, one);
  return [
    finding(
      'critical',
      'finalize',
      host,
      'FinalizeSector does not go on: APx takes no sector, and finished ones wait',
      {
        processes,
        evidence: [
          outWords(one),
          ...(waiting.length > 0 ? [`given to it and not begun: ${namedTasks(waiting)}`] : []),
          ...(unassigned !== null && unassigned > 0
            ? [`${count(unassigned, 'sector waits', 'sectors wait')} at the miner for an APx that takes them`]
            : []),
        ],
        cost,
        next: [
          logsOf(role, host, processes, 'why'),
          fcopsCommand(['start', role, '--limit', host], 'where it does not run'),
        ],
      },
    ),
  ];
};

/** Sectors that are fetched from another machine, wherever that is. */
const fetching = (pipeline: Pipeline): readonly Finding[] => {
  const stuck = pipeline.jobs.filter(
    ({ job }) => job.task === 'GET' && job.state.type === 'running' && job.seconds > SLOW,
  );
  const hosts = [...new Set(stuck.map(({ place }) => place.host))];
  return hosts.map((host) => {
    const own = stuck.filter(({ place }) => place.host === host);
    return finding(
      oldest(own) > STUCK ? 'critical' : 'warn',
      'finalize',
      host,
      `${count(own.length, 'sector is', 'sectors are')} being fetched for more than ${formatSeconds(SLOW)}`,
      {
        processes: [...new Set(own.flatMap(({ place }) => place.process ?? []))],
        evidence: [`at work: ${namedTasks(own)}`],
        cost: 'what needs the files of these sectors waits',
        next:
          host === null ? [] : [fcopsCommand(['verify', '--limit', host], 'see its storage and its network')],
      },
    );
  });
};
