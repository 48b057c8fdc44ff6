import { solveP1 } from '../layout/p1.ts';
import type { Task } from '../resources/resource.ts';
import { base } from './base.ts';
import { checksOf } from './checks.ts';
import { hugepagesTasks } from './hugepages.ts';
import { diskCheck, machineChecks } from './machine-checks.ts';
import { p1Scripts } from './p1-scripts.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import { start } from './start.ts';
import { templateDataChecks } from './template-data.ts';
import { WORKER_DIRECTORY, workerProfile, workerTask } from './worker.ts';

/** A machine that runs APx, P1 × n and P2 (handbook 2.2 and 3.2, but for what needs another machine). */
const p1Tasks = (context: RoleContext): Task[] => {
  const { cluster, host } = context;
  const layout = solveP1(host.profile, cluster.sectorSize);
  return nonEmpty([
    task(
      'machine checks',
      ['checks'],
      checksOf(host, (severity) => [
        ...machineChecks(host, layout, severity),
        diskCheck(host, '/opt/raid0', severity),
      ]),
    ),
    task(
      'template data',
      ['checks', 'data'],
      checksOf(host, (severity) => templateDataChecks(cluster.sectorSize, severity)),
    ),
    ...base(context, 'p1'),
    ...hugepagesTasks(context, layout),
    workerTask(context, 'p1', `${WORKER_DIRECTORY}/lotus-worker`),
    task(
      'worker profile',
      ['profile'],
      [
        workerProfile(context, `${WORKER_DIRECTORY}/profile`, 'p1/profile', {
          sectorType: cluster.sectorSize.replace('GiB', 'GB'),
        }),
      ],
    ),
    ...p1Scripts(context, layout),
  ]);
};

/**
 * In the handbook's order (2.2.8). The P1 tasks come up 30 s apart, so they go on after the run has ended, and
 * one that runs is enough to leave all alone: starting them anew would throw hours of work away.
 */
const p1StartTasks = (context: RoleContext): Task[] => [
  task(
    'start workers',
    ['start'],
    [
      start(context, {
        name: 'APx',
        repository: `${WORKER_DIRECTORY}/worker-apx`,
        run: `bash ${WORKER_DIRECTORY}/start_apx.sh`,
      }),
      start(context, {
        name: 'P2',
        repository: `${WORKER_DIRECTORY}/worker-p2`,
        run: `bash ${WORKER_DIRECTORY}/start_p2.sh`,
      }),
      start(context, {
        name: 'P1',
        repository: `${WORKER_DIRECTORY}/worker-1p1`,
        running: `${WORKER_DIRECTORY}/worker-+([0-9])p1`,
        processes: solveP1(context.host.profile, context.cluster.sectorSize).tasks.length,
        run: `nohup bash ${WORKER_DIRECTORY}/start_p1.sh >${WORKER_DIRECTORY}/start_p1.log 2>&1 </dev/null &`,
      }),
    ],
  ),
];

export const p1: Role = { tasks: p1Tasks, startTasks: p1StartTasks };
