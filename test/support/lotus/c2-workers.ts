import type { ArtifactServer } from '../artifact-server.ts';
import { MINER } from '../cluster.ts';
import type { PlainHost } from '../host-set.ts';
import { c2Machine, minerMachine } from '../machines.ts';
import { settled } from '../settled.ts';
import { turn } from './knobs.ts';
import { deployMiner, type MinerAndWorkers, startMinerAndWorkers } from './miner-and-workers.ts';
import { publishLotus } from './programs.ts';
import { runMiner } from './running-miner.ts';

const VERSION = '1.11.1-3079a405a';
const C2_VERSION = `${VERSION}-intel`;

export interface C2WorkersOptions {
  /** Names of the C2 machines. */
  readonly names: readonly string[];
  /** The version that they have. */
  readonly version?: string;
  /** Publishes what there is besides the programs of that version; gives their sha256. */
  readonly publish?: (artifacts: ArtifactServer) => Promise<Readonly<Record<string, string>>>;
  readonly profile?: string;
  readonly startRate?: number;
}

const start = (
  { names, version = C2_VERSION, publish = async () => ({}), profile, startRate }: C2WorkersOptions,
  prepare: (begun: MinerAndWorkers) => Promise<unknown>,
  variables: Readonly<Record<string, unknown>> = { syncDeadline: 60 },
): Promise<MinerAndWorkers> =>
  startMinerAndWorkers(
    {
      members: [
        { machine: minerMachine('miner-1'), role: 'miner', more: { checks: 'off' } },
        ...names.map((name) => ({
          ...{ machine: c2Machine(name), role: 'c2' as const, more: { checks: 'off' } },
          ...(profile !== undefined && { profile }),
        })),
      ],
      publish: async (artifacts) => ({
        ...(await publishLotus(artifacts, VERSION, ['lotus', 'lotus-miner'])),
        ...(await publishLotus(artifacts, version, ['lotus-worker'])),
        ...(await publish(artifacts)),
      }),
      more: {
        versions: { lotus: VERSION, miner: VERSION, c2: version },
        variables,
        ...(startRate !== undefined && { startRate }),
      },
    },
    prepare,
  );

/** Starts `miner-1`, which is deployed and made but does not run, and C2 machines on which nothing is yet. */
export const startIdleMinerAndC2 = (options: C2WorkersOptions): Promise<MinerAndWorkers> =>
  start(options, async (begun) => {
    await deployMiner(begun);
    await settled(begun.miner);
    await begun.well('deploy', 'miner', '--yes');
  });

/** Starts `miner-1` and C2 machines; all of it is deployed and runs, and no worker is at a task. */
export const startC2Workers = (options: C2WorkersOptions): Promise<MinerAndWorkers> =>
  start(options, async (begun) => {
    await deployMiner(begun);
    await settled(begun.miner);
    await begun.well('deploy', 'all', '--start', '--yes');
    await turn(begun.miner, 'jobs', '');
    await settled(...begun.hosts.hosts);
  });

/** Starts `miner-1`, which runs as somebody has set it up by hand, and C2 machines on which nothing is yet. */
export const startC2Machines = (options: C2WorkersOptions): Promise<MinerAndWorkers> =>
  start(options, ({ miner }) => runMiner(miner, MINER), { ntpServer: null });

/** Numbers of the C2 workers of a host, in their order; `-` where one does not run. */
export const c2Pids = async (host: Pick<PlainHost, 'sh'>): Promise<readonly string[]> =>
  (
    await host.sh(
      `for k in 1 2 3 4; do p=$(grep -lzsx "/opt/worker-[\${k}]c2" /proc/[0-9]*/cmdline | cut -d / -f 3 | head -n 1); echo "\${p:--}"; done`,
    )
  ).split('\n');

/** When the C2 workers of a host that run were started, in seconds since the boot of this machine, which is that of all hosts. */
export const c2Starts = async (host: Pick<PlainHost, 'sh'>): Promise<readonly number[]> => {
  const ticks = await host.sh(
    `for k in 1 2 3 4; do p=$(grep -lzsx "/opt/worker-[\${k}]c2" /proc/[0-9]*/cmdline | head -n 1); [[ -z $p ]] || sed 's/.*) //' "\${p%/cmdline}/stat" | cut -d ' ' -f 20; done`,
  );
  return ticks
    .split('\n')
    .filter(Boolean)
    .map((one) => Number(one) / 100);
};

/** Ends the C2 workers of hosts, and waits until nothing goes on there. */
export const endC2 = async (hosts: readonly Pick<PlainHost, 'sh'>[]): Promise<void> => {
  for (const host of hosts) {
    await host.sh('pkill -TERM -f "[w]orker-repo"; sleep 1');
    await settled(host);
  }
};
