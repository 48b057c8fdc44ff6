import type { Content } from '../core/content.ts';
import type { TemplateValues } from '../render/guarded-values.ts';
import { directory } from '../resources/directory/directory.ts';
import type { Process, ProcessUnit, Requirement } from '../resources/process/process.ts';
import type { Resource } from '../resources/resource.ts';
import { environmentOf } from './environment.ts';
import { STOP_DEADLINE } from './processes.ts';
import type { RoleContext } from './role.ts';
import type { UnitFile } from './units.ts';
import { checkedForUnit, runBy, scriptUnit, unitFor } from './units.ts';
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
  /** What runs it in the place of a person; left out: nothing does. */
  readonly unit: ProcessUnit | undefined;
}

/** What a start script is made of. */
interface ScriptSpec {
  readonly process: string;
  readonly unit: { readonly file: UnitFile; readonly instance?: number };
  readonly directory: string;
  readonly name: string;
  readonly template: string;
  readonly values: TemplateValues;
}

export const startScript = ({ host, render }: RoleContext, spec: ScriptSpec): StartScript => {
  const home = `${WORKER_DIRECTORY}/${spec.directory}`;
  const unit = unitFor(host, spec.unit.file, spec.unit.instance);
  const content = render(spec.template, {
    address: host.listen,
    environment: host.variables.environment,
    unit: scriptUnit(unit, { name: spec.process, home, log: logOfHome(home) }),
    ...spec.values,
  });
  return { home, path: `${home}/${spec.name}`, content: checkedForUnit(unit, spec.template, content), unit };
};

const logOfHome = (home: string): string => `${home}/log.txt`;

export const withHome = ({ home, path, content }: StartScript): Resource[] => [
  directory({ path: home }),
  script(path, content),
];

/** A process of such a machine, started by its script. */
export const sealingProcess = (
  name: string,
  group: string,
  { home, path, content, unit }: StartScript,
  profile: Content,
  port: number,
  requires: readonly Requirement[],
): Process => {
  const { variables, isWhole } = environmentOf(profile, content);
  return runBy(unit, {
    name,
    group,
    repository: home,
    known: { by: 'argument' },
    log: logOfHome(home),
    port,
    program: PROGRAM,
    reads: { profile: PROFILE, script: path },
    environment: variables,
    environmentFrom: [
      { path: PROFILE, content: profile },
      { path, content },
    ],
    environmentIsWhole: isWhole,
    requires,
    start: { run: `bash ${path}`, pause: 0 },
    stop: { deadline: STOP_DEADLINE },
  });
};
