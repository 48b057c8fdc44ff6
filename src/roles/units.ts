import { type Content, maskedText } from '../core/content.ts';
import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { words } from '../core/shell.ts';
import type { Host } from '../inventory/cluster.ts';
import { file } from '../resources/file/file.ts';
import type { Process, ProcessUnit, StartedProcess } from '../resources/process/process.ts';
import type { Resource, Task } from '../resources/resource.ts';
import { daemonReload } from '../resources/systemd/daemon-reload.ts';
import { noUnits } from '../resources/systemd/no-units.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';
import { OPEN_FILES } from './session-limits.ts';

const DIRECTORY = '/etc/systemd/system';

/** The unit of each kind of process; with an `@` it is a template, with one instance a process. */
export const UNITS = {
  p1: 'fcops-p1@.service',
  p2: 'fcops-p2.service',
  apx: 'fcops-apx.service',
  c2: 'fcops-c2@.service',
  lotus: 'fcops-lotus.service',
  lotusMiner: 'fcops-lotus-miner.service',
} as const;
export type UnitFile = (typeof UNITS)[keyof typeof UNITS];

/** What is to run a process of a host; undefined: its start script. `instance`: its number, of a template. */
export const unitFor = (
  { variables: { supervisor } }: Pick<Host, 'variables'>,
  unit: UnitFile,
  instance?: number,
): ProcessUnit | undefined =>
  supervisor === 'systemd' ? { name: nameOf(unit, instance), file: `${DIRECTORY}/${unit}` } : undefined;

const nameOf = (unit: UnitFile, instance?: number): string =>
  instance === undefined ? unit : unit.replace('@', `@${instance}`);

/** A process as its unit runs it; as it is where there is none. */
export const runBy = <P extends StartedProcess>(unit: ProcessUnit | undefined, process: P): P =>
  unit === undefined
    ? process
    : { ...process, unit, start: { ...process.start, run: words('systemctl', 'start', unit.name) } };

/** What the template of a start script takes of the unit that runs it; false: none does. */
export const scriptUnit = (
  unit: ProcessUnit | undefined,
  { name, home, log }: { readonly name: string; readonly home: string; readonly log: string },
): false | Readonly<Record<'unit' | 'name' | 'home' | 'logFile', string>> =>
  unit === undefined ? false : { unit: unit.name, name, home, logFile: log };

/**
 * The script as it was filled in. One of the operator's own that knows no --foreground would leave its program behind and
 * end, and systemd would end that with it.
 */
export const checkedForUnit = (
  unit: ProcessUnit | undefined,
  template: string,
  content: Content,
): Content => {
  if (unit === undefined || maskedText(content).includes('--foreground')) return content;
  throw new FcopsError({
    kind: 'template',
    what: `${template} knows no --foreground, which ${unit.name} runs it with (variables.supervisor: systemd)`,
    next: [edit(`take over what the shipped templates/${template}.hbs has for units`)],
  });
};

/** How systemd runs a process (seconds). */
interface Running {
  readonly stopSeconds: number;
  /** `always`: lotus-worker ends with status 0 when it fails, too. */
  readonly restart: 'always' | 'on-failure';
  readonly restartSeconds: number;
  readonly restartMaxSeconds: number;
  /** In an hour. */
  readonly restarts: number;
}

/** A worker that fails again and again registers at its miner once a minute, then every ten. */
const WORKER = {
  restart: 'always',
  restartSeconds: 60,
  restartMaxSeconds: 600,
  restarts: 30,
} as const;
/** A deadline of the proofs comes every half an hour. */
const MINER = {
  restart: 'on-failure',
  restartSeconds: 10,
  restartMaxSeconds: 300,
  restarts: 60,
} as const;

const runningOf = (unit: UnitFile, stopSeconds: number): Running => ({
  stopSeconds,
  ...(unit === UNITS.lotus || unit === UNITS.lotusMiner ? MINER : WORKER),
});

/** A unit file of a role: the folder of its template, and what runs by it. */
interface UnitOfRole {
  readonly folder: 'p1' | 'c2' | 'miner';
  readonly unit: UnitFile;
  /** Of a template, those with the numbers 1, 2 … */
  readonly processes: readonly Process[];
}

/** The unit files, known to systemd; where start scripts are to start all, what is left of them goes. */
export const unitsTask = ({ host, render }: RoleContext, units: readonly UnitOfRole[]): Task =>
  task(
    'units',
    ['scripts'],
    units.flatMap(({ folder, unit, processes }): Resource[] => {
      const path = `${DIRECTORY}/${unit}`;
      const isTemplate = unit.includes('@');
      const names = processes.map((_, index) => nameOf(unit, isTemplate ? index + 1 : undefined));
      if (host.variables.supervisor === 'nohup') return [noUnits({ file: path, units: names, processes })];
      const [first] = processes;
      const shown = isTemplate ? `'${unit.replace('@', '@*')}'` : unit;
      const values = { ...runningOf(unit, first?.stop.deadline ?? 60), nofile: OPEN_FILES, shown };
      return [
        file({ path, content: render(`${folder}/${unit}`, values) }),
        daemonReload({ units: names, files: [path] }),
      ];
    }),
  );
