import type { Next } from '../../core/next.ts';
import { fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { SealingJob } from '../../lotus/jobs.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import type { AtMiner, HostAtMiner } from '../at-miner/whose.ts';
import type { MinerSays } from '../miner-says.ts';
import { pausedAtMiner } from '../said-of-workers.ts';

/** A worker with the tasks that the miner lists at it; null: nobody knows them. */
export interface ListedWorker {
  readonly worker: SealingWorker;
  readonly jobs: readonly SealingJob[] | null;
}

/** What is wrong with the workers of a host, or with one that nobody knows. */
export interface WorkerTrouble {
  readonly severity: 'bad' | 'warn';
  readonly kind: 'missing' | 'disabled' | 'paused' | 'twice' | 'unexpected' | 'unknown' | 'settings';
  /** Of the inventory; null: it has no such host. */
  readonly host: string | null;
  readonly process: string | null;
  readonly message: string;
  readonly next: readonly Next[];
}

export interface ProcessWorkers {
  readonly name: string;
  readonly group: string;
  readonly state: 'registered' | 'disabled' | 'missing' | 'unknown';
  /** Why it is unknown. */
  readonly why: string | null;
  /** One, but for a process that is there twice. */
  readonly workers: readonly ListedWorker[];
}

export interface HostWorkers {
  readonly host: string;
  readonly address: string;
  readonly listen: string;
  readonly roles: readonly string[];
  readonly processes: readonly ProcessWorkers[];
  /** Registered from this host, and at none of its processes, as far as that is told. */
  readonly beside: readonly ListedWorker[];
  /** How many of its workers are there, enabled or not; null: that is not told. */
  readonly registered: number;
}

/** What a miner has registered, by the hosts of the inventory. */
export interface ClusterWorkers {
  readonly miner: string;
  readonly minerHost: string;
  readonly hosts: readonly HostWorkers[];
  /** Workers of no host of the inventory. */
  readonly strangers: readonly ListedWorker[];
  readonly troubles: readonly WorkerTrouble[];
  /** Why it is not known what they are at; null: it is. */
  readonly jobsUnknown: string | null;
}

/** Works out whose the workers are that a miner lists. `chosen`: names of the hosts that are shown; null: all. */
export const clusterWorkers = (
  jobs: MinerSays['jobs'],
  at: AtMiner,
  about: { readonly miner: string; readonly minerHost: string },
  chosen: ReadonlySet<string> | null,
): ClusterWorkers => {
  const listed = (worker: SealingWorker): ListedWorker => ({
    worker,
    jobs: at.jobsOf(worker),
  });
  const shown = at.hosts.filter(({ host }) => chosen === null || chosen.has(host.name));
  const hosts = shown.map((one): HostWorkers => hostWorkers(one, listed));
  const strangers = chosen === null ? at.strangers.map(listed) : [];
  const settings = shown.flatMap(({ host }) => host.problems.map((one) => wrongSettings(host.name, one)));
  return {
    ...about,
    hosts: hosts.filter(({ processes, beside }) => processes.length + beside.length > 0),
    strangers,
    troubles: [...settings, ...hosts.flatMap(troublesOf), ...strangers.map(stranger)],
    jobsUnknown: jobs.type === 'understood' ? null : jobs.why,
  };
};

const hostWorkers = (
  { host, processes, beside }: HostAtMiner,
  listed: (worker: SealingWorker) => ListedWorker,
): HostWorkers => {
  const all = processes.map(({ name, group, registration }): ProcessWorkers => {
    const about = { name, group };
    if (registration.type === 'unknown')
      return { ...about, state: 'unknown', why: registration.why, workers: [] };
    if (registration.type === 'missing') return { ...about, state: 'missing', why: null, workers: [] };
    const isLost = registration.workers.every(({ disabled }) => disabled);
    return {
      ...about,
      state: isLost ? 'disabled' : 'registered',
      why: null,
      workers: registration.workers.map(listed),
    };
  });
  const isUntold = all.some(({ state }) => state === 'unknown');
  return {
    host: host.name,
    address: host.address,
    listen: host.listen,
    roles: host.roles,
    processes: all,
    beside: beside.map(listed),
    registered:
      all.filter(({ workers }) => workers.length > 0).length +
      (isUntold ? beside.filter(({ url }) => url === null).length : 0),
  };
};

const troublesOf = (host: HostWorkers): readonly WorkerTrouble[] => [
  ...host.processes.flatMap((process) => ofProcess(host, process)),
  ...ofUntold(host),
];

const ofProcess = ({ host }: HostWorkers, process: ProcessWorkers): readonly WorkerTrouble[] => {
  const about = { host, process: process.name };
  const status = [fcopsCommand(['status', '--limit', host], 'see whether it runs, and the end of its log')];
  const alive = process.workers.filter(({ worker }) => !worker.disabled);
  const paused = pausedAtMiner(process.workers.map(({ worker }) => worker));
  switch (process.state) {
    case 'missing':
      return [{ ...about, severity: 'bad', kind: 'missing', message: 'not registered', next: status }];
    case 'disabled':
      return [
        {
          ...about,
          severity: 'bad',
          kind: 'disabled',
          message: 'disabled: the miner has lost it, or it was told to take nothing',
          next: status,
        },
      ];
    default:
      return [
        ...(alive.length > 1
          ? [
              {
                ...about,
                severity: 'warn',
                kind: 'twice',
                message: `registered ${alive.length} times`,
                next: status,
              } as const,
            ]
          : []),
        ...(paused ? [{ ...about, severity: 'warn', kind: 'paused', ...paused } as const] : []),
      ];
  }
};

/** Of a host whose workers cannot be told apart, only how many there are; of others, those that nobody expects. */
const ofUntold = ({ host, processes, beside, registered }: HostWorkers): readonly WorkerTrouble[] => {
  const untold = processes.filter(({ state }) => state === 'unknown');
  const nameless = beside.filter(({ worker }) => worker.url === null);
  const lost = nameless.filter(({ worker }) => worker.disabled).length;
  const strange = untold.length > 0 ? beside.filter(({ worker }) => worker.url !== null) : beside;
  const status = [fcopsCommand(['status', '--limit', host], 'see which run')];
  const about = { host, process: null };
  const missing = processes.length - registered;
  return [
    ...(untold.length > 0 && missing > 0
      ? [
          {
            ...about,
            severity: 'bad',
            kind: 'missing',
            message: `${missing} of its ${count(processes.length, 'worker')} ${missing === 1 ? 'is' : 'are'} not registered; which is not told`,
            next: status,
          } as const,
        ]
      : []),
    ...(untold.length > 0 && missing < 0
      ? [
          {
            ...about,
            severity: 'warn',
            kind: 'unexpected',
            message: `${registered} workers are registered, and the inventory has ${processes.length}`,
            next: status,
          } as const,
        ]
      : []),
    ...(lost > 0
      ? [
          {
            ...about,
            severity: 'bad',
            kind: 'disabled',
            message: `${count(lost, 'worker')} disabled: the miner has lost ${lost === 1 ? 'it' : 'them'}, or was told to give nothing`,
            next: status,
          } as const,
        ]
      : []),
    ...strange.map(
      ({ worker }): WorkerTrouble => ({
        ...about,
        severity: 'warn',
        kind: 'unexpected',
        message: `worker ${worker.id}${worker.url === null ? '' : ` at port ${worker.url.port}`}: none of its processes in the inventory`,
        next: [look('a process that was started by hand, or the inventory lacks it')],
      }),
    ),
  ];
};

const stranger = ({ worker }: ListedWorker): WorkerTrouble => ({
  severity: 'warn',
  kind: 'unknown',
  host: null,
  process: null,
  message: `worker ${worker.id} of ${worker.host || 'a host without a name'}${worker.url === null ? '' : ` (${worker.url.host}:${worker.url.port})`}: the inventory has no such host`,
  next: [look('add its host to the inventory, or see why it works for this miner')],
});

const wrongSettings = (host: string, { what }: Problem): WorkerTrouble => ({
  severity: 'bad',
  kind: 'settings',
  host,
  process: null,
  message: `nobody knows what it is to run: ${what}`,
  next: [],
});
