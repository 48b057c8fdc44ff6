import type { P1Layout } from '../layout/types.ts';
import { directory } from '../resources/directory.ts';
import type { Resource, Task } from '../resources/resource.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { script, WORKER_DIRECTORY } from './worker.ts';

/** Directories and scripts of APx, P2 and every P1 task, and those that start all of a kind (handbook 2.2.6.3-5). */
export const p1Scripts = (context: RoleContext, layout: P1Layout): Task[] => [
  task('scripts of APx', ['scripts'], apxScripts(context, layout.apx)),
  task('scripts of P2', ['scripts'], p2Scripts(context, layout)),
  task('scripts of P1', ['scripts'], taskScripts(context, layout)),
];

/** APx alone: a machine may run nothing else. */
export const apxScripts = (
  { host, render }: RoleContext,
  { port, maxSealing }: P1Layout['apx'],
): Resource[] => {
  const home = `${WORKER_DIRECTORY}/worker-apx`;
  // The group of its cache directory is the last part of the address; that of the process the whole address.
  const groupId = host.address.slice(host.address.lastIndexOf('.') + 1);
  return [
    directory({ path: home }),
    script(`${home}/start_apx.sh`, render('p1/worker-apx/start_apx.sh', { address: host.address, port })),
    script(`${home}/init_apx.sh`, render('p1/worker-apx/init_apx.sh', { maxSealing, groupId })),
    script(`${WORKER_DIRECTORY}/start_apx.sh`, render('p1/start_apx.sh', {})),
  ];
};

const p2Scripts = ({ host, render }: RoleContext, { p2, numaNodeCount }: P1Layout): Resource[] => {
  const home = `${WORKER_DIRECTORY}/worker-p2`;
  return [
    directory({ path: home }),
    script(
      `${home}/start_p2.sh`,
      render('p1/worker-p2/start_p2.sh', { address: host.address, numaNodeCount, ...p2 }),
    ),
    script(`${WORKER_DIRECTORY}/start_p2.sh`, render('p1/start_p2.sh', {})),
  ];
};

const taskScripts = ({ host, render }: RoleContext, { tasks, numaNodeCount }: P1Layout): Resource[] => [
  ...tasks.flatMap((p1) => {
    const home = `${WORKER_DIRECTORY}/worker-${p1.index}p1`;
    const text = render('p1/worker-Np1/start_Np1.sh', { address: host.address, numaNodeCount, task: p1 });
    return [directory({ path: home }), script(`${home}/start_${p1.index}p1.sh`, text)];
  }),
  script(`${WORKER_DIRECTORY}/start_p1.sh`, render('p1/start_p1.sh', { tasks: tasks.length })),
];
