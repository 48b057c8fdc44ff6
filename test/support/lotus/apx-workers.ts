import { installProgram } from '../host-program.ts';
import { apxMachine, copyPieceInfo, minerMachine } from '../machines.ts';
import { ONE_GPU } from '../nvidia-smi.ts';
import type { SimulatedHost } from '../simulated-hosts.ts';
import { turn } from './knobs.ts';
import { deployMiner, type MinerAndWorkers, startMinerAndWorkers } from './miner-and-workers.ts';
import { LOTUS_PROGRAMS, publishLotus } from './programs.ts';

/** The version of all programs. */
export const VERSION = '1.11.1-3079a405a';
/** Another one, which may be deployed. */
export const NEXT_VERSION = '1.11.2-aaaaaaaaa';

/** A miner, and two workers of APx that run and register there. */
export interface ApxWorkers extends MinerAndWorkers {
  readonly first: SimulatedHost;
  readonly second: SimulatedHost;
  /** How many workers the miner lists, without itself. */
  registered(): Promise<string>;
  /** What the miner calls the worker of a host. */
  idOf(host: SimulatedHost): Promise<string>;
}

/** Bash that prints the process number of APx; what looks for it finds itself as well, later. */
export const APX_PID = 'grep -lzsxF /opt/lotusworker/worker-apx /proc/[0-9]*/cmdline | cut -d / -f 3';

/** Ends APx of a host. */
export const endApx = (host: SimulatedHost): Promise<string> =>
  host.sh(`kill -TERM $(${APX_PID}) 2>/dev/null || true`);

/** Starts `miner-1`, `apx-5` and `apx-6`. `at`: what stands at them besides, by their name. */
export const startApxWorkers = async (
  at: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Promise<ApxWorkers> => {
  const begun = await startMinerAndWorkers(
    {
      members: [
        ...['apx-5', 'apx-6'].map((name) => ({
          machine: apxMachine(name),
          role: 'apx' as const,
          more: { ...at[name] },
        })),
        { machine: minerMachine('miner-1'), role: 'miner', more: { checks: 'off', ...at['miner-1'] } },
      ],
      publish: async (artifacts) => ({
        ...(await publishLotus(artifacts, VERSION, LOTUS_PROGRAMS)),
        ...(await publishLotus(artifacts, NEXT_VERSION, LOTUS_PROGRAMS)),
      }),
      more: { versions: { lotus: VERSION, miner: VERSION, apx: VERSION } },
    },
    async (cluster) => {
      const { miner, workers, well } = cluster;
      await Promise.all(workers.map((one) => copyPieceInfo(one)));
      await deployMiner(cluster);
      await installProgram(miner, 'nvidia-smi', ONE_GPU);
      await turn(miner, 'workers-format', 'fork-later');
      await well('deploy', 'miner', '--start', '--yes');
      await well('deploy', 'apx', '--start', '--yes');
    },
  );
  const { miner, host } = begun;
  const listed = (then: string) =>
    miner.sh(`source /opt/raid0/profile; lotus-miner sealing workers | ${then}`);
  return {
    ...begun,
    first: host('apx-5'),
    second: host('apx-6'),
    registered: () => listed(`grep -v disabled | grep -c 'url:.*:11000/' || true`),
    idOf: ({ address }) =>
      listed(`sed -n 's|^Worker \\([^,]*\\),.*url:http://${address}:.*|\\1|p' | tail -n 1`),
  };
};
