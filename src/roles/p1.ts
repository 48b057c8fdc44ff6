import type { Content } from '../core/content.ts';
import { remember } from '../core/remember.ts';
import { GiB, KiB } from '../core/units.ts';
import { solveP1 } from '../layout/p1.ts';
import type { P1Layout } from '../layout/types.ts';
import type { Process, Requirement } from '../resources/process/process.ts';
import type { Task } from '../resources/resource.ts';
import { apxProcess } from './apx-scripts.ts';
import { base } from './base.ts';
import { checksOf } from './checks.ts';
import { listenAddress } from './listen-address.ts';
import { machineChecks } from './machine-checks.ts';
import { hugepagesTasks, MOUNT_POINT } from './p1-hugepages.ts';
import type { P1StartScripts } from './p1-scripts.ts';
import { p1Scripts, p1StartScripts } from './p1-scripts.ts';
import { gpuDriver, hugetlbfsAt, roomAt } from './requirements.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import { PROFILE, PROGRAM, sealingProcess, sealingProfile } from './sealing-worker.ts';
import { storageRequirements } from './storage.ts';
import { templateData } from './template-data.ts';
import { UNITS, unitsTask } from './units.ts';
import { forProgram, profileFile, workerTask } from './worker.ts';

/** What tasks and processes of a machine have in common. */
interface P1Machine {
  readonly layout: P1Layout;
  readonly scripts: P1StartScripts;
  readonly profile: Content;
  /** What APx, P2 and the P1 tasks stand on. */
  readonly requires: Readonly<Record<'apx' | 'p2' | 'tasks', readonly Requirement[]>>;
}

const machineOf = remember((context: RoleContext): P1Machine => {
  const { cluster, host } = context;
  const layout = solveP1(host.profile, cluster.sectorSize);
  return {
    layout,
    scripts: p1StartScripts(context, layout),
    profile: sealingProfile(context),
    requires: requirementsOf(context),
  };
});

/** APx and a P1 task are what makes the template data on the first machine; fcops starts them all, where it is there. */
const requirementsOf = ({ cluster, host }: RoleContext): P1Machine['requires'] => {
  const address = checksOf(host, (severity) => listenAddress(host, severity));
  const room = checksOf(host, (severity) => [roomAt(host, '/opt/raid0', severity)]);
  const data = checksOf(host, (severity) => templateData(cluster.sectorSize, severity));
  const driver = checksOf(host, (severity) => [gpuDriver(severity)]);
  const storage = checksOf(host, (severity) => storageRequirements(cluster, host, severity));
  return {
    // APx alone writes to the storage of other machines.
    apx: [...address, ...room, ...storage],
    p2: [...address, ...room, ...data, ...driver],
    tasks: [...address, hugetlbfsAt(MOUNT_POINT), ...room, ...data],
  };
};

/** A machine that runs APx, P1 × n and P2 (handbook 2.2 and 3.2, but for what needs another machine). */
const p1Tasks = (context: RoleContext): Task[] => {
  const { host } = context;
  const { layout, scripts, profile } = machineOf(context);
  return nonEmpty([
    task(
      'machine checks',
      ['checks'],
      checksOf(host, (severity) => machineChecks(host, layout, severity)),
    ),
    ...base(context, 'p1'),
    ...hugepagesTasks(context, layout),
    workerTask(context, 'p1', PROGRAM),
    ...forProgram(PROGRAM, [
      task('worker profile', ['profile'], [profileFile(PROFILE, profile)]),
      ...p1Scripts(context, layout, scripts),
      p1Units(context),
    ]),
  ]);
};

const p1Units = (context: RoleContext): Task => {
  const of = (group: string) => p1Processes(context).filter((process) => process.group === group);
  return unitsTask(context, [
    { folder: 'p1', unit: UNITS.apx, processes: of('APx') },
    { folder: 'p1', unit: UNITS.p2, processes: of('P2') },
    { folder: 'p1', unit: UNITS.p1, processes: of('P1') },
  ]);
};

/** In the order in which the handbook starts them (2.2.8): APx with its init, P2, then the P1 tasks, some seconds apart. */
const p1Processes = remember((context: RoleContext): readonly Process[] => {
  const { layout, scripts, profile, requires } = machineOf(context);
  const pause = context.host.variables.startPause;
  return [
    apxProcess(scripts.apx, profile, layout.apx, requires.apx),
    sealingProcess('P2', 'P2', scripts.p2, profile, layout.p2.port, requires.p2),
    ...layout.tasks.flatMap(({ index, port, pages: shares }) => {
      const script = scripts.tasks[index - 1];
      if (!script) return [];
      const process = sealingProcess(`P1-${index}`, 'P1', script, profile, port, requires.tasks);
      const leftovers = `${MOUNT_POINT}/${index}p1`;
      const pages = { kib: GiB / KiB, count: shares.reduce((sum, share) => sum + share.pages, 0) };
      return [{ ...process, start: { ...process.start, pause, leftovers, pages } }];
    }),
  ];
});

export const p1: Role = { tasks: p1Tasks, processes: p1Processes };
