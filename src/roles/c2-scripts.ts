import type { Content } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import type { C2Layout, C2Worker } from '../layout/types.ts';
import { directory } from '../resources/directory/directory.ts';
import { file } from '../resources/file/file.ts';
import type { ProcessUnit } from '../resources/process/process.ts';
import type { Task } from '../resources/resource.ts';
import { gpuBusIds } from './gpus.ts';
import { leftovers } from './leftovers.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { checkedForUnit, scriptUnit, UNITS, unitFor } from './units.ts';
import { logLimits, script } from './worker.ts';

/** What starts one C2 worker: its script follows from the machine's GPUs where nothing states them. */
export interface C2StartScript {
  readonly worker: C2Worker;
  readonly home: string;
  readonly path: string;
  readonly content: Content | ((facts: Facts) => Content);
  /** What runs it in the place of a person; left out: nothing does. */
  readonly unit: ProcessUnit | undefined;
}

const TEMPLATE = 'c2/worker-Nc2/start_Nc2.sh';

/** Where a C2 worker writes what it says. */
export const logOf = (home: string): string => `${home}/log.txt`;

/** The start script of each C2 worker (handbook 2.3.4.3). */
export const c2StartScripts = ({ host, render }: RoleContext, { workers }: C2Layout): C2StartScript[] => {
  const busIds = gpuBusIds(host, Math.max(...workers.map(({ gpu }) => gpu)) + 1);
  return workers.map((worker) => {
    const home = `/opt/worker-${worker.index}c2`;
    const unit = unitFor(host, UNITS.c2, worker.index);
    const about = { name: `C2-${worker.index}`, home, log: logOf(home) };
    const content = (known: readonly number[]) =>
      checkedForUnit(
        unit,
        TEMPLATE,
        render(TEMPLATE, {
          address: host.listen,
          environment: host.variables.environment,
          ...logLimits(host),
          worker,
          gpuBusId: known[worker.gpu],
          unit: scriptUnit(unit, about),
        }),
      );
    return {
      worker,
      home,
      unit,
      path: `${home}/start_${worker.index}c2.sh`,
      content: typeof busIds === 'function' ? (facts: Facts) => content(busIds(facts)) : content(busIds),
    };
  });
};

/** Directory and start script of each C2 worker, and the script that starts all (handbook 2.3.4.3). */
export const c2Scripts = ({ render }: RoleContext, scripts: readonly C2StartScript[]): Task =>
  task(
    'scripts of C2',
    ['scripts'],
    [
      ...scripts.flatMap(({ home, path, content }) => [
        directory({ path: home }),
        file({ path, mode: '0755', content }),
      ]),
      script('/opt/start_c2.sh', render('c2/start_c2.sh', { workers: scripts.length })),
      leftovers('C2 workers', scripts.length, [{ before: '/opt/worker-', after: 'c2' }]),
    ],
  );
