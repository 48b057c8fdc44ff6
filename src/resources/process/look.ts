import { words } from '../../core/shell.ts';
import type { Ask, Observation, Row } from '../look.ts';
import { defineLook } from '../look.ts';
import { networkShell } from '../mounts/look.ts';
import { unescapeText } from '../text/text.ts';
import daemonsShell from './daemons.sh';
import shell from './look.sh';
import type { SoughtProcess, Variable } from './sought.ts';
import { daemonWords } from './sought.ts';
import workersShell from './workers.sh';

/** Whether and how a process runs. */
export interface ProcessAsk extends Ask {
  readonly look: 'process';
  readonly process: SoughtProcess;
}

export const askProcess = (process: SoughtProcess): ProcessAsk => ({ look: 'process', process });

/** A process that runs, as the kernel tells it. */
export interface RunningProcess {
  readonly pid: number;
  /** Seconds since 1970, by the host's clock. */
  readonly since: number;
  /** When it was started, in ticks since the host's boot: with its number, what it is known by for sure. */
  readonly ticks: number;
  /** Device and inode of its executable; null where the kernel does not tell. */
  readonly executable: string | null;
  /** Path of its executable, of an interpreter's where it is a script; null where the kernel does not tell. */
  readonly path: string | null;
  /** KiB of huge pages that it holds; null where the kernel does not tell (before 4.4). */
  readonly hugeKib: number | null;
  /** CPUs as the kernel lists them: `0-3,8`. */
  readonly cpus: string;
  /** The systemd unit of fcops that it is in: `fcops-p1@3.service`; null: none, its start script has started it. */
  readonly unit: string | null;
  /** Values of the variables that were asked for and that it has. */
  readonly environment: ReadonlyMap<string, string>;
  /** sha256 of the values of those that hold a secret. */
  readonly sums: ReadonlyMap<string, string>;
}

/** Ticks of the kernel in a second, as it shows them everywhere. */
const TICKS = 100;

/** Seconds that a process has run on a machine that has been `up` for so many: no clock that is set anew counts. */
export const ageOf = ({ ticks }: Pick<RunningProcess, 'ticks'>, up: number): number => up - ticks / TICKS;

/** A program as it is on the disk now. */
export interface ProgramState {
  readonly inode: string;
  /** Seconds since 1970: when it was changed or linked. */
  readonly changed: number;
  /** Run by an interpreter: its inode does not show in a process. */
  readonly script: boolean;
}

/** What was seen under a key: the processes of a repository, a program, or that processes were looked for at all. */
export type ProcessSeen =
  | { readonly type: 'looked' }
  | { readonly type: 'running'; readonly processes: readonly RunningProcess[] }
  | { readonly type: 'program'; readonly program: ProgramState };

const LOOKED = 'looked';
const runningKey = (repository: string): string => `repository ${repository}`;
const programKey = (path: string): string => `program ${path}`;

/** Names of variables, with commas between: of those that hold a secret, or of the others. */
const namesOf = (asks: readonly ProcessAsk[], secret: boolean): string => {
  const names = new Set<string>();
  for (const { process } of asks)
    for (const { name, value } of process.environment) if (holdsSecret(value) === secret) names.add(name);
  return [...names].join(',');
};

const holdsSecret = (value: Variable['value']): boolean =>
  typeof value !== 'function' && value.some((segment) => typeof segment !== 'string');

const isDaemon = ({ process }: ProcessAsk): boolean => process.known.by !== 'argument';

/**
 * An ask has two answers: the processes of its repository, which are missing where none runs, and its program. That
 * anybody looked is a third, of all asks: it tells "none runs" from "not seen".
 */
export const processLook = defineLook<ProcessAsk, ProcessSeen>({
  name: 'process',
  is: (ask): ask is ProcessAsk => ask.look === 'process',
  shell: (asks) => [
    networkShell,
    ...(asks.every(isDaemon) ? [] : [workersShell]),
    ...(asks.some(isDaemon) ? [daemonsShell] : []),
    shell,
  ],
  touches: (ask) => [ask.process.program, ...(isDaemon(ask) ? [ask.process.repository] : [])],
  key: ({ process }) => runningKey(process.repository),
  call: (asks) =>
    words(
      'fcops_processes_safely',
      namesOf(asks, false),
      namesOf(asks, true),
      ...new Set(asks.map(({ process }) => process.program)),
      '--',
      ...asks.filter((ask) => !isDaemon(ask)).map(({ process }) => process.repository),
      ...(asks.some(isDaemon) ? ['--', ...asks.flatMap(({ process }) => daemonWords(process))] : []),
    ),
  bare: () => ({ type: 'running', processes: [] }),
  rows: ['process', 'procexe', 'procpath', 'procenv', 'procsum', 'program', 'processes'],
  parse: (rows) => ({ seen: parseProcesses(rows), reasons: new Map() }),
});

const parseProcesses = (rows: readonly Row[]): ReadonlyMap<string, ProcessSeen> => {
  const seen = new Map<string, ProcessSeen>();
  const of = (tag: string) => rows.filter(([word]) => word === tag).map(([, ...fields]) => fields);
  const executables = new Map(of('procexe').map(([path = '', inode = '']) => [path, inode]));
  const paths = new Map(of('procpath').map(([path = '', quoted = '']) => [path, targetIn(quoted)]));
  const byPid = (tag: string, read: (value: string) => string) => {
    const values = new Map<string, Map<string, string>>();
    for (const [pid = '', name = '', value = ''] of of(tag)) {
      const known = values.get(pid) ?? new Map<string, string>();
      values.set(pid, known.set(name, read(value)));
    }
    return values;
  };
  const environments = byPid('procenv', unescapeText);
  const sums = byPid('procsum', (value) => value);
  const running = new Map<string, RunningProcess[]>();
  const processes = of('process');
  const found = new Set(processes.map(([repository, pid]) => `${repository} ${pid}`));
  for (const [
    repository = '',
    pid = '',
    since = '',
    cpus = '',
    parent = '',
    ticks = '',
    pages = '',
    unit = '',
  ] of processes) {
    // A child that has not become another program yet is its parent still.
    if (found.has(`${repository} ${parent}`)) continue;
    const ones = running.get(repository) ?? [];
    running.set(repository, ones);
    ones.push({
      pid: Number(pid),
      since: Number(since),
      ticks: Number(ticks),
      executable: executables.get(`/proc/${pid}/exe`) ?? null,
      path: paths.get(`/proc/${pid}/exe`) ?? null,
      hugeKib: pages === '' ? null : Number(pages),
      unit: unit === '' ? null : unit,
      cpus,
      environment: environments.get(pid) ?? new Map(),
      sums: sums.get(pid) ?? new Map(),
    });
  }
  for (const [repository, processes] of running)
    seen.set(runningKey(repository), { type: 'running', processes });
  for (const [path = '', inode = '', changed = '', kind = ''] of of('program'))
    seen.set(programKey(path), {
      type: 'program',
      program: { inode, changed: Number(changed), script: kind === 'script' },
    });
  if (of('processes').length > 0) seen.set(LOOKED, { type: 'looked' });
  return seen;
};

/** States the processes of a repository on a host that is only thought of. */
export const putRunning = (
  answer: Observation['answer'],
  repository: string,
  processes: readonly RunningProcess[],
): void => processLook.given(answer, runningKey(repository), { type: 'running', processes });

/** States a program on such a host. */
export const putProgram = (answer: Observation['answer'], path: string, program: ProgramState): void =>
  processLook.given(answer, programKey(path), { type: 'program', program });

/** States that processes were looked for on such a host. */
export const putLooked = (answer: Observation['answer']): void =>
  processLook.given(answer, LOOKED, { type: 'looked' });

/** How stat prints a link: `'/proc/7/exe' -> '/opt/lotus-worker (deleted)'`; it is gone from there then. */
const targetIn = (quoted: string): string | null => / -> '(.*?)(?: \(deleted\))?'$/.exec(quoted)?.[1] ?? null;

/** The processes of a repository; null where nobody could look. */
export const runningOf = (seen: Observation, repository: string): readonly RunningProcess[] | null => {
  if (processLook.seen(seen, LOOKED) === undefined) return null;
  const found = processLook.seen(seen, runningKey(repository));
  return found?.type === 'running' ? found.processes : [];
};

/** Numbers of all processes that were looked for and run, of whatever repository. */
export const pidsIn = (seen: Observation): ReadonlySet<string> =>
  new Set((seen.answer.get('process') ?? []).map(([, , pid = '']) => pid));

/** A program as it is now; null where it is not there. */
export const programOf = (seen: Observation, path: string): ProgramState | null => {
  const found = processLook.seen(seen, programKey(path));
  return found?.type === 'program' ? found.program : null;
};

/** The same host as if none of these processes ran: what would have to be started then. `only`: of those, these alone. */
export const withoutProcesses = (
  seen: Observation,
  repositories: ReadonlySet<string>,
  only?: ReadonlySet<string>,
): Observation => {
  const rows = seen.answer.get('process') ?? [];
  const meant = ([, repository = '', pid = '', , , , ticks = '']: Row) =>
    repositories.has(repository) && (only?.has(`${pid} ${ticks}`) ?? true);
  const pids = new Set(rows.filter(meant).map(([, , pid]) => pid));
  // A child that has not become another program yet goes with its parent.
  const isGone = (row: Row) => meant(row) || (repositories.has(row[1] ?? '') && pids.has(row[5]));
  return {
    ...seen,
    answer: new Map(
      [...seen.answer].map(([tag, rows]) => [
        tag,
        tag === 'process' ? rows.filter((row) => !isGone(row)) : rows,
      ]),
    ),
  };
};
