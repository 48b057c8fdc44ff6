import type { Digest } from '../../core/content.ts';
import type { LockHolder, Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import { GiB, KiB } from '../../core/units.ts';
import type { Look } from '../../engine/look-script.ts';
import type { Cluster, Host, MinerBackup } from '../../inventory/cluster.ts';
import { askBackups, backupsSeen } from '../../resources/backups/look.ts';
import type { GpusSeen } from '../../resources/gpus/look.ts';
import { askGpus, gpusOf } from '../../resources/gpus/look.ts';
import type { NodePages } from '../../resources/hugepages/look.ts';
import { askHugepages, hugepagesLook } from '../../resources/hugepages/look.ts';
import type { Ask, Observation } from '../../resources/look.ts';
import { askMount, mountLook } from '../../resources/mounts/look.ts';
import { pathLook } from '../../resources/path/look.ts';
import { askPort, isListening } from '../../resources/ports/look.ts';
import { logOf, logText } from '../../resources/process/log.ts';
import type { RunningProcess } from '../../resources/process/look.ts';
import { askProcess, programOf, runningOf } from '../../resources/process/look.ts';
import type { Process } from '../../resources/process/process.ts';
import { askFiles } from '../../resources/process/resource.ts';
import { restartReasons } from '../../resources/process/restart-owed.ts';
import type { Belonging } from '../../resources/stamp/stamp.ts';
import { askStamp, belongsTo, otherStamp } from '../../resources/stamp/stamp.ts';
import { askUnit, unitLook } from '../../resources/systemd/look.ts';
import { usableGpus } from '../../roles/gpus.ts';
import type { LookedAt } from '../../roles/looked-at.ts';
import { mountsLookedAt } from '../../roles/looked-at.ts';
import { backupOn, backupPlaces } from '../../roles/miner-backup.ts';
import { versionAt, wantedVersion } from '../../roles/program.ts';
import type { DeployableRole } from '../../roles/role-names.ts';
import type { BackupsStatus } from '../backups/judge.ts';
import type { OverridesStatus } from '../overrides.ts';
import type { Registration } from '../registrations.ts';

/** The program of a process, by its three versions. Null: not known. */
export interface ProgramStatus {
  readonly path: string;
  /** What it runs, where its executable lies in a directory of versions. */
  readonly running: string | null;
  /** Whether that is what its link points to now; null where it does not run, or nobody knows. */
  readonly isLinked: boolean | null;
  /** What its link points to. */
  readonly linked: string | null;
  /** What the inventory wants. */
  readonly wanted: string | null;
}

/** One start of a process, as the kernel tells it. */
export type Instance = Pick<RunningProcess, 'pid' | 'since' | 'cpus' | 'hugeKib'>;

/** What runs a process: its start script in the background, or a systemd unit. */
export interface SupervisorStatus {
  /** Of the inventory. */
  readonly wanted: 'nohup' | 'systemd';
  /** Null: it does not run, or it is not known. */
  readonly running: 'nohup' | 'systemd' | null;
  /** The unit that runs it, or is to; null: none. */
  readonly unit: string | null;
  /** Of the unit that is to run it, as systemd names it: `active`, `activating`, `failed`; null: none, or not known. */
  readonly state: string | null;
}

export interface ProcessStatus {
  readonly role: DeployableRole;
  /** `P1-3`, and those that are numbered like it: `P1`. */
  readonly name: string;
  readonly group: string;
  /** What shows its log: a path, or the command for a journal. */
  readonly log: string;
  readonly supervisor: SupervisorStatus;
  readonly port: number;
  /** Whether anybody listens on its port; null: not known. */
  readonly listening: boolean | null;
  /** None: it does not run. Null: it cannot be told whether it does. */
  readonly running: readonly Instance[] | null;
  readonly program: ProgramStatus;
  /** Why a restart is owed; none: it is not. */
  readonly restart: readonly string[];
  /** Variables with a secret of ours that could not be compared, since the secret is not known here. */
  readonly uncompared: readonly string[];
  /** What the miner says of it; null: it is no worker. */
  readonly registration: Registration | null;
}

/** What is mounted at a directory, and the room there. */
export type MountStatus = LookedAt &
  (
    | {
        readonly state: 'mounted';
        readonly source: string;
        readonly fstype: string;
        readonly bytes: number;
        readonly freeBytes: number;
      }
    | { readonly state: 'not mounted' }
    /** It does not answer, or nobody could look. */
    | { readonly state: 'unknown'; readonly why: string }
  );

/** Huge pages of 1 GiB. */
export interface HugepagesStatus {
  readonly nodes: readonly NodePages[];
  /** What its processes take. */
  readonly wanted: number;
}

interface About {
  readonly host: string;
  readonly address: string;
  readonly listen: string;
  readonly roles: readonly DeployableRole[];
  /** What it runs with for a while; left out: all that its profile says. */
  readonly overrides?: OverridesStatus;
}

/** How a host is doing, as one look at it has shown. */
export interface SeenHost extends About {
  readonly state: 'seen';
  readonly processes: readonly ProcessStatus[];
  readonly mounts: readonly MountStatus[];
  /** Null: its roles use none. */
  readonly hugepages: HugepagesStatus | null;
  /** PCI addresses of the NVIDIA GPUs that the machine has, and what their driver says. */
  readonly gpus: { readonly present: readonly string[]; readonly seen: GpusSeen };
  /** Backups of its miner; null: it makes none. */
  readonly backups: BackupsStatus | null;
  /** What is said where it carries the stamp of another miner; left out: it does not. */
  readonly ofAnother?: Belonging;
  /** Who is changing it right now. */
  readonly lockedBy: LockHolder | null;
}

export type HostStatus =
  | SeenHost
  /** It could not be looked at. */
  | (About & { readonly state: 'unseen'; readonly problems: readonly Problem[] })
  /** It has not been looked at yet. */
  | (About & { readonly state: 'pending' });

/** A host with what it is to run. */
export interface StatusHost {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly roles: readonly DeployableRole[];
  readonly processes: readonly { readonly role: DeployableRole; readonly process: Process }[];
}

const PAGE_KIB = GiB / KiB;

const wantedPages = ({ processes }: StatusHost): number =>
  processes.reduce((sum, { process }) => sum + (process.start.pages?.count ?? 0), 0);

/** What is looked at: processes with what they read, their ports, mounts, huge pages, GPUs. */
export const statusAsks = (about: StatusHost): readonly Ask[] => [
  ...about.processes.flatMap(({ process }) => [
    askProcess(process),
    askPort(process.port),
    ...(process.unit ? [askUnit(process.unit.name)] : []),
    ...askFiles(process),
  ]),
  ...mountsLookedAt(about.cluster, about.host, about.roles).map(({ target }) => askMount(target)),
  ...(wantedPages(about) > 0 ? [askHugepages(PAGE_KIB)] : []),
  ...backupsOf(about).flatMap((backup) => askBackups(backupPlaces(about.cluster, backup))),
  askGpus,
  askStamp,
];

/** What it is to back up, where it is looked at as the miner host. */
const backupsOf = ({ cluster, host, roles }: StatusHost): readonly MinerBackup[] => {
  const backup = backupOn(cluster, host);
  return backup !== null && roles.includes('miner') ? [backup] : [];
};

/** What a look came to. `registered`: what the miner says of the process of that name. */
export const seenHost = (
  about: StatusHost,
  { seen, lockedBy }: Look,
  digest: Digest,
  registered: (process: string) => Registration,
): SeenHost => {
  const { cluster, host, roles } = about;
  const pages = hugepagesLook.seen(seen, String(PAGE_KIB));
  const [backup] = backupsOf(about);
  const { miner } = cluster;
  const other = otherStamp(seen, miner);
  return {
    state: 'seen',
    host: host.name,
    address: host.address,
    listen: host.listen,
    roles,
    processes: about.processes.map(({ role, process }) =>
      processStatus(host, role, process, seen, digest, registered),
    ),
    mounts: mountsLookedAt(cluster, host, roles).map((one) => mountStatus(one, seen)),
    hugepages: wantedPages(about) > 0 ? { nodes: pages ?? [], wanted: wantedPages(about) } : null,
    gpus: { present: usableGpus(host, seen.facts.gpus).map(({ address }) => address), seen: gpusOf(seen) },
    backups: backup ? { ...backupsSeen(seen), ...backup } : null,
    ...(other && { ofAnother: belongsTo(other, { miner, name: host.name }) }),
    lockedBy,
  };
};

const processStatus = (
  host: Host,
  role: DeployableRole,
  process: Process,
  seen: Observation,
  digest: Digest,
  registered: (process: string) => Registration,
): ProcessStatus => {
  const { name, group, port, program, repository } = process;
  const running = runningOf(seen, repository);
  const [first, second] = running ?? [];
  const { known, unknown } = comparable(process, digest);
  const context = { pending: () => false, digest };
  return {
    ...{ role, name, group, port },
    log: logText(logOf(process, first)),
    supervisor: supervisorOf(process, first, seen),
    listening: isListening(seen, host.listen, port),
    running: running?.map(({ pid, since, cpus, hugeKib }) => ({ pid, since, cpus, hugeKib })) ?? null,
    program: {
      path: program,
      ...runningProgram(program, first, seen),
      linked: linkedVersion(program, seen),
      wanted: wantedVersion(host, role, program),
    },
    restart: first && !second ? restartReasons(known, first, seen, context) : [],
    uncompared: first ? unknown : [],
    registration: process.known.by === 'argument' ? registered(name) : null,
  };
};

const supervisorOf = (
  { unit }: Process,
  running: RunningProcess | undefined,
  seen: Observation,
): SupervisorStatus => ({
  wanted: unit ? 'systemd' : 'nohup',
  running: running ? (running.unit === null ? 'nohup' : 'systemd') : null,
  unit: running?.unit ?? unit?.name ?? null,
  state: (unit && unitLook.seen(seen, unit.name)?.active) ?? null,
});

/** The process with the variables that can be compared, and the names of the others: their secrets are not known. */
const comparable = (
  process: Process,
  digest: Digest,
): { readonly known: Process; readonly unknown: readonly string[] } => {
  const isKnown = (value: Process['environment'][number]['value']): boolean => {
    if (typeof value === 'function') return true;
    try {
      digest(value);
      return true;
    } catch (error) {
      if (error instanceof FcopsError) return false;
      throw error;
    }
  };
  const unknown = process.environment.filter(({ value }) => !isKnown(value)).map(({ name }) => name);
  if (unknown.length === 0) return { known: process, unknown };
  const environment = process.environment.filter(({ name }) => !unknown.includes(name));
  const environmentFrom = process.environmentFrom.filter(
    ({ content }) => typeof content === 'function' || isKnown(content),
  );
  return { known: { ...process, environment, environmentFrom }, unknown };
};

const linkedVersion = (program: string, seen: Observation): string | null => {
  const state = pathLook.seen(seen, program);
  return state?.type === 'link' ? versionAt(state.target) : null;
};

/** A script is run by an interpreter: of what it runs it is only known whether that has changed since. */
const runningProgram = (
  path: string,
  running: RunningProcess | undefined,
  seen: Observation,
): Pick<ProgramStatus, 'running' | 'isLinked'> => {
  const now = programOf(seen, path);
  if (running === undefined) return { running: null, isLinked: null };
  const known = running.path === null ? null : versionAt(running.path);
  const isLinked = isNow(running, now);
  return { running: known ?? (isLinked ? linkedVersion(path, seen) : null), isLinked };
};

const isNow = (running: RunningProcess, now: ReturnType<typeof programOf>): boolean | null => {
  // What it was started from is gone: it runs another one, whatever that is.
  if (now === null) return false;
  // Times of files and processes are cut differently.
  if (now.script) return now.changed <= running.since + 1;
  return running.executable === null ? null : running.executable === now.inode;
};

const mountStatus = (about: LookedAt, seen: Observation): MountStatus => {
  const state = mountLook.seen(seen, about.target);
  if (state === undefined)
    return { ...about, state: 'unknown', why: mountLook.unseen(seen, about.target).reason };
  if (state === null) return { ...about, state: 'not mounted' };
  const { source, fstype, bytes, freeBytes, trouble } = state;
  return trouble === undefined
    ? { ...about, state: 'mounted', source, fstype, bytes, freeBytes }
    : { ...about, state: 'unknown', why: trouble };
};
