import type { C2Layout, C2Worker } from '../layout/types.ts';
import { directory } from '../resources/directory.ts';
import { file } from '../resources/file.ts';
import type { Resource, Task } from '../resources/resource.ts';
import { gpuBusIds } from './gpus.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { script } from './worker.ts';

/** Directory and start script of each C2 worker, and the script that starts all (handbook 2.3.4.3). */
export const c2Scripts = (context: RoleContext, { workers }: C2Layout): Task => {
  const busIds = gpuBusIds(context.host, Math.max(...workers.map(({ gpu }) => gpu)) + 1);
  return task(
    'scripts of C2',
    ['scripts'],
    [
      ...workers.flatMap((worker) => workerScripts(context, worker, busIds)),
      script('/opt/start_c2.sh', context.render('c2/start_c2.sh', { workers: workers.length })),
    ],
  );
};

const workerScripts = (
  { host, render }: RoleContext,
  worker: C2Worker,
  busIds: ReturnType<typeof gpuBusIds>,
): Resource[] => {
  const home = `/opt/worker-${worker.index}c2`;
  const text = (known: readonly number[]) =>
    render('c2/worker-Nc2/start_Nc2.sh', { address: host.address, worker, gpuBusId: known[worker.gpu] });
  return [
    directory({ path: home }),
    file({
      path: `${home}/start_${worker.index}c2.sh`,
      mode: '0755',
      text: typeof busIds === 'function' ? (facts) => text(busIds(facts)) : text(busIds),
    }),
  ];
};
