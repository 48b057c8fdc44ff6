import type { Digest } from '../../core/content.ts';
import { secretsIn } from '../../core/content.ts';
import type { Problem } from '../../core/problem.ts';
import { atHost, FcopsError, problemsOf } from '../../core/problem.ts';
import { otherHolder } from '../../engine/lock/holder.ts';
import type { Look } from '../../engine/look-script.ts';
import { inParallel } from '../../engine/parallel.ts';
import type { Session } from '../../engine/session.ts';
import type { Host } from '../../inventory/cluster.ts';
import { loadTemplates } from '../../render/load.ts';
import { createRenderer } from '../../render/renderer.ts';
import type { Ask } from '../../resources/look.ts';
import type { Role } from '../../roles/role.ts';
import type { DeployableRole } from '../../roles/roles.ts';
import { isDeployable, loadRole } from '../../roles/roles.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import { beforeLook } from '../miner-api.ts';
import type { MinerSays } from '../miner-says.ts';
import { askMiner, unasked } from '../miner-says.ts';
import { nodeFiles } from '../node-files.ts';
import { overridesStatus } from '../overrides.ts';
import { registrationsOf } from '../registrations.ts';
import type { RoleHosts } from '../role-work.ts';
import { isMiner } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { Sources } from '../sources.ts';
import type { HostStatus, StatusHost } from './host-status.ts';
import { seenHost, statusAsks } from './host-status.ts';

/** How a cluster is doing, as far as it has been looked at. */
export interface ClusterStatus {
  readonly miner: string;
  /** Those that were asked for, in the order of the inventory. */
  readonly roles: readonly DeployableRole[];
  /** The host that says what is registered; null: the inventory has none. */
  readonly minerHost: string | null;
  /** Null: it has not answered yet. */
  readonly says: MinerSays | null;
  readonly hosts: readonly HostStatus[];
}

/** What somebody wants to know of each host besides its status. */
export interface Besides {
  /** In the same look. */
  readonly asks: (about: StatusHost) => readonly Ask[];
  /** Over the same connection, once the look has come to something. Throws nothing. */
  readonly after: (about: StatusHost, session: Session) => Promise<void>;
  /** Asks the miner host, in the place of what status asks. Throws nothing. */
  readonly says: (miner: Session) => Promise<MinerSays>;
  /** The run that looks: what it holds itself, nobody else does. Left out: no run does. */
  readonly run?: string;
}

/** A host with what the last look at it has brought. */
export interface LookedAtHost {
  readonly about: StatusHost;
  readonly look: Look;
}

/** Looks at the hosts of a cluster, once or again and again over the same connections. */
export interface StatusLooker {
  readonly hosts: readonly string[];
  /** Looks at one host. Its trouble is part of the status; nothing is thrown. */
  readonly lookAt: (host: string) => Promise<void>;
  /** Asks the miner what it says, beside the looks. */
  readonly askMiner: () => Promise<void>;
  /** What is known by now. */
  readonly status: () => ClusterStatus;
  /** What the last look at a host has brought as it came; null where it was not seen. */
  readonly lastLook: (host: string) => LookedAtHost | null;
  readonly close: () => Promise<void>;
}

interface Looked {
  readonly session: Session;
  readonly about: StatusHost;
  /** Nobody knows what it is to run: it is not looked at. */
  readonly isUnknown: boolean;
  /** What came of the last look; null before the first. */
  last: { readonly look: Look } | { readonly problems: readonly Problem[] } | null;
}

const NO_MINER: Problem = {
  kind: 'inventory',
  what: 'no host of this cluster file has the role miner',
};
/** Where the answer has not come yet. */
const NOT_YET: Problem = { kind: 'unseen', what: 'it has not answered yet' };

const NOTHING: Besides = { asks: () => [], after: async () => {}, says: askMiner };

/**
 * Makes ready to look. `roles`: what of the hosts is looked at; `besides`: what else is. Throws an FcopsError for bad
 * settings.
 */
export const statusLooker = async (
  sources: Sources,
  hosts: RoleHosts,
  roles: readonly DeployableRole[],
  targetOf: (host: Host) => Target,
  given: OpsDeps,
  besides: Besides = NOTHING,
): Promise<StatusLooker> => {
  const deps = interruptible(given);
  const { cluster, digest } = hosts;
  const { emit, signal } = deps;
  const sessionWith = (host: Host) => sessionOf(targetOf(host), hosts, deps);
  /** Where the API is the miner's to tell, it is known only once that has been asked. */
  const known: Digest = (content) => {
    const { api } = cluster;
    const names = api.from === 'miner' ? [api.address.name, api.token.name] : [];
    const missing = secretsIn(content).find(
      (name) => names.includes(name) && hosts.given.reveal(name) === undefined,
    );
    if (missing === undefined) return digest(content);
    throw new FcopsError({ kind: 'secret', what: `the miner has not told ${missing} yet` });
  };
  const runs = await processesBy(sources, roles);
  const looked = new Map(
    hosts.hosts.map((host): [string, Looked] => {
      const own = roles.filter((role) => host.roles.includes(role));
      const { processes, problems } = runs({ cluster, host }, own);
      const about = { cluster, host, roles: own, processes };
      const last = problems && { problems };
      return [host.name, { session: sessionWith(host), about, isUnknown: problems !== null, last }];
    }),
  );
  const minerHost = cluster.hosts.find(isMiner) ?? null;
  const miner = minerHost && (looked.get(minerHost.name)?.session ?? sessionWith(minerHost));
  const worker = hosts.hosts.find((host) => !isMiner(host));
  const api = beforeLook(hosts, [], targetOf, deps);
  let says: MinerSays | null = miner ? null : unasked([NO_MINER]);

  const status = (): ClusterStatus => {
    const registrations = registrationsOf(
      says ?? unasked([NOT_YET]),
      cluster.hosts.map(({ name, address, listen }) => {
        const one = looked.get(name);
        const processes = (one?.about.processes ?? []).filter(
          ({ process }) => process.known.by === 'argument',
        );
        const hostname = one?.last && 'look' in one.last ? one.last.look.seen.facts.hostname : name;
        return { name, address, listen, hostname, processes: processes.map(({ process }) => process) };
      }),
    );
    return {
      miner: cluster.miner,
      roles,
      minerHost: minerHost?.name ?? null,
      says,
      hosts: [...looked.values()].map(({ about, last }): HostStatus => {
        const { host, roles: own } = about;
        const overrides = overridesStatus(host, deps.date());
        const named = {
          ...{ host: host.name, address: host.address, listen: host.listen, roles: own },
          ...(overrides && { overrides }),
        };
        if (last === null) return { state: 'pending', ...named };
        if ('problems' in last) return { state: 'unseen', ...named, problems: last.problems };
        const look = { ...last.look, lockedBy: otherHolder(last.look.lockedBy, besides.run) };
        const seen = seenHost(about, look, known, (process) => registrations.of(host.name, process));
        return { ...seen, ...named };
      }),
    };
  };

  emit({ type: 'run-begin', run: '', hosts: [...looked.keys()], stages: ['look'] });
  return {
    hosts: [...looked.keys()],
    lookAt: async (name) => {
      const one = looked.get(name);
      if (!one) throw new RangeError(`${name} is none of the hosts that are looked at`);
      if (one.isUnknown) return;
      emit({ type: 'phase', host: name, phase: 'look' });
      const last = await lookOnce(one, besides, deps);
      // What was broken off says nothing of the host.
      if (!signal.aborted) one.last = last;
      emit({ type: 'phase', host: name, phase: 'done' });
    },
    askMiner: async () => {
      // The address and the token that workers are to have: where they are not known, nothing is compared with them.
      const compared = worker ? api(worker) : Promise.resolve([]);
      const answer = miner && (await besides.says(miner));
      if (answer && !signal.aborted) says = answer;
      await compared;
    },
    status,
    lastLook: (name) => {
      const one = looked.get(name);
      return one?.last && 'look' in one.last ? { about: one.about, look: one.last.look } : null;
    },
    close: async () => {
      await Promise.all(
        [miner, ...[...looked.values()].map(({ session }) => session)].map((one) => one?.close()),
      );
    },
  };
};

/** Looks at every host, and asks the miner beside. */
export const lookAtAll = async (looker: StatusLooker, width: number): Promise<ClusterStatus> => {
  await Promise.all([inParallel(looker.hosts, width, looker.lookAt), looker.askMiner()]);
  return looker.status();
};

const lookOnce = async (
  { session, about }: Looked,
  { asks, after }: Besides,
  { defect }: Pick<OpsDeps, 'defect'>,
): Promise<NonNullable<Looked['last']>> => {
  const host = about.host.name;
  try {
    const look = await session.see([...statusAsks(about), ...asks(about)]);
    await after(about, session);
    return { look };
  } catch (error) {
    const problems = error instanceof FcopsError ? error.problems : [defect(error, host)];
    return { problems: atHost(problems, host) };
  }
};

export type ProcessesOf = (
  context: Pick<StatusHost, 'cluster' | 'host'>,
  roles: readonly DeployableRole[],
) => { readonly processes: StatusHost['processes']; readonly problems: readonly Problem[] | null };

/** What the roles of a host run, or what is wrong with its settings. */
export const processesBy = async (
  sources: Sources,
  roles: readonly DeployableRole[],
): Promise<ProcessesOf> => {
  const render = await createRenderer(
    loadTemplates(nodeFiles, `${sources.packageRoot}/templates`, sources.templates),
  );
  const loaded = new Map<DeployableRole, Role>(
    await Promise.all(roles.map(async (role) => [role, await loadRole(role)] as const)),
  );
  return ({ cluster, host }, own) => {
    try {
      const processes = own.flatMap((role) =>
        (loaded.get(role)?.processes({ cluster, host, render }) ?? []).map((process) => ({ role, process })),
      );
      return { processes, problems: null };
    } catch (error) {
      return { processes: [], problems: problemsOf(error, host.name) };
    }
  };
};

/** The roles of some hosts, each once, in the order of the list of roles. */
export const rolesOf = (hosts: readonly Host[]): readonly DeployableRole[] => [
  ...new Set(hosts.flatMap(({ roles }) => roles.filter(isDeployable))),
];
