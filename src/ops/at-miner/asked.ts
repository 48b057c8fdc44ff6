import { edit, fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError, problemsOf } from '../../core/problem.ts';
import type { Query } from '../../engine/query.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import { selectHosts } from '../../inventory/select.ts';
import { hostNameOf } from '../../roles/host-name.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import type { Told } from '../miner-says.ts';
import type { WorkerHost } from '../registrations.ts';
import type { RoleHosts } from '../role-work.ts';
import { isMiner, roleHosts, roleWork } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { Selection, Sources } from '../sources.ts';
import { limitOf } from '../sources.ts';
import { isWorker } from '../stop/work-at-miner.ts';

/** A host with what it registers at the miner. */
export interface ClusterHost extends WorkerHost {
  readonly roles: Host['roles'];
  readonly processes: readonly { readonly name: string; readonly group: string; readonly port: number }[];
  /** Why nobody knows what it runs: its settings are wrong. */
  readonly problems: readonly Problem[];
}

/** A cluster whose miner is asked, with all of its hosts: whose a worker is can only be told beside all others. */
export interface AskedCluster {
  readonly hosts: RoleHosts;
  readonly cluster: Cluster;
  /** The host that is asked. */
  readonly minerHost: Host;
  /** Names of the hosts that are shown; null: all. */
  readonly chosen: ReadonlySet<string> | null;
  /** In the order of the inventory, the miner first. */
  readonly workerHosts: readonly ClusterHost[];
}

/** Reads the inventory. Throws an FcopsError where there is no miner host that could be asked. */
export const askedCluster = async (sources: Sources, { miner, limit }: Selection): Promise<AskedCluster> => {
  const hosts = roleHosts(sources, { role: 'all', tags: [], start: false, miner });
  const { cluster } = hosts;
  const minerHost = cluster.hosts.find(isMiner);
  if (!minerHost)
    throw new FcopsError({
      kind: 'inventory',
      what: 'no host of this cluster file has the role miner: nobody can be asked',
      where: { file: cluster.file },
      next: [edit('add the host that runs lotus-miner, with roles: [miner]')],
    });
  const chosen =
    limit === undefined
      ? null
      : new Set(selectHosts(cluster, { limit: limitOf(limit) }).map(({ name }) => name));
  const { processesOf } = await roleWork(hosts, { tags: [], start: false });
  const workerHosts = hosts.hosts.map((host): ClusterHost => {
    const { name, address, listen, roles } = host;
    const about = { name, address, listen, roles, hostname: hostNameOf(cluster, host) };
    try {
      // lotus-miner is one of its own workers.
      const processes = processesOf(host).filter((one) => isWorker(one) || one.name === 'lotus-miner');
      return {
        ...about,
        processes: processes.map(({ name: process, group, port }) => ({ name: process, group, port })),
        problems: [],
      };
    } catch (error) {
      return { ...about, processes: [], problems: problemsOf(error, name) };
    }
  });
  return { hosts, cluster, minerHost, chosen, workerHosts };
};

/** Asks the miner host one question. Rejects with an FcopsError where it cannot be reached. */
export const askMinerHost = async <Answer>(
  { hosts, minerHost }: AskedCluster,
  query: Query<Answer>,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): Promise<Answer> => {
  const session = sessionOf(targetOf(minerHost), hosts, interruptible(deps));
  try {
    return await session.ask(query);
  } finally {
    await session.close();
  }
};

/** What the miner has answered; throws an FcopsError with what to do where it has not. `about`: `of its tasks`. */
export const answerOf = <T>(told: Told<T>, about: string, { cluster, minerHost }: AskedCluster): T => {
  if (told.type === 'understood') return told.value;
  throw new FcopsError(
    unanswered(
      told,
      {
        noAnswer: `lotus-miner did not answer: nothing is known ${about}`,
        notUnderstood: `what lotus-miner says is not understood: nothing is known ${about}`,
      },
      { miner: cluster.miner, host: minerHost.name },
    ),
  );
};

/** That the miner has told nothing, in the words of who has asked, with what to do. */
export const unanswered = (
  told: Exclude<Told<unknown>, { type: 'understood' }>,
  { noAnswer, notUnderstood }: { readonly noAnswer: string; readonly notUnderstood: string },
  { miner, host }: { readonly miner: string; readonly host: string },
): Problem => {
  const about = { kind: 'unseen', where: { host }, why: told.why } as const;
  if (told.type === 'not understood')
    return { ...about, what: notUnderstood, next: [look('see what it prints on the miner host')] };
  return {
    ...about,
    what: noAnswer,
    next: [
      fcopsCommand(['status', '--role', 'miner', '--miner', miner], 'see whether it runs'),
      fcopsCommand(['start', 'miner', '--miner', miner], 'where it does not'),
    ],
  };
};
