import { fcopsCommand } from '../../core/next.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';
import { durationText } from '../jobs/jobs.ts';
import { blockedCost } from './costs.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Pipeline } from './pipeline.ts';
import { idleWords, logsOf, namedTasks, outWords, PATIENCE, p1Of, restartOf } from './pipeline.ts';
import type { HostStage } from './stages.ts';
import { isLate, oldest } from './stages.ts';

/**
 * Whether P2 holds up P1 (handbook 4.3.1: P2 is to be at work without a break, each sector in its time). Sectors of a
 * machine go to its own P2, one after the other.
 */
export const p2Findings = (pipeline: Pipeline): readonly Finding[] => {
  const { PC2 } = pipeline.stages;
  return PC2.hosts.flatMap((host) => [
    ...dead(pipeline, host, PC2.unassigned),
    ...idle(pipeline, host),
    ...late(pipeline, host),
    ...behind(pipeline, host),
  ]);
};

const costOf = (pipeline: Pipeline, { host }: HostStage): string =>
  blockedCost(pipeline.size, p1Of(pipeline, host)?.tasks ?? 0);

/** P2 takes nothing, and sectors wait: those that the miner has given it, or has nobody to give to. */
const dead = (pipeline: Pipeline, one: HostStage, unassigned: number | null): readonly Finding[] => {
  const { host, workers, waiting } = one;
  const ahead = waiting.length + (unassigned ?? 0);
  if (workers.out.length === 0 || workers.working.length + workers.untold > 0 || ahead === 0) return [];
  const processes = workers.out.map(({ name }) => name);
  return [
    finding('critical', 'p2', host, 'P1 is held up by P2: P2 takes no sector, and sectors wait for it', {
      processes,
      evidence: [
        outWords(one),
        ...(waiting.length > 0 ? [`given to it and not begun: ${namedTasks(waiting)}`] : []),
        ...(unassigned !== null && unassigned > 0
          ? [`${count(unassigned, 'PC2 task waits', 'PC2 tasks wait')} at the miner for a P2 that takes them`]
          : []),
        ...idleWords(pipeline, host),
      ],
      cost: costOf(pipeline, one),
      next: [
        logsOf('p1', host, processes, 'why'),
        fcopsCommand(
          ['start', 'p1', '--limit', host, '--process', processes.join(',')],
          'where it does not run',
        ),
      ],
    }),
  ];
};

const idle = (pipeline: Pipeline, one: HostStage): readonly Finding[] => {
  const { host, workers, running, waiting } = one;
  if (workers.working.length === 0 || running.length > 0 || oldest(waiting) <= PATIENCE) return [];
  return [
    finding('critical', 'p2', host, 'P2 is at nothing, though sectors wait for it', {
      processes: workers.working,
      evidence: [`given to it and not begun: ${namedTasks(waiting)}`, ...idleWords(pipeline, host)],
      cost: costOf(pipeline, one),
      next: [logsOf('p1', host, workers.working, 'why'), restartOf('p1', host, workers.working, [])],
    }),
  ];
};

const late = (pipeline: Pipeline, one: HostStage): readonly Finding[] => {
  const { host, workers, running, waiting } = one;
  const slow = running.filter(isLate);
  const expected = expectedDuration(pipeline.size, 'PC2');
  if (slow.length === 0 || expected === null) return [];
  const processes = [...workers.working, ...workers.out.map(({ name }) => name)];
  return [
    finding('critical', 'p2', host, `P2 takes longer than the ${durationText(expected)} that it should`, {
      processes,
      evidence: [
        `at work: ${namedTasks(slow)}`,
        ...(waiting.length > 0 ? [`behind it: ${count(waiting.length, 'sector')}`] : []),
        ...idleWords(pipeline, host),
      ],
      cost: costOf(pipeline, one),
      next: [
        fcopsCommand(['status', '--limit', host], 'see its GPU and what runs beside it'),
        logsOf('p1', host, processes, 'why'),
        ...(processes.length > 0 ? [restartOf('p1', host, processes, running)] : []),
      ],
    }),
  ];
};

/** All P1 tasks of a machine may end together: what waits is too much where P2 is not through before they end again. */
const behind = (pipeline: Pipeline, one: HostStage): readonly Finding[] => {
  const { host, workers, waiting } = one;
  const [p2, p1] = [expectedDuration(pipeline.size, 'PC2'), expectedDuration(pipeline.size, 'PC1')];
  const working = workers.working.length;
  if (p2 === null || p1 === null || working === 0) return [];
  const queue = (waiting.length * p2.most) / working;
  if (queue <= p1.most) return [];
  return [
    finding('warn', 'p2', host, 'P2 does not keep up with P1', {
      processes: workers.working,
      evidence: [
        `${count(waiting.length, 'sector')} × ${durationText(p2)} wait for it, ${formatSeconds(queue)} of work: longer than P1 takes (${durationText(p1)})`,
        ...idleWords(pipeline, host),
      ],
      cost: costOf(pipeline, one),
      next: [
        fcopsCommand(['jobs', '--limit', host, '--task', 'PC2'], 'see how long each of its sectors takes'),
      ],
    }),
  ];
};
