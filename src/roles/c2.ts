import type { Content } from '../core/content.ts';
import { remember } from '../core/remember.ts';
import { solveC2 } from '../layout/c2.ts';
import type { C2Layout } from '../layout/types.ts';
import type { Process } from '../resources/process/process.ts';
import type { Task } from '../resources/resource.ts';
import { base } from './base.ts';
import type { C2StartScript } from './c2-scripts.ts';
import { c2Scripts, c2StartScripts, logOf } from './c2-scripts.ts';
import { checksOf } from './checks.ts';
import { environmentOf } from './environment.ts';
import { listenAddress } from './listen-address.ts';
import { machineChecks } from './machine-checks.ts';
import { STOP_DEADLINE } from './processes.ts';
import { proofParameters } from './proof-parameters.ts';
import { gpuDriver } from './requirements.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import { runBy, UNITS, unitsTask } from './units.ts';
import { forProgram, profileFile, workerProfile, workerTask } from './worker.ts';

export const PROGRAM = '/opt/lotus-worker';
/** The path that the scripts source; the handbook writes another one by mistake. */
export const PROFILE = '/opt/profile';

/** What tasks and processes of a machine have in common. */
interface C2Machine {
  readonly layout: C2Layout;
  readonly scripts: readonly C2StartScript[];
  readonly profile: Content;
}

const machineOf = remember((context: RoleContext): C2Machine => {
  const layout = solveC2(context.host.profile);
  return {
    layout,
    scripts: c2StartScripts(context, layout),
    profile: workerProfile(context, 'c2/profile', {}),
  };
});

/**
 * A machine that runs one C2 worker a GPU (handbook 2.3 and 1.3.3). The list of 2.3.1 asks for cache disks as
 * on a P1 machine, but nothing of C2 uses any.
 */
const c2Tasks = (context: RoleContext): Task[] => {
  const { host } = context;
  const { layout, scripts, profile } = machineOf(context);
  return nonEmpty([
    task(
      'machine checks',
      ['checks'],
      checksOf(host, (severity) => machineChecks(host, layout, severity)),
    ),
    ...base(context, 'c2'),
    workerTask(context, 'c2', PROGRAM),
    ...forProgram(PROGRAM, [
      task('worker profile', ['profile'], [profileFile(PROFILE, profile)]),
      c2Scripts(context, scripts),
      unitsTask(context, [{ folder: 'c2', unit: UNITS.c2, processes: c2Processes(context) }]),
    ]),
  ]);
};

/** One a GPU, all at once (handbook 2.3.4.3); taskset says which CPUs each may run on. */
const c2Processes = remember((context: RoleContext): readonly Process[] => {
  const { cluster, host } = context;
  const { scripts, profile } = machineOf(context);
  const requires = checksOf(host, (severity) => [
    ...listenAddress(host, severity),
    ...proofParameters(cluster.sectorSize, severity),
    gpuDriver(severity),
  ]);
  return scripts.map(({ worker, home, path, content, unit }): Process => {
    // What follows from the machine's facts is not compared: its script's time tells.
    const compared = typeof content === 'function' ? [] : [{ path, content }];
    const { variables, isWhole } = environmentOf(profile, ...compared.map((file) => file.content));
    return runBy(unit, {
      name: `C2-${worker.index}`,
      group: 'C2',
      repository: home,
      known: { by: 'argument' },
      log: logOf(home),
      port: worker.port,
      program: PROGRAM,
      reads: { profile: PROFILE, script: path },
      environment: variables,
      environmentFrom: [{ path: PROFILE, content: profile }, ...compared],
      environmentIsWhole: isWhole,
      requires,
      cpus: worker.cpus,
      start: { run: `bash ${path}`, pause: 0 },
      stop: { deadline: STOP_DEADLINE },
    });
  });
});

export const c2: Role = { tasks: c2Tasks, processes: c2Processes };
