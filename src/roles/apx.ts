import type { Content } from '../core/content.ts';
import { remember } from '../core/remember.ts';
import { solveApx } from '../layout/apx.ts';
import type { ApxLayout } from '../layout/types.ts';
import type { Process } from '../resources/process/process.ts';
import type { Task } from '../resources/resource.ts';
import { apxProcess, apxScripts, apxStartScript } from './apx-scripts.ts';
import { base } from './base.ts';
import { checksOf } from './checks.ts';
import { listenAddress } from './listen-address.ts';
import { machineChecks } from './machine-checks.ts';
import { roomAt } from './requirements.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import type { StartScript } from './sealing-worker.ts';
import { PROFILE, PROGRAM, sealingProfile } from './sealing-worker.ts';
import { storageRequirements } from './storage.ts';
import { pieceTemplate } from './template-data.ts';
import { UNITS, unitsTask } from './units.ts';
import { forProgram, profileFile, workerTask } from './worker.ts';

/** What tasks and processes of a machine have in common. */
interface ApxMachine {
  readonly layout: ApxLayout;
  readonly script: StartScript;
  readonly profile: Content;
}

const machineOf = remember((context: RoleContext): ApxMachine => {
  const layout = solveApx(context.host.profile, context.cluster.sectorSize);
  return { layout, script: apxStartScript(context, layout.port), profile: sealingProfile(context) };
});

/** A machine that runs APx alone: what 2.2.6.3 puts on a P1 machine, and no P1, P2 or huge pages. */
const apxTasks = (context: RoleContext): Task[] => {
  const { host } = context;
  const { layout, script, profile } = machineOf(context);
  return nonEmpty([
    task(
      'machine checks',
      ['checks'],
      checksOf(host, (severity) => machineChecks(host, layout, severity)),
    ),
    ...base(context, 'apx'),
    workerTask(context, 'apx', PROGRAM),
    ...forProgram(PROGRAM, [
      task('worker profile', ['profile'], [profileFile(PROFILE, profile)]),
      apxScripts(context, layout.maxSealing, script),
      unitsTask(context, [{ folder: 'p1', unit: UNITS.apx, processes: apxProcesses(context) }]),
    ]),
  ]);
};

/** APx makes a piece by itself where there is no template of one, only slowly: that is told, and waits for nothing. */
const apxProcesses = remember((context: RoleContext): readonly Process[] => {
  const { cluster, host } = context;
  const { layout, script, profile } = machineOf(context);
  const requires = checksOf(host, (severity) => [
    ...listenAddress(host, severity),
    roomAt(host, '/opt/raid0', severity),
    ...storageRequirements(cluster, host, severity),
    ...pieceTemplate(cluster.sectorSize, 'warn'),
  ]);
  return [apxProcess(script, profile, layout, requires)];
});

export const apx: Role = { tasks: apxTasks, processes: apxProcesses };
