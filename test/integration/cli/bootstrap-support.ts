import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { minerParameterFiles } from '../../../src/roles/proof-parameters.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops, startFcops } from '../../support/fcops.ts';
import { startHostsBehindSshd } from '../../support/hosts-behind-sshd.ts';
import { turn } from '../../support/lotus/knobs.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { minerMachine } from '../../support/machines.ts';
import type { ReachableHost, SimulatedHosts } from '../../support/simulated-hosts.ts';

/** What the tests of a first set-up have in common: a miner host that is deployed, behind a real sshd. */

const VERSION = '1.11.1-3079a405a';
export const SNAPSHOT = 'chain.car';
export const STORAGE = '/nas';
const eventSchema = z.looseObject({
  type: z.string(),
  step: z.string().nullish(),
  takenUp: z.boolean().exactOptional(),
});
export type Event = z.infer<typeof eventSchema>;

export const eventsOf = (text: string): Event[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => eventSchema.parse(JSON.parse(line)));

/** The epoch that the chain of mainnet is at. */
export const epochNow = (): string => `${Math.floor((Date.now() / 1000 - 1_598_306_400) / 30)}`;

export interface Scene {
  readonly hosts: SimulatedHosts<ReachableHost>;
  readonly miner: ReachableHost;
  readonly artifacts: ArtifactServer;
  readonly cluster: WrittenCluster;
  /** Writes the cluster file anew. */
  readonly write: (bootstrap: object, withStorage?: boolean) => Promise<void>;
  readonly bootstrap: (...args: string[]) => ReturnType<typeof fcops>;
  readonly start: (...args: string[]) => ReturnType<typeof startFcops>;
  readonly stop: () => Promise<void>;
}

/** Starts a miner host, and others beside it, and deploys it. */
export const startScene = async (others: readonly string[] = []): Promise<Scene> => {
  const hosts = await startHostsBehindSshd({
    hosts: [minerMachine('miner-1'), ...others.map((name) => ({ name }))],
  });
  const { host: miner } = hosts;
  const artifacts = await startArtifactServer({ versions: [] });
  const sha256 = await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner']);
  const body = randomBytes(3_000_000);
  const snapshot = { url: `${artifacts.url}/${SNAPSHOT}`, sha256: artifacts.publish(SNAPSHOT, body) };
  const writing = (bootstrap: object, withStorage: boolean) =>
    writeCluster({
      ...hosts,
      artifacts: { ...artifacts, sha256 },
      hosts: [
        { host: miner, roles: ['miner'], profile: 'amd-7532' },
        ...hosts.hosts.slice(1).map((host) => ({ host, roles: ['c2' as const], profile: 'intel-4216' })),
      ],
      more: {
        sectorSize: '2KiB',
        checks: 'warn',
        api: { address: `/ip4/${miner.address}/tcp/2345/http`, token: { env: 'F0494733_TOKEN' } },
        versions: { lotus: VERSION, miner: VERSION, c2: '1.11.1-39c692f52-intel' },
        artifacts: {
          url: artifacts.url,
          user: artifacts.user,
          password: { env: 'ARTIFACTS_PASSWORD' },
          sha256: { ...sha256, 'lotus-worker-1.11.1-39c692f52-intel.tar.gz': 'a'.repeat(64) },
        },
        // A simulated host cannot mount it: what is asked for is refused there.
        storage: withStorage
          ? [{ name: 'nas', type: 'nfs', path: STORAGE, source: '192.168.51.110:/export', on: ['miner'] }]
          : [],
        bootstrap: { snapshot, ...bootstrap },
      },
    });
  const cluster = await writing({}, false);
  const options = { env: cluster.env };
  const words = (args: readonly string[]) => [
    'bootstrap',
    'miner',
    ...args,
    '--inventory',
    cluster.inventory,
  ];
  const deployed = await fcops(
    ['deploy', 'miner', '--yes', '--tags', 'lotus,profile,scripts', '--inventory', cluster.inventory],
    options,
  );
  if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
  await turn(miner, 'epoch', epochNow());
  await turn(miner, 'miner-id', MINER);
  await turn(
    miner,
    'parameters',
    Object.values(minerParameterFiles('2KiB'))
      .flat()
      .map(({ name, least, most }) => `${name} ${Number.isFinite(most) ? least : 64}\n`)
      .join(''),
  );
  return {
    hosts,
    miner,
    artifacts,
    cluster,
    write: async (bootstrap, withStorage = false) => void (await writing(bootstrap, withStorage)),
    bootstrap: (...args) => fcops(words(args), options),
    start: (...args) => startFcops(words(args), options),
    stop: async () => {
      await artifacts.stop();
      await hosts.stop();
    },
  };
};

/** Gives every wallet of the host so many FIL. */
export const fund = async (miner: ReachableHost, amount = '2'): Promise<void> => {
  const list = await miner.sh('source /opt/raid0/profile && lotus wallet list -a');
  for (const address of list.split('\n').filter(Boolean)) await turn(miner, `balances/${address}`, amount);
};
