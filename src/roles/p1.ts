import type { Content } from '../core/content.ts';
import { remember } from '../core/remember.ts';
import { solveP1 } from '../layout/p1.ts';
import type { P1Layout } from '../layout/types.ts';
import type { Process } from '../resources/process/process.ts';
import type { Task } from '../resources/resource.ts';
import { base } from './base.ts';
import { checksOf } from './checks.ts';
import { environmentOf } from './environment.ts';
import { diskCheck, machineChecks } from './machine-checks.ts';
import { hugepagesTasks, MOUNT_POINT } from './p1-hugepages.ts';
import type { P1StartScripts, StartScript } from './p1-scripts.ts';
import { p1Scripts, p1StartScripts } from './p1-scripts.ts';
import { STOP_DEADLINE } from './processes.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import { templateDataChecks } from './template-data.ts';
import { profileFile, WORKER_DIRECTORY, workerProfile, workerTask } from './worker.ts';

const PROGRAM = `${WORKER_DIRECTORY}/lotus-worker`;
const PROFILE = `${WORKER_DIRECTORY}/profile`;

/** What tasks and processes of a machine have in common. */
interface P1Machine {
  readonly layout: P1Layout;
  readonly scripts: P1StartScripts;
  readonly profile: Content;
}

const machineOf = remember((context: RoleContext): P1Machine => {
  const { cluster, host } = context;
  const layout = solveP1(host.profile, cluster.sectorSize);
  return {
    layout,
    scripts: p1StartScripts(context, layout),
    profile: workerProfile(context, 'p1/profile', { sectorType: cluster.sectorSize.replace('GiB', 'GB') }),
  };
});

/** A machine that runs APx, P1 × n and P2 (handbook 2.2 and 3.2, but for what needs another machine). */
const p1Tasks = (context: RoleContext): Task[] => {
  const { cluster, host } = context;
  const { layout, scripts, profile } = machineOf(context);
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
    workerTask(context, 'p1', PROGRAM),
    task('worker profile', ['profile'], [profileFile(PROFILE, profile)]),
    ...p1Scripts(context, layout, scripts),
  ]);
};

/** In the order in which the handbook starts them (2.2.8): APx, P2, then the P1 tasks, some seconds apart. */
const p1Processes = (context: RoleContext): readonly Process[] => {
  const { layout, scripts, profile } = machineOf(context);
  const pause = context.host.variables.startPause;
  return [
    processOf('APx', 'APx', scripts.apx, profile, layout.apx.port),
    processOf('P2', 'P2', scripts.p2, profile, layout.p2.port),
    ...layout.tasks.flatMap(({ index, port }) => {
      const script = scripts.tasks[index - 1];
      if (!script) return [];
      const process = processOf(`P1-${index}`, 'P1', script, profile, port);
      const leftovers = `${MOUNT_POINT}/${index}p1`;
      return [{ ...process, start: { ...process.start, pause, leftovers } }];
    }),
  ];
};

const processOf = (
  name: string,
  group: string,
  { home, path, content }: StartScript,
  profile: Content,
  port: number,
): Process => {
  const { variables, isWhole } = environmentOf(profile, content);
  return {
    name,
    group,
    repository: home,
    port,
    program: PROGRAM,
    reads: { profile: PROFILE, script: path },
    environment: variables,
    environmentIsWhole: isWhole,
    start: { run: `bash ${path}`, pause: 0 },
    stop: { deadline: STOP_DEADLINE },
  };
};

export const p1: Role = { tasks: p1Tasks, processes: p1Processes, layout: solveP1 };
