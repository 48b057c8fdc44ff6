import type { SealingJob } from '../../../../src/lotus/jobs.ts';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import type { ClusterHost } from '../../../../src/ops/at-miner/asked.ts';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import { sealingWorker } from '../samples.ts';

/** A made-up miner with made-up workers. */

export const HOUR = 3600;

/** A P1 machine with APx, P2 and so many P1 tasks, number `k` of its network. */
export const p1Host = (k: number, tasks = 3): ClusterHost => ({
  name: `p1-${k}`,
  address: `10.0.0.${k}`,
  listen: `10.0.0.${k}`,
  hostname: `f0494733-p1-10-0-0-${k}`,
  roles: ['p1'],
  processes: [
    { name: 'APx', group: 'APx', port: 11_000 },
    { name: 'P2', group: 'P2', port: 12_000 },
    ...Array.from({ length: tasks }, (_, index) => ({
      name: `P1-${index + 1}`,
      group: 'P1',
      port: 10_001 + index,
    })),
  ],
  problems: [],
});

export const minerHost: ClusterHost = {
  name: 'miner-1',
  address: '10.0.0.1',
  listen: '10.0.0.1',
  hostname: 'f0494733-miner-10-0-0-1',
  roles: ['miner'],
  processes: [{ name: 'lotus-miner', group: 'lotus-miner', port: 2345 }],
  problems: [],
};

const KINDS: Readonly<Record<string, string>> = { APx: 'ab', P2: 'c2', 'lotus-miner': 'ff' };

/** The id of a worker: its first eight digits are those of its host and process alone. */
export const idOf = (host: Pick<ClusterHost, 'name'>, process: string): string => {
  const digits = host.name.replace(/\D/g, '').padStart(4, '0');
  const kind = KINDS[process] ?? process.replace(/\D/g, '').slice(1).padStart(2, '0');
  return `1${digits}${kind}a-5a51-4d3e-9f2e-0c6d2b7f1a11`;
};

/** A worker as the fork lists it. */
export const workerAt = (
  host: ClusterHost,
  process: string,
  more: Partial<SealingWorker> = {},
): SealingWorker =>
  sealingWorker({
    id: idOf(host, process),
    host: host.hostname ?? host.name,
    paused: [],
    group: host.address,
    url: {
      host: host.address,
      port: host.processes.find(({ name }) => name === process)?.port ?? 1,
    },
    ...more,
  });

/** The same as the official program lists it. */
export const officialAt = (
  host: ClusterHost,
  process: string,
  more: Partial<SealingWorker> = {},
): SealingWorker =>
  workerAt(host, process, {
    url: null,
    group: null,
    paused: 'unknown',
    cores: { used: 7, total: 64 },
    ram: { percent: 81, used: 412e9, total: 503e9 },
    virtual: { percent: 92, used: 468e9, total: 503e9 },
    ...more,
  });

export const allOf = (
  host: ClusterHost,
  of: (host: ClusterHost, process: string) => SealingWorker = workerAt,
): SealingWorker[] => host.processes.map(({ name }) => of(host, name));

export const job = (
  host: ClusterHost,
  process: string,
  task: string,
  sector: number,
  more: Partial<SealingJob> = {},
): SealingJob => ({
  id: sector.toString(16).padStart(8, 'a'),
  sector,
  worker: idOf(host, process).slice(0, 8),
  host: host.hostname ?? host.name,
  task,
  state: { type: 'running' },
  seconds: HOUR,
  ...more,
});

export const says = (
  workers: readonly SealingWorker[],
  jobs: readonly SealingJob[] = [],
): { readonly [Name in keyof MinerSays]: Extract<MinerSays[Name], { type: 'understood' }> } => ({
  workers: { type: 'understood', value: workers },
  jobs: { type: 'understood', value: jobs },
});
