import { fileURLToPath } from 'node:url';
import type { Reveal } from '../../../src/core/content.ts';
import { digestBy, revealedText } from '../../../src/core/content.ts';
import type { Facts } from '../../../src/core/facts.ts';
import type { Profile } from '../../../src/core/profile.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Cluster, Host } from '../../../src/inventory/cluster.ts';
import { defaultVariables } from '../../../src/inventory/variables.ts';
import { nodeFiles } from '../../../src/ops/node-files.ts';
import { loadTemplates } from '../../../src/render/load.ts';
import { createRenderer } from '../../../src/render/renderer.ts';
import type { DiffContext, Resource, Task } from '../../../src/resources/resource.ts';
import type { RoleContext } from '../../../src/roles/role.ts';

const directory = fileURLToPath(new URL('../../../templates', import.meta.url));

export const shippedTemplates = loadTemplates(nodeFiles, directory);
export const render = await createRenderer(shippedTemplates);

export const TOKEN = 'token.of.the-miner';

export const hostOf = (profile: Profile, own: Partial<Host> = {}): Host => {
  const os: Host['os'] = { id: 'ubuntu', version: '18.04', family: 'debian' };
  return {
    name: 'worker-50',
    address: '192.168.10.50',
    listen: own.address ?? '192.168.10.50',
    roles: ['p1'],
    groups: [],
    profile,
    os,
    ssh: {},
    versions: { p1: '1.11.1-3079a405a', apx: '1.11.1-3079a405a', c2: '1.11.1-39c692f52-intel' },
    variables: defaultVariables(os),
    checks: 'enforce',
    ...own,
  };
};

export const clusterOf = (own: Partial<Cluster> = {}): Cluster => ({
  miner: 'f0494733',
  sectorSize: '64GiB',
  api: {
    from: 'inventory',
    address: '/ip4/192.168.10.1/tcp/2345/http',
    token: new Secret('token', () => TOKEN),
  },
  artifacts: {
    url: 'http://artifacts.example.com/filecoin',
    sha256: {
      'lotus-worker-1.11.1-3079a405a.tar.gz': 'a'.repeat(64),
      'lotus-worker-1.11.1-39c692f52-intel.tar.gz': 'b'.repeat(64),
    },
  },
  storage: [],
  config: { lotus: {}, miner: {} },
  packing: null,
  startRate: 12,
  bootstrap: { snapshot: null, parameters: null, owner: null, worker: null, minFunds: 1 },
  backup: null,
  hosts: [],
  secrets: [],
  file: 'inventories/f0494733.yaml',
  ...own,
});

export const contextOf = (
  profile: Profile,
  host: Partial<Host> = {},
  cluster: Partial<Cluster> = {},
): RoleContext => ({ cluster: clusterOf(cluster), host: hostOf(profile, host), render });

const MINER_VERSION = '1.11.1-3079a405a';

/** A miner host, with the checksums of its programs. */
export const minerContext = (
  profile: Profile,
  host: Partial<Host> = {},
  cluster: Partial<Cluster> = {},
): RoleContext =>
  contextOf(
    profile,
    {
      name: 'miner-1',
      address: '192.168.10.1',
      roles: ['miner'],
      versions: { lotus: MINER_VERSION, miner: MINER_VERSION },
      ...host,
    },
    {
      artifacts: {
        url: 'http://artifacts.example.com/filecoin',
        sha256: {
          [`lotus-${MINER_VERSION}.tar.gz`]: 'a'.repeat(64),
          [`lotus-miner-${MINER_VERSION}.tar.gz`]: 'b'.repeat(64),
        },
      },
      ...cluster,
    },
  );

/** The same host with units in the place of start scripts. */
export const withSystemd = (context: RoleContext): RoleContext => ({
  ...context,
  host: { ...context.host, variables: { ...context.host.variables, supervisor: 'systemd' } },
});

export const resourcesOf = (tasks: readonly Task[]): Resource[] =>
  tasks.flatMap(({ resources }) => resources);

/** The value of the one secret of the test cluster. */
export const reveal = (name: string): string => {
  if (name !== 'token') throw new Error(`no secret ${name}`);
  return TOKEN;
};

/** What a comparison is told where nothing else changes. */
export const CONTEXT: DiffContext = { pending: () => false, digest: digestBy(reveal) };

/** The files of a machine by path, with the values of secrets. */
export const filesOf = (
  tasks: readonly Task[],
  facts?: Facts,
  secrets: Reveal = reveal,
): Map<string, string> =>
  new Map(
    resourcesOf(tasks).flatMap(({ file }) => {
      if (!file) return [];
      const { path, content } = file;
      if (typeof content !== 'function') return [[path, revealedText(content, secrets)]];
      if (!facts) throw new Error(`${path} follows from facts`);
      return [[path, revealedText(content(facts), secrets)]];
    }),
  );

export { observationOf } from '../resources/answer-of.ts';
