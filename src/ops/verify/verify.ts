import { look as lookAt } from '../../core/next.ts';
import type { LockHolder } from '../../core/problem.ts';
import { FcopsError, inShort } from '../../core/problem.ts';
import { GiB, KiB } from '../../core/units.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import { askHugepages } from '../../resources/hugepages/look.ts';
import type { Ask } from '../../resources/look.ts';
import { askPath } from '../../resources/path/look.ts';
import { hostNameOf } from '../../roles/host-name.ts';
import { gpusWanted, pagesWanted } from '../../roles/machine-wanted.ts';
import type { DeployableRole } from '../../roles/role-names.ts';
import { storageSpecs } from '../../roles/storage.ts';
import type { Target } from '../../transport/connection.ts';
import { atMiner } from '../at-miner/whose.ts';
import type { ClockOffset } from '../clock-offset.ts';
import { askClock, CLOCK_LIMIT, isWithin } from '../clock-offset.ts';
import type { OpsDeps } from '../deps.ts';
import { askMiner } from '../miner-says.ts';
import { OVERRIDES_OVER, overridesMessage } from '../overrides.ts';
import type { RoleHosts } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import type { HostStatus, ProcessStatus, SeenHost, StatusHost } from '../status/host-status.ts';
import type { Besides, ClusterStatus, LookedAtHost, StatusLooker } from '../status/status.ts';
import { lookAtAll, statusLooker } from '../status/status.ts';
import type { Check } from './check.ts';
import { fine, off } from './check.ts';
import { askEnds } from './ended-units.ts';
import type { ClockMeasured } from './machine-checks.ts';
import {
  backupChecks,
  clockCheck,
  gpuChecks,
  hugepagesChecks,
  mountChecks,
  requirementChecks,
} from './machine-checks.ts';
import { processChecks } from './process-checks.ts';

/** How many processes of one group a host is to run (14 of P1), runs, and has at the miner. */
export interface GroupCount {
  readonly role: DeployableRole;
  readonly group: string;
  readonly wanted: number;
  readonly running: number;
  /** Null: they are no workers, or nobody knows. */
  readonly registered: number | null;
}

export interface VerifiedHost {
  readonly host: string;
  readonly address: string;
  readonly listen: string;
  readonly roles: readonly DeployableRole[];
  readonly state: HostStatus['state'];
  readonly groups: readonly GroupCount[];
  /** Null: not measured. */
  readonly clock: ClockOffset | null;
  readonly checks: readonly Check[];
  /** Processes that run with something old: they do their work, and that is no fault. */
  readonly restartOwed: readonly string[];
  /** Who is changing it right now. */
  readonly lockedBy: LockHolder | null;
}

/** What is right in a cluster and what is not, as far as it has been looked at. */
export interface Verified {
  readonly miner: string;
  readonly roles: readonly DeployableRole[];
  /** The host that says what is registered; null: the inventory has none. */
  readonly minerHost: string | null;
  readonly hosts: readonly VerifiedHost[];
  /** Workers that the miner lists of hosts that the inventory does not know: told, and no fault. */
  readonly strangers: readonly SealingWorker[];
}

/** Looks at the hosts of a cluster, as often as it is asked to, over the same connections. */
export interface Verifier {
  /** One look at each host, and one question to the miner. `width`: hosts at a time. */
  readonly verify: (width: number) => Promise<Verified>;
  /** What is known by now. */
  readonly verified: () => Verified;
  /** What the looks have brought as they came. */
  readonly looker: Pick<StatusLooker, 'status' | 'lastLook'>;
  readonly close: () => Promise<void>;
}

/** Whether all of it is right, and known to be. */
export const isRight = ({ hosts }: Verified): boolean =>
  hosts.every(({ state, checks }) => state === 'seen' && checks.every(({ result }) => result === 'ok'));

/** What somebody wants to know besides, by the same looks. */
export type BesidesVerify = Partial<Pick<Besides, 'asks' | 'says' | 'run'>>;

/** Makes ready to look. Throws an FcopsError for bad settings. */
export const verifier = async (
  sources: Sources,
  hosts: RoleHosts,
  roles: readonly DeployableRole[],
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
  { asks = () => [], says = askMiner, run }: BesidesVerify = {},
): Promise<Verifier> => {
  const clocks = new Map<string, ClockMeasured>();
  const looker = await statusLooker(sources, hosts, roles, targetOf, deps, {
    asks: (about) => [...verifyAsks(about), ...asks(about)],
    says,
    ...(run !== undefined && { run }),
    after: async ({ host }, session) => {
      clocks.set(host.name, await measured(askClock(session, deps)));
    },
  });
  const verified = () =>
    verifiedOf(hosts.cluster, looker.status(), looker.lastLook, (host) => clocks.get(host) ?? null);
  return {
    verify: async (width) => {
      await lookAtAll(looker, width);
      return verified();
    },
    verified,
    looker,
    close: looker.close,
  };
};

const measured = async (asking: Promise<ClockOffset>): Promise<ClockMeasured> => {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    const [first] = error.problems;
    return { why: first ? inShort(first) : '' };
  }
};

/** What is looked at besides what status shows: what processes stand on, what they have left, all pages. */
export const verifyAsks = ({ cluster, host, roles, processes }: StatusHost): readonly Ask[] => [
  ...processes.flatMap(({ process }) => [
    askPath(process.log),
    ...process.requires.flatMap(({ asks }) => asks),
  ]),
  ...askEnds(processes.flatMap(({ process: { unit } }) => (unit ? [unit.name] : []))),
  ...(pagesWanted(cluster, host, roles) === null ? [] : [askHugepages(GiB / KiB)]),
];

/** The checks of all hosts. Pure. */
export const verifiedOf = (
  cluster: Cluster,
  status: ClusterStatus,
  lastLook: (host: string) => LookedAtHost | null,
  clockOf: (host: string) => ClockMeasured | null,
): Verified => {
  const { miner, roles, minerHost } = status;
  const hosts = status.hosts.map((host): VerifiedHost => {
    const { address, listen, roles, state } = host;
    const about = { host: host.host, address, listen, roles, state };
    const looked = lastLook(host.host);
    if (host.state !== 'seen' || looked === null)
      return { ...about, ...NOTHING_SEEN, checks: unseenChecks(host) };
    const clock = clockOf(host.host) ?? { why: 'it was not asked' };
    return {
      ...about,
      groups: groupsOf(host.processes),
      clock: 'why' in clock ? null : clock,
      checks: checksOf(host, looked, clock),
      restartOwed: host.processes.flatMap(({ name, restart }) => (restart.length > 0 ? [name] : [])),
      lockedBy: host.lockedBy,
    };
  });
  const strangers = strangersOf(cluster, status, lastLook);
  return { miner, roles, minerHost, hosts: withSuspect(hosts), strangers };
};

/** Whose address and whose name are of no host. What the miner has lost is of a machine that has gone, most likely. */
const strangersOf = (
  cluster: Cluster,
  { says }: ClusterStatus,
  lastLook: (host: string) => LookedAtHost | null,
): readonly SealingWorker[] => {
  if (says === null) return [];
  const hosts = cluster.hosts.map((host) => ({
    ...{ name: host.name, address: host.address, listen: host.listen, roles: host.roles },
    hostname: lastLook(host.name)?.look.seen.facts.hostname ?? hostNameOf(cluster, host),
    processes: [],
    problems: [],
  }));
  return atMiner(says, hosts).strangers.filter(({ disabled }) => !disabled);
};

const NOTHING_SEEN = { groups: [], clock: null, restartOwed: [], lockedBy: null } as const;

const unseenChecks = (host: HostStatus): Check[] =>
  host.state === 'unseen'
    ? host.problems.map(({ what, why, next }, index) => ({
        kind: 'look',
        name: index === 0 ? 'look' : `look: ${index + 1}`,
        process: null,
        ...off(what, next),
        ...(why !== undefined && { why }),
      }))
    : [];

const checksOf = (
  host: SeenHost,
  { about: { cluster, host: inventory, roles, processes }, look: { seen } }: LookedAtHost,
  clock: ClockMeasured,
): Check[] => {
  const mounts = mountChecks(host.mounts, storageSpecs(cluster, inventory), seen);
  const checked = processes.flatMap(({ process }) =>
    host.processes.flatMap((status) => (status.name === process.name ? [{ status, process }] : [])),
  );
  const requirements = processes.flatMap(({ process }) => process.requires);
  return [
    { kind: 'look', name: 'look', process: null, result: 'ok', message: 'answers' },
    ...processChecks(host, checked, seen),
    ...hugepagesChecks(host.host, pagesWanted(cluster, inventory, roles), seen),
    ...gpuChecks(gpusWanted(cluster, inventory, roles), host.gpus),
    ...mounts,
    ...requirementChecks(requirements, mounts, seen),
    ...backupChecks(host),
    clockCheck(clock),
    ...overridesCheck(host),
    ...stampCheck(host),
  ];
};

/** A machine that carries the stamp of another miner. */
const stampCheck = ({ ofAnother }: SeenHost): Check[] =>
  ofAnother === undefined
    ? []
    : [{ kind: 'stamp', name: 'stamp', process: null, ...off(ofAnother.message, ofAnother.next) }];

/** A machine that runs with less for a while is as it should be, as long as that is. */
const overridesCheck = ({ overrides }: SeenHost): Check[] => {
  if (overrides === undefined) return [];
  const message = overridesMessage(overrides);
  const found = overrides.isOver ? off(message, OVERRIDES_OVER) : fine(message);
  return [{ kind: 'overrides', name: 'overrides', process: null, ...found }];
};

/** By role and group, in the order in which they are started. */
export const groupsOf = (processes: readonly ProcessStatus[]): readonly GroupCount[] => {
  const groups = new Map<string, ProcessStatus[]>();
  for (const process of processes) {
    const key = `${process.role} ${process.group}`;
    groups.set(key, [...(groups.get(key) ?? []), process]);
  }
  return [...groups.values()].flatMap((all): GroupCount[] => {
    const [first] = all;
    if (!first) return [];
    const isKnown = all.every(({ registration }) => registration !== null && registration.type !== 'unknown');
    return [
      {
        role: first.role,
        group: first.group,
        wanted: all.length,
        running: all.filter(({ running }) => running !== null && running.length > 0).length,
        registered: isKnown ? all.filter(isRegistered).length : null,
      },
    ];
  });
};

const isRegistered = ({ registration }: ProcessStatus): boolean =>
  registration?.type === 'registered' && registration.workers.some(({ disabled }) => !disabled);

/** Where all hosts differ alike, it is the clock of this machine that is wrong, most likely. */
const withSuspect = (hosts: readonly VerifiedHost[]): readonly VerifiedHost[] => {
  const clocks = hosts.flatMap(({ clock }) => (clock ? [clock] : []));
  const offsets = clocks.map(({ offset }) => offset);
  const areAlike = Math.max(...offsets) - Math.min(...offsets) <= CLOCK_LIMIT;
  if (clocks.length < 2 || !areAlike || clocks.some((clock) => isWithin(clock, CLOCK_LIMIT) !== false))
    return hosts;
  return hosts.map((host) => ({
    ...host,
    checks: host.checks.map((check) =>
      check.kind === 'clock' && check.result === 'off' ? { ...check, next: OUR_CLOCK } : check,
    ),
  }));
};

const OUR_CLOCK = [
  lookAt('all hosts differ alike: it is the clock of this machine that is wrong, most likely'),
];
