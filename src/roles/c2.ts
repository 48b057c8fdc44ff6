import { solveC2 } from '../layout/c2.ts';
import type { Task } from '../resources/resource.ts';
import { base } from './base.ts';
import { c2Scripts } from './c2-scripts.ts';
import { checksOf } from './checks.ts';
import { machineChecks } from './machine-checks.ts';
import { proofParameterChecks } from './proof-parameters.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import { start } from './start.ts';
import { workerProfile, workerTask } from './worker.ts';

/**
 * A machine that runs one C2 worker a GPU (handbook 2.3 and 1.3.3). The list of 2.3.1 asks for cache disks as
 * on a P1 machine, but nothing of C2 uses any.
 */
const c2Tasks = (context: RoleContext): Task[] => {
  const { cluster, host } = context;
  const layout = solveC2(host.profile);
  return nonEmpty([
    task(
      'machine checks',
      ['checks'],
      checksOf(host, (severity) => machineChecks(host, layout, severity)),
    ),
    task(
      'proof parameters',
      ['checks', 'data'],
      checksOf(host, (severity) => proofParameterChecks(cluster.sectorSize, severity)),
    ),
    ...base(context, 'c2'),
    workerTask(context, 'c2', '/opt/lotus-worker'),
    // The path that the scripts source; the handbook writes another one by mistake.
    task('worker profile', ['profile'], [workerProfile(context, '/opt/profile', 'c2/profile', {})]),
    c2Scripts(context, layout),
  ]);
};

const c2StartTasks = (context: RoleContext): Task[] => [
  task(
    'start workers',
    ['start'],
    solveC2(context.host.profile).workers.map(({ index }) =>
      start(context, {
        name: `C2 worker ${index}`,
        repository: `/opt/worker-${index}c2`,
        run: `bash /opt/worker-${index}c2/start_${index}c2.sh`,
      }),
    ),
  ),
];

export const c2: Role = { tasks: c2Tasks, startTasks: c2StartTasks };
