import { fcopsCommand, look } from '../../core/next.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { countIn } from '../../lotus/miner-info.ts';
import { expectedDuration } from '../../lotus/stage-durations.ts';
import { durationText } from '../jobs/jobs.ts';
import { p1Cost } from './costs.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Pipeline } from './pipeline.ts';
import { namedTasks, outWords } from './pipeline.ts';
import { isLate, oldest } from './stages.ts';

/**
 * Seconds that a sector may wait for a P1 task: the miner begins two P1 every four minutes (handbook 3.7.2), and fourteen
 * of them in half an hour.
 */
const PATIENCE = 3600;

/** Whether P1 has sectors, and gets on with them; what comes before it, AddPiece, too (handbook 4.3.1, 4.3.3). */
export const p1Findings = (pipeline: Pipeline): readonly Finding[] => [
  ...addPiece(pipeline),
  ...unfed(pipeline),
  ...stuck(pipeline),
  ...late(pipeline),
];

/** Sectors that are pledged and not begun: the handbook keeps fourteen, and twice the P1 tasks before the first start. */
const addPiece = ({ stages: { AP, PC1 }, sectors, size }: Pipeline): readonly Finding[] => {
  const packing = sectors === null ? null : countIn(sectors, 'Packing');
  const ahead = packing ?? AP.waiting ?? 0;
  if (AP.untold > 0 || ahead === 0) return [];
  const out = AP.hosts.filter(({ workers }) => workers.out.length > 0);
  const told = [
    `${count(ahead, 'sector')} pledged and without its piece, ${AP.running} at work`,
    ...out.map((one) => `${one.host} ${outWords(one)}`),
  ];
  if (AP.working === 0 && AP.hosts.length > 0)
    return [
      finding('critical', 'apx', null, 'AddPiece does not go on: no APx takes a sector', {
        evidence: told,
        cost: p1Cost(size, PC1.working + PC1.out),
        next: [fcopsCommand(['workers'], 'see which APx are there')],
      }),
    ];
  const tasks = PC1.working + PC1.out;
  const waiting = AP.hosts.flatMap((one) => one.waiting);
  const isStuck = oldest(waiting) > PATIENCE && AP.running === 0;
  if (PC1.untold > 0 || !(isStuck || (tasks > 0 && ahead > 2 * tasks))) return [];
  return [
    finding('warn', 'apx', null, 'AddPiece does not keep up with what is pledged', {
      evidence: [
        ...told,
        ...(waiting.length > 0 ? [`given to APx and not begun: ${namedTasks(waiting)}`] : []),
        ...(tasks > 0 ? [`there are ${count(tasks, 'P1 task')}`] : []),
      ],
      cost: 'an APx that has all the sectors that it takes begins no other one until one of them is in the storage',
      next: [
        fcopsCommand(['pledge', '1', '--dry-run'], 'see how many sectors each APx has, and takes'),
        look('pledge no more until these are begun'),
      ],
    }),
  ];
};

/** P1 tasks without a sector, where none is on its way to them. */
const unfed = ({ stages: { AP, PC1 }, sectors, size }: Pipeline): readonly Finding[] => {
  if (sectors === null || PC1.untold > 0 || PC1.working === 0) return [];
  const coming = countIn(sectors, 'Packing') + AP.running + (AP.waiting ?? 0) + (PC1.waiting ?? 0);
  const free = PC1.hosts.map(({ host, workers, running, waiting }) => ({
    host,
    free: Math.max(0, workers.working.length - running.length - waiting.length),
  }));
  const idle = free.reduce((sum, one) => sum + one.free, 0);
  if (idle === 0 || coming > 0) return [];
  // Between two sectors each is without one for a moment.
  const severity = idle * 4 < PC1.working ? 'note' : 'warn';
  return [
    finding(
      severity,
      'p1',
      null,
      `${idle} of ${count(PC1.working, 'P1 task')} have no sector, and none is pledged`,
      {
        evidence: [
          free
            .filter((one) => one.free > 0)
            .map((one) => `${one.host}: ${one.free}`)
            .join(', '),
          'sectors in Packing: 0',
        ],
        cost: p1Cost(size, idle),
        next: [fcopsCommand(['pledge', String(idle)], 'where they are to seal')],
      },
    ),
  ];
};

/** Sectors that were given to P1 tasks of a host and do not begin, though some of them are free. */
const stuck = ({ stages: { PC1 }, size }: Pipeline): readonly Finding[] =>
  PC1.hosts.flatMap((one) => {
    const { host, workers, running, waiting } = one;
    const free = workers.working.length - running.length;
    if (workers.untold > 0 || free <= 0 || oldest(waiting) <= PATIENCE) return [];
    const old = waiting.filter(({ job }) => job.seconds > PATIENCE);
    // The miner may be holding back: it begins a few at a time, and there may be many hosts.
    const severity = running.length === 0 ? 'critical' : 'warn';
    return [
      finding(severity, 'p1', host, 'P1 does not begin sectors that were given to it', {
        evidence: [
          `given to it and not begun: ${namedTasks(old)}`,
          `${free} of its ${count(workers.working.length, 'P1 task')} are at nothing`,
        ],
        cost: p1Cost(size, Math.min(free, old.length)),
        next: [
          fcopsCommand(['verify', '--limit', host], 'see its huge pages, template data and cache'),
          fcopsCommand(['logs', 'p1', '--limit', host, '--process', 'P1,APx'], 'why'),
        ],
      }),
    ];
  });

const late = ({ stages: { PC1 }, size }: Pipeline): readonly Finding[] => {
  const expected = expectedDuration(size, 'PC1');
  if (expected === null) return [];
  return PC1.hosts.flatMap(({ host, running }) => {
    const slow = running.filter(isLate);
    if (slow.length === 0) return [];
    const processes = slow.flatMap(({ place }) => place.process ?? []);
    const extra = slow.reduce((sum, { job }) => sum + job.seconds - expected.most, 0);
    return [
      finding('warn', 'p1', host, `P1 takes longer than the ${durationText(expected)} that it should`, {
        processes,
        evidence: [`at work: ${namedTasks(slow)}`],
        cost: `${formatSeconds(extra)} of P1 so far; ending one of them loses all of its hours`,
        next: [
          fcopsCommand(
            ['status', '--limit', host],
            'leave them running, and see its huge pages, cores and what runs beside them',
          ),
        ],
      }),
    ];
  });
};
