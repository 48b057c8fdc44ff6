import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ArtifactServer } from './artifact-server.ts';
import type { ReachableHost } from './simulated-hosts.ts';

/** Versions in the handbook's examples, by role. */
export const VERSIONS = { p1: '1.11.1-3079a405a', c2: '1.11.1-39c692f52-intel' } as const;
export const MINER = 'f0494733';
/**
 * The miner's token: shaped like the real one, and good for nothing. Each test file that runs has one of its own: who looks
 * for it on this machine finds none of another.
 */
export const TOKEN = `eyJhbGciOiJIUzI1NiJ9.eyJBbGxvdyI6WyJyZWFkIl19.${Buffer.from(`fcops-demo-token-${process.pid}`).toString('base64url')}`;

export interface ClusterHost {
  readonly host: Pick<ReachableHost, 'name' | 'address' | 'port'>;
  readonly roles: readonly ('miner' | 'p1' | 'c2' | 'apx')[];
  readonly profile: string;
  /** Whatever else stands at the host. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface ClusterOptions {
  /** A directory of the test; the inventory is written to `inventories` below it. */
  readonly directory: string;
  readonly privateKey: string;
  readonly knownHosts: string;
  readonly artifacts: Pick<ArtifactServer, 'url' | 'user' | 'password' | 'sha256'>;
  readonly hosts: readonly ClusterHost[];
  /** Whatever else stands in the file. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface WrittenCluster {
  /** For `--inventory`. */
  readonly inventory: string;
  readonly file: string;
  /** The environment with the secrets. */
  readonly env: Readonly<Record<string, string>>;
}

/** Writes an inventory file for test hosts, as an operator would. */
export const writeCluster = async (options: ClusterOptions): Promise<WrittenCluster> => {
  const { directory, privateKey, knownHosts, artifacts, hosts, more } = options;
  const inventory = join(directory, 'inventories');
  await mkdir(inventory, { recursive: true });
  const file = join(inventory, `${MINER}.yaml`);
  const cluster = {
    miner: MINER,
    sectorSize: '64GiB',
    api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { env: 'F0494733_TOKEN' } },
    versions: VERSIONS,
    artifacts: {
      url: artifacts.url,
      user: artifacts.user,
      password: { env: 'ARTIFACTS_PASSWORD' },
      sha256: artifacts.sha256,
    },
    ssh: { user: 'root', privateKey, knownHosts },
    // Made-up miners are swamped by nobody.
    startRate: 1000,
    ...more,
    hosts: hosts.map(({ host: { name, address, port }, roles, profile, more: also }) => ({
      name,
      address,
      roles,
      profile,
      ssh: { port },
      ...also,
    })),
  };
  await writeFile(file, stringify(cluster));
  return { inventory, file, env: { F0494733_TOKEN: TOKEN, ARTIFACTS_PASSWORD: artifacts.password } };
};
