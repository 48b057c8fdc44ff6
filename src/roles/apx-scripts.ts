import type { Content } from '../core/content.ts';
import { count } from '../core/units.ts';
import type { Process, Requirement } from '../resources/process/process.ts';
import type { Task } from '../resources/resource.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import type { StartScript } from './sealing-worker.ts';
import { sealingProcess, startScript, withHome } from './sealing-worker.ts';
import { UNITS } from './units.ts';
import { script, WORKER_DIRECTORY } from './worker.ts';

/** Where APx keeps the sectors that are being sealed (handbook 1.3.2). */
const CACHE = '/opt/raid0/workercache';

/** What starts APx (handbook 2.2.6.3.1). */
export const apxStartScript = (context: RoleContext, port: number): StartScript =>
  startScript(context, {
    process: 'APx',
    unit: { file: UNITS.apx },
    directory: 'worker-apx',
    name: 'start_apx.sh',
    template: 'p1/worker-apx/start_apx.sh',
    values: { port },
  });

const initScriptOf = ({ home }: StartScript): string => `${home}/init_apx.sh`;

/** APx, which is given its cache directory once (handbook 2.2.8.2, 2.2.8.3). */
export const apxProcess = (
  start: StartScript,
  profile: Content,
  { port, maxSealing }: { readonly port: number; readonly maxSealing: number },
  requires: readonly Requirement[],
): Process => ({
  ...sealingProcess('APx', 'APx', start, profile, port, requires),
  init: {
    cache: CACHE,
    script: initScriptOf(start),
    limit: `${count(maxSealing, 'sector')} at a time`,
  },
});

/** Directory and scripts of APx: start, init, and the one that starts it from above (handbook 2.2.6.3). */
export const apxScripts = ({ host, render }: RoleContext, maxSealing: number, start: StartScript): Task => {
  // The group of its cache directory is the last part of the address; that of the process the whole address.
  const groupId = host.listen.slice(host.listen.lastIndexOf('.') + 1);
  return task(
    'scripts of APx',
    ['scripts'],
    [
      ...withHome(start),
      script(initScriptOf(start), render('p1/worker-apx/init_apx.sh', { maxSealing, groupId, cache: CACHE })),
      script(`${WORKER_DIRECTORY}/start_apx.sh`, render('p1/start_apx.sh', {})),
    ],
  );
};
