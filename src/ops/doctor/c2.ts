import { groupBy } from '../../core/group-by.ts';
import { fcopsCommand } from '../../core/next.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { countIn } from '../../lotus/miner-info.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';
import { durationText } from '../jobs/jobs.ts';
import { perDay, sectorsADay, stageCost } from './costs.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Pipeline } from './pipeline.ts';
import { logsOf, namedTasks, PATIENCE, restartOf } from './pipeline.ts';
import { isLate, oldest } from './stages.ts';

/** Seconds of work that may lie before all C2 workers: sectors whose seeds come together wait that long at times. */
const LONGEST_QUEUE = 2 * 3600;

/** Whether C2 keeps up with what P1 brings (handbook 4.3.1, 4.3.2). Any C2 worker takes any sector. */
export const c2Findings = (pipeline: Pipeline): readonly Finding[] => [
  ...ofAll(pipeline),
  ...idle(pipeline),
  ...late(pipeline),
];

const LOOK = fcopsCommand(['verify', '--role', 'c2'], 'see what is wrong with them');

/** None of them, or too few. */
const ofAll = (pipeline: Pipeline): readonly Finding[] => {
  const { C2, PC1 } = pipeline.stages;
  const { size, sectors } = pipeline;
  const expected = expectedDuration(size, 'C2');
  const given = C2.hosts.flatMap((one) => one.waiting);
  const committing = sectors === null ? 0 : countIn(sectors, 'Committing');
  const waiting = given.length + (C2.unassigned ?? 0);
  const out = C2.hosts.flatMap(({ host, workers }) =>
    workers.out.map(({ name, why }) => `${host} ${name}: ${why}`),
  );
  const about = [
    ...(waiting > 0 ? [`${count(waiting, 'C2 task waits', 'C2 tasks wait')} for a worker`] : []),
    ...(committing > 0 ? [`${count(committing, 'sector')} in the state Committing`] : []),
  ];
  if (C2.untold > 0) return [];
  if (C2.working === 0)
    return waiting + committing === 0 || C2.hosts.length === 0
      ? []
      : [
          finding('critical', 'c2', null, 'P1 is held up by C2: no C2 worker takes a sector', {
            evidence: [...about, ...out],
            cost: stageCost(size, 'C2', C2.out),
            next: [LOOK, fcopsCommand(['start', 'c2'], 'to start what does not run')],
          }),
        ];
  if (expected === null) return [];
  const queue = (waiting * expected.most) / C2.working;
  const [does, comes] = [perDay(size, 'C2', C2.working), perDay(size, 'PC1', PC1.working)];
  const isTooFew = does !== null && comes !== null && PC1.untold === 0 && does < comes;
  if (queue <= LONGEST_QUEUE && !(isTooFew && C2.out > 0)) return [];
  const isBehind = queue > LONGEST_QUEUE;
  return [
    finding(
      'warn',
      'c2',
      null,
      isBehind ? 'C2 does not keep up' : 'C2 cannot keep up with P1 as long as workers of it are missing',
      {
        evidence: [
          ...(isBehind
            ? [
                `${count(waiting, 'sector')} × ${durationText(expected)} wait for ${count(C2.working, 'worker')}, ${formatSeconds(queue)} of work`,
              ]
            : about),
          ...(does !== null && comes !== null && PC1.untold === 0
            ? [`C2 does up to ${sectorsADay(size, does)} now, P1 brings up to ${sectorsADay(size, comes)}`]
            : []),
          ...out,
        ],
        cost:
          C2.out > 0
            ? stageCost(size, 'C2', C2.out)
            : 'sectors that are done with P1 give no power until they are through',
        next: [LOOK, ...(C2.out > 0 ? [fcopsCommand(['start', 'c2'], 'to start what does not run')] : [])],
      },
    ),
  ];
};

/** Tasks lie at workers that are at nothing. */
const idle = ({ stages: { C2 }, size }: Pipeline): readonly Finding[] =>
  C2.hosts.flatMap(({ host, workers, running, waiting }) => {
    if (workers.untold > 0 || workers.working.length === 0 || oldest(waiting) <= PATIENCE) return [];
    const busy = new Set(running.map(({ place }) => place.process));
    const byProcess = groupBy(waiting, ({ place }) => place.process);
    const stuck = workers.working.filter(
      (name) => !busy.has(name) && oldest(byProcess.get(name) ?? []) > PATIENCE,
    );
    if (stuck.length === 0) return [];
    const theirs = stuck.flatMap((name) => byProcess.get(name) ?? []);
    return [
      finding('critical', 'c2', host, 'C2 is at nothing, though sectors were given to it', {
        processes: stuck,
        evidence: [`given to it and not begun: ${namedTasks(theirs)}`],
        cost: stageCost(size, 'C2', stuck.length),
        next: [logsOf('c2', host, stuck, 'why'), restartOf('c2', host, stuck, [])],
      }),
    ];
  });

const late = ({ stages: { C2 }, size }: Pipeline): readonly Finding[] => {
  const expected = expectedDuration(size, 'C2');
  if (expected === null) return [];
  return C2.hosts.flatMap(({ host, running }) => {
    const slow = running.filter(isLate);
    if (slow.length === 0) return [];
    const processes = slow.flatMap(({ place }) => place.process ?? []);
    return [
      finding('critical', 'c2', host, `C2 takes longer than the ${durationText(expected)} that it should`, {
        processes,
        evidence: [`at work: ${namedTasks(slow)}`],
        cost: stageCost(size, 'C2', Math.max(1, processes.length)),
        next: [
          fcopsCommand(
            ['status', '--limit', host],
            'see its GPUs: one that is missing leaves the work to the CPU',
          ),
          ...(processes.length > 0
            ? [logsOf('c2', host, processes, 'why'), restartOf('c2', host, processes, slow)]
            : []),
        ],
      }),
    ];
  });
};
