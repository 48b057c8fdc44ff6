import type { P1Layout } from '../layout/types.ts';
import type { Task } from '../resources/resource.ts';
import { apxScripts, apxStartScript } from './apx-scripts.ts';
import { leftovers } from './leftovers.ts';
import { MOUNT_POINT } from './p1-hugepages.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import type { StartScript } from './sealing-worker.ts';
import { startScript, withHome } from './sealing-worker.ts';
import { UNITS } from './units.ts';
import { script, WORKER_DIRECTORY } from './worker.ts';

/** The start scripts of a P1 machine (handbook 2.2.6.3-5). */
export interface P1StartScripts {
  readonly apx: StartScript;
  readonly p2: StartScript;
  /** Of P1 task 1, 2 … */
  readonly tasks: readonly StartScript[];
}

/** What starts each process of the machine. */
export const p1StartScripts = (
  context: RoleContext,
  { apx, p2, tasks, numaNodeCount }: P1Layout,
): P1StartScripts => {
  return {
    apx: apxStartScript(context, apx.port),
    p2: startScript(context, {
      process: 'P2',
      unit: { file: UNITS.p2 },
      directory: 'worker-p2',
      name: 'start_p2.sh',
      template: 'p1/worker-p2/start_p2.sh',
      values: { numaNodeCount, ...p2 },
    }),
    tasks: tasks.map((p1) =>
      startScript(context, {
        process: `P1-${p1.index}`,
        unit: { file: UNITS.p1, instance: p1.index },
        directory: `worker-${p1.index}p1`,
        name: `start_${p1.index}p1.sh`,
        template: 'p1/worker-Np1/start_Np1.sh',
        values: { numaNodeCount, task: p1 },
      }),
    ),
  };
};

/** Directories and scripts of APx, P2 and every P1 task, and those that start all of a kind (handbook 2.2.6.3-5). */
export const p1Scripts = (context: RoleContext, layout: P1Layout, scripts: P1StartScripts): Task[] => [
  apxScripts(context, layout.apx.maxSealing, scripts.apx),
  task(
    'scripts of P2',
    ['scripts'],
    [
      ...withHome(scripts.p2),
      script(`${WORKER_DIRECTORY}/start_p2.sh`, context.render('p1/start_p2.sh', {})),
    ],
  ),
  task(
    'scripts of P1',
    ['scripts'],
    [
      ...scripts.tasks.flatMap(withHome),
      script(
        `${WORKER_DIRECTORY}/start_p1.sh`,
        context.render('p1/start_p1.sh', {
          tasks: scripts.tasks.length,
          units: scripts.tasks.some(({ unit }) => unit !== undefined),
        }),
      ),
      leftovers('P1 tasks', scripts.tasks.length, [
        { before: `${WORKER_DIRECTORY}/worker-`, after: 'p1' },
        { before: `${MOUNT_POINT}/`, after: 'p1' },
      ]),
    ],
  ),
];
