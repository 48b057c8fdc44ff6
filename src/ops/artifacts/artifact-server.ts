import type { Place } from '../../core/problem.ts';
import { readInventory } from '../../inventory/load.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { nodeFiles } from '../node-files.ts';
import { resolveSecrets } from '../secrets/resolve.ts';
import { inventoryDirectory, inventorySources, type Sources, theNamed } from '../sources.ts';
import type { Credentials } from './http-get.ts';
import { withoutCredentials } from './http-get.ts';

/** Where a cluster has its archives, by what of its file is right: a sum that is missing is a mistake of the whole. */
export interface ArtifactServer {
  readonly miner: string;
  readonly file: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly read: ReadCluster;
}

/** What the inventory says of servers. */
export interface ArtifactServers {
  readonly known: readonly ArtifactServer[];
  /** Where cluster files should say one that do not, as one that is not filled in yet. */
  readonly unsaid: readonly Place[];
}

/** The servers of the clusters that are there, of one miner or all; none where there is no inventory, unless one is named. */
export const artifactServers = (sources: Sources, miner: string | undefined): ArtifactServers => {
  const name = theNamed(sources, miner);
  if (name === undefined && nodeFiles.list(inventoryDirectory(sources)) === undefined)
    return { known: [], unsaid: [] };
  const { files } = readInventory(inventorySources(sources), name);
  return {
    known: files.flatMap((read) => {
      const { miner: id, artifacts } = read.checking.cluster;
      return id === undefined || artifacts?.url === undefined
        ? []
        : [{ miner: id, file: read.file, url: artifacts.url.replace(/\/+$/, ''), read }];
    }),
    unsaid: files.flatMap(({ isKnown, checking: { cluster, valuePlace } }) =>
      isKnown && cluster.artifacts?.url === undefined ? [valuePlace(['artifacts', 'url'])] : [],
    ),
  };
};

/** The server that a URL is below; undefined: it is another one. */
export const serverOf = (url: URL, servers: readonly ArtifactServer[]): ArtifactServer | undefined => {
  const { href } = withoutCredentials(url);
  return servers.find((server) => href.startsWith(new URL(`${server.url}/`).href));
};

/**
 * User and password of a server, as the cluster file names them; null: it asks for none. Throws an FcopsError where the
 * password cannot be had.
 */
export const credentialsOf = async (
  { read }: ArtifactServer,
  sources: Sources,
): Promise<Credentials | null> => {
  const { artifacts } = read.checking.cluster;
  const named = read.secrets.filter(({ use }) => use === 'artifacts');
  const [password] = named;
  if (artifacts?.user === undefined || !password) return null;
  await resolveSecrets(sources, named);
  return { user: artifacts.user, password: password.secret.reveal() };
};
