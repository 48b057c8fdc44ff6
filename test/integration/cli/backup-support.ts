import { startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, writeCluster } from '../../support/cluster.ts';
import { type Ended, fcops as run, startFcops } from '../../support/fcops.ts';
import { turn } from '../../support/lotus/knobs.ts';
import { publishLotus } from '../../support/lotus/programs.ts';
import { stopMiner } from '../../support/lotus/running-miner.ts';
import { minerMachine } from '../../support/machines.ts';
import { type SimulatedHost, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { epochNow } from './bootstrap-support.ts';

/** What tests of backups have in common: a deployed miner host where lotus and lotus-miner run, and a mount for backups. */

const VERSION = '1.11.1-3079a405a';
export const MOUNT = '/backup';

export interface MinerAtWork {
  readonly host: SimulatedHost;
  readonly fcops: (...words: string[]) => Promise<Ended>;
  readonly start: (...words: string[]) => ReturnType<typeof startFcops>;
  /** Writes the cluster file anew. */
  readonly write: (more: object) => Promise<void>;
  /** Mounts what the backups are on: nothing but that is there then. */
  readonly mount: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export const minerAtWork = async (): Promise<MinerAtWork> => {
  const hosts = await startSimulatedHosts({ hosts: [minerMachine('miner-1')] });
  const { host } = hosts;
  const artifacts = await startArtifactServer({ versions: [] });
  const sha256 = await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner']);
  const writing = (more: object) =>
    writeCluster({
      ...hosts,
      artifacts: { ...artifacts, sha256 },
      hosts: [{ host, roles: ['miner'], profile: 'amd-7532', more: { checks: 'off' } }],
      more: {
        api: { from: 'miner' },
        versions: { lotus: VERSION, miner: VERSION },
        backup: { mount: MOUNT },
        ...more,
      },
    });
  const cluster = await writing({});
  const words = (own: readonly string[]) => [...own, '--inventory', cluster.inventory];
  const fcops = (...own: string[]) => run(words(own), { env: cluster.env });
  const mount = () => host.sh(`mkdir -p ${MOUNT} && mount -t tmpfs -o size=2g backup ${MOUNT}`);
  await mount();
  const deployed = await fcops('deploy', 'miner', '--yes');
  if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
  await turn(host, 'epoch', epochNow());
  await turn(host, 'miner-id', MINER);
  await turn(host, 'sync', 'done');
  const listens = (port: number) =>
    `printf '[API]\\n  ListenAddress = "/ip4/${host.address}/tcp/${port}/http"\\n'`;
  await host.sh(`source /opt/raid0/profile
mkdir -p /opt/raid0/lotus; echo chain >/opt/chain.car
${listens(1234)} >/opt/raid0/lotus/config.toml
lotus daemon --halt-after-import --import-snapshot /opt/chain.car >/dev/null 2>&1
bash /opt/raid0/start_lotus.sh
until lotus version >/dev/null 2>&1; do sleep 0.1; done
owner=$(lotus wallet new bls) worker=$(lotus wallet new bls)
mkdir -p /var/lib/simulated-lotus/balances; printf 10 >/var/lib/simulated-lotus/balances/$owner
lotus-miner init --no-local-storage --owner $owner --worker $worker --sector-size 64GiB >/opt/init.log 2>&1
${listens(2345)} >/opt/raid0/lotusminer/config.toml
bash /opt/raid0/start_lotusminer.sh
until [ -s /opt/raid0/lotusminer/api ] && [ -s /opt/raid0/lotusminer/token ]; do sleep 0.1; done`);
  return {
    host,
    fcops,
    start: (...own) => startFcops(words(own), { env: cluster.env }),
    write: async (more) => void (await writing(more)),
    mount,
    stop: async () => {
      await stopMiner(host).catch(() => {});
      await artifacts.stop();
      await hosts.stop();
    },
  };
};
