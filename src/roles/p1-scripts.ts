import type { Content } from '../core/content.ts';
import type { P1Layout } from '../layout/types.ts';
import { directory } from '../resources/directory/directory.ts';
import type { Resource, Task } from '../resources/resource.ts';
import { leftovers } from './leftovers.ts';
import { MOUNT_POINT } from './p1-hugepages.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { script, WORKER_DIRECTORY } from './worker.ts';

/** What starts one process: its directory and its script, as the host gets it. */
export interface StartScript {
  readonly home: string;
  readonly path: string;
  readonly content: Content;
}

/** The start scripts of a P1 machine (handbook 2.2.6.3-5). */
export interface P1StartScripts {
  readonly apx: StartScript;
  readonly p2: StartScript;
  /** Of P1 task 1, 2 … */
  readonly tasks: readonly StartScript[];
}

/** What starts each process of the machine. */
export const p1StartScripts = (
  { host, render }: RoleContext,
  { apx, p2, tasks, numaNodeCount }: P1Layout,
): P1StartScripts => {
  const {
    address,
    variables: { environment },
  } = host;
  return {
    apx: startScript(
      'worker-apx',
      'start_apx.sh',
      render('p1/worker-apx/start_apx.sh', { address, environment, port: apx.port }),
    ),
    p2: startScript(
      'worker-p2',
      'start_p2.sh',
      render('p1/worker-p2/start_p2.sh', { address, environment, numaNodeCount, ...p2 }),
    ),
    tasks: tasks.map((p1) =>
      startScript(
        `worker-${p1.index}p1`,
        `start_${p1.index}p1.sh`,
        render('p1/worker-Np1/start_Np1.sh', { address, environment, numaNodeCount, task: p1 }),
      ),
    ),
  };
};

const startScript = (directoryName: string, name: string, content: Content): StartScript => {
  const home = `${WORKER_DIRECTORY}/${directoryName}`;
  return { home, path: `${home}/${name}`, content };
};

/** Directories and scripts of APx, P2 and every P1 task, and those that start all of a kind (handbook 2.2.6.3-5). */
export const p1Scripts = (context: RoleContext, layout: P1Layout, scripts: P1StartScripts): Task[] => [
  task('scripts of APx', ['scripts'], apxScripts(context, layout.apx, scripts.apx)),
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
        context.render('p1/start_p1.sh', { tasks: scripts.tasks.length }),
      ),
      leftovers('P1 tasks', scripts.tasks.length, [
        { before: `${WORKER_DIRECTORY}/worker-`, after: 'p1' },
        { before: `${MOUNT_POINT}/`, after: 'p1' },
      ]),
    ],
  ),
];

const withHome = ({ home, path, content }: StartScript): Resource[] => [
  directory({ path: home }),
  script(path, content),
];

/** APx alone: a machine may run nothing else. */
const apxScripts = (
  { host, render }: RoleContext,
  { maxSealing }: P1Layout['apx'],
  start: StartScript,
): Resource[] => {
  // The group of its cache directory is the last part of the address; that of the process the whole address.
  const groupId = host.address.slice(host.address.lastIndexOf('.') + 1);
  return [
    ...withHome(start),
    script(`${start.home}/init_apx.sh`, render('p1/worker-apx/init_apx.sh', { maxSealing, groupId })),
    script(`${WORKER_DIRECTORY}/start_apx.sh`, render('p1/start_apx.sh', {})),
  ];
};
