import type { Content } from '../core/content.ts';
import { directory } from '../resources/directory/directory.ts';
import type { Process, Requirement } from '../resources/process/process.ts';
import type { Resource } from '../resources/resource.ts';
import { environmentOf } from './environment.ts';
import { STOP_DEADLINE } from './processes.ts';
import type { RoleContext } from './role.ts';
import { script, WORKER_DIRECTORY, workerProfile } from './worker.ts';

/** What APx, P2 and P1 tasks have in common: a program and a profile in one place (handbook 1.3.2). */
export const PROGRAM = `${WORKER_DIRECTORY}/lotus-worker`;
export const PROFILE = `${WORKER_DIRECTORY}/profile`;

/** The profile of a machine that seals (handbook 2.2.6.2.2). */
export const sealingProfile = (context: RoleContext): Content => {
  const { cluster, host } = context;
  const sectorType = host.variables.environment.SECTOR_TYPE ?? cluster.sectorSize.replace('iB', 'B');
  return workerProfile(context, 'p1/profile', { sectorType }, ['SECTOR_TYPE']);
};

/** What starts one process: its directory and its script, as the host gets it. */
export interface StartScript {
  readonly home: string;
  readonly path: string;
  readonly content: Content;
}

export const startScript = (directoryName: string, name: string, content: Content): StartScript => {
  const home = `${WORKER_DIRECTORY}/${directoryName}`;
  return { home, path: `${home}/${name}`, content };
};

export const withHome = ({ home, path, content }: StartScript): Resource[] => [
  directory({ path: home }),
  script(path, content),
];

/** A process of such a machine, started by its script. */
export const sealingProcess = (
  name: string,
  group: string,
  { home, path, content }: StartScript,
  profile: Content,
  port: number,
  requires: readonly Requirement[],
): Process => {
  const { variables, isWhole } = environmentOf(profile, content);
  return {
    name,
    group,
    repository: home,
    known: { by: 'argument' },
    log: `${home}/log.txt`,
    port,
    program: PROGRAM,
    reads: { profile: PROFILE, script: path },
    environment: variables,
    environmentIsWhole: isWhole,
    requires,
    start: { run: `bash ${path}`, pause: 0 },
    stop: { deadline: STOP_DEADLINE },
  };
};
