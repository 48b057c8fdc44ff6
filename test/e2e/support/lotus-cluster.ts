import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkers } from '../../../src/lotus/workers.ts';
import { packProgram, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, writeCluster } from '../../support/cluster.ts';
import { type Ended, fcops, startFcops } from '../../support/fcops.ts';
import { dual4216, dual7532, HUGEPAGE_BOOT } from '../../support/hardware.ts';
import { turn } from '../../support/lotus/knobs.ts';
import type { LotusProgram } from '../../support/lotus/programs.ts';
import { LOTUS_PROGRAMS, lotusProgram, publishLotus } from '../../support/lotus/programs.ts';
import {
  apxMachine,
  c2Machine,
  copyPieceInfo,
  minerMachineWithData,
  p1Machine,
} from '../../support/machines.ts';
import { type BootedHost, type BootedHosts, BRIDGE_ADDRESS, bootHosts } from './nspawn.ts';

const VERSION = '1.11.1-3079a405a';
const C2_VERSION = '1.11.1-39c692f52-intel';
const MACHINES = [
  { name: 'miner-9', role: 'miner', make: minerMachineWithData, profile: 'amd-7532' },
  { name: 'p1-90', role: 'p1', make: p1Machine, profile: 'amd-7532' },
  { name: 'p1-93', role: 'p1', make: p1Machine, profile: 'amd-7532' },
  { name: 'c2-91', role: 'c2', make: c2Machine, profile: 'intel-4216' },
  { name: 'c2-94', role: 'c2', make: c2Machine, profile: 'intel-4216' },
  { name: 'apx-92', role: 'apx', make: apxMachine, profile: 'amd-7532' },
] as const;

/** Workers by host, as the miner lists them where all of them run: lotus-miner itself among them. */
export const REGISTERED = {
  'f0494733-miner-10-198-77-9': 1,
  'f0494733-p1-10-198-77-90': 16,
  'f0494733-p1-10-198-77-93': 16,
  'f0494733-c2-10-198-77-91': 4,
  'f0494733-c2-10-198-77-94': 4,
  'f0494733-apx-10-198-77-92': 1,
};

/**
 * A cluster of six machines that have nothing but their data: a miner whose repositories were brought there from
 * another machine, and workers of each role. The programs are simulated; all else is real.
 */
export interface LotusCluster {
  readonly hosts: BootedHosts;
  host(name: string): BootedHost;
  /** Runs fcops with the cluster's inventory. */
  fcops(...args: readonly string[]): Promise<Ended>;
  /** Starts it, for what happens meanwhile. */
  start(...args: readonly string[]): ReturnType<typeof startFcops>;
  /** The cluster file. */
  readonly file: string;
  /** Gives out another version of a program, as simulated programs are or with this text; no inventory has its sum. */
  publish(program: LotusProgram, version: string, text?: string): Promise<string>;
  /** What stands in SHA256SUMS beside the archives. */
  list(lines: readonly string[]): void;
  /** Workers by host as the miner lists them. */
  registered(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

const bootOptions = ({ name, role, make }: (typeof MACHINES)[number], fresh: readonly MachineName[]) => {
  const common = { name, address: `10.198.77.${name.replace(/.*-/, '')}` };
  if (role === 'c2') return { ...common, hardware: dual4216() };
  const { raid0 = 0, sparse = {} } = make(name);
  // The kernel was set before: a first deploy would ask for a reboot.
  const isSet = role === 'p1' && !fresh.includes(name);
  const hardware = isSet ? dual7532({ kernelArguments: HUGEPAGE_BOOT }) : dual7532();
  return { ...common, hardware, raid0, sparse };
};

/** Repositories of lotus and lotus-miner, as they come from another machine; neither runs. */
const bringRepositories = async (miner: BootedHost): Promise<void> => {
  for (const program of LOTUS_PROGRAMS.filter((name) => name !== 'lotus-worker')) {
    const text = Buffer.from(await lotusProgram(program, VERSION)).toString('base64');
    await miner.sh(
      `mkdir -p /root/elsewhere && base64 -d <<<${text} >/root/elsewhere/${program} && chmod 755 /root/elsewhere/${program}`,
    );
  }
  await turn(miner, 'miner-id', MINER);
  await turn(miner, 'balances/f3owner', '10');
  await miner.sh(`export PATH=/root/elsewhere:$PATH LOTUS_PATH=/opt/raid0/lotus LOTUS_MINER_PATH=/opt/raid0/lotusminer
echo chain >/root/chain.car
lotus daemon --halt-after-import --import-snapshot /root/chain.car >/dev/null 2>&1
nohup lotus daemon >/dev/null 2>&1 </dev/null &
until lotus version >/dev/null 2>&1; do sleep 0.1; done
lotus-miner init --no-local-storage --owner f3owner --worker f3owner --sector-size 64GiB >/dev/null 2>&1
lotus daemon stop; until [ ! -e /opt/raid0/lotus/api ]; do sleep 0.1; done; sleep 0.5
rm -rf /root/elsewhere /root/chain.car`);
};

/** What an operator copies before fcops comes. */
const copyData = async (host: BootedHost, role: (typeof MACHINES)[number]['role']): Promise<void> => {
  if (role === 'miner') return;
  if (role !== 'c2') {
    await copyPieceInfo(host);
    return;
  }
  const parameters = Object.entries(c2Machine(host.name).sparse ?? {});
  await host.sh(
    [
      'mkdir -p /opt/filecoin-proof-parameters',
      ...parameters.map(([path, bytes]) => `truncate -s ${bytes} ${path}`),
    ].join('\n'),
  );
};

type MachineName = (typeof MACHINES)[number]['name'];

interface ClusterChoice {
  /** All six where it is left out. */
  readonly names?: readonly MachineName[];
  /** Machines as they come from the racks: their kernels give no huge pages yet. */
  readonly fresh?: readonly MachineName[];
  /** Over those that every cluster has. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Boots the machines; nothing of fcops is on them. */
export const startLotusCluster = async ({
  names,
  fresh = [],
  variables,
}: ClusterChoice = {}): Promise<LotusCluster> => {
  const machines = MACHINES.filter(({ name }) => names?.includes(name) ?? true);
  const state = await mkdtemp(join(tmpdir(), 'fcops-state-'));
  const hosts = await bootHosts(
    machines.map((machine) => bootOptions(machine, fresh)),
    console.log,
  );
  const host = (name: string): BootedHost => {
    const found = hosts.hosts.find((one) => one.name === name);
    if (!found) throw new Error(`no host ${name} was booted`);
    return found;
  };
  const artifacts = await startArtifactServer({ address: BRIDGE_ADDRESS, versions: [] });
  const sha256 = {
    ...(await publishLotus(artifacts, VERSION, LOTUS_PROGRAMS)),
    ...(await publishLotus(artifacts, C2_VERSION, ['lotus-worker'])),
  };
  await Promise.all(machines.map(({ name, role }) => copyData(host(name), role)));
  await bringRepositories(host('miner-9'));
  const cluster = await writeCluster({
    directory: hosts.directory,
    privateKey: hosts.privateKey,
    knownHosts: hosts.knownHosts,
    artifacts: { ...artifacts, sha256 },
    more: {
      os: 'debian-12',
      api: { from: 'miner' },
      versions: { lotus: VERSION, miner: VERSION, p1: VERSION, apx: VERSION, c2: C2_VERSION },
      // Simulated workers need no time between their starts.
      variables: { startPause: 0, ...variables },
    },
    hosts: machines.map(({ name, role, profile }) => ({ host: host(name), roles: [role], profile })),
  });
  const env = { ...cluster.env, XDG_STATE_HOME: state };
  return {
    hosts,
    host,
    fcops: (...args) => fcops(['--inventory', cluster.inventory, ...args], { env }),
    start: (...args) => startFcops(['--inventory', cluster.inventory, ...args], { env }),
    file: cluster.file,
    publish: async (program, version, text) =>
      artifacts.publish(
        `${program}-${version}.tar.gz`,
        await packProgram(program, text ?? (await lotusProgram(program, version))),
      ),
    list: (lines) => void artifacts.publish('SHA256SUMS', Buffer.from(`${lines.join('\n')}\n`)),
    registered: () => registeredAt(host('miner-9')),
    stop: async () => {
      await artifacts.stop();
      await hosts.stop();
      await rm(state, { recursive: true, force: true });
    },
  };
};

const registeredAt = async (miner: BootedHost): Promise<Record<string, number>> => {
  const stdout = await miner.sh('source /opt/raid0/profile; lotus-miner sealing workers');
  const found = readWorkers({ status: 0, stdout: `${stdout}\n`, stderr: '' });
  if (found.type !== 'understood') throw new Error(`${found.why}\n${stdout}`);
  const counts: Record<string, number> = {};
  for (const worker of found.value) {
    const name = worker.host ?? '?';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};
