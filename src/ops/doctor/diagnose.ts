import { posix } from 'node:path';
import { GiB, KiB } from '../../core/units.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import { hugepagesLook } from '../../resources/hugepages/look.ts';
import { runningOf } from '../../resources/process/look.ts';
import { sectorMounts } from '../../roles/storage.ts';
import type { ClusterHost } from '../at-miner/asked.ts';
import type { AtMiner } from '../at-miner/whose.ts';
import { atMiner } from '../at-miner/whose.ts';
import type { ClusterJob } from '../jobs/jobs.ts';
import { clusterJobs } from '../jobs/jobs.ts';
import type { SeenHost } from '../status/host-status.ts';
import type { ClusterStatus, LookedAtHost } from '../status/status.ts';
import type { Verified, VerifiedHost } from '../verify/verify.ts';
import { c2Findings } from './c2.ts';
import { finalizeFindings } from './finalize.ts';
import type { Diagnosis, Finding } from './finding.ts';
import { sorted, together, unknown } from './finding.ts';
import { checksDiagnosis } from './from-checks.ts';
import type { GpuProcess } from './gpus.ts';
import { gpusDiagnosis } from './gpus.ts';
import { gpuUsers, heldPages, lastWords } from './host-look.ts';
import type { PagesOfTask } from './leaks.ts';
import { leakDiagnosis } from './leaks.ts';
import { lostJobsFindings } from './lost-jobs.ts';
import type { DeadDaemon } from './metadata.ts';
import { metadataFindings } from './metadata.ts';
import type { MinerLook } from './miner-look.ts';
import { chainDiagnosis, sectorsDiagnosis } from './miner-state.ts';
import { mountsFindings } from './mounts.ts';
import { p1Findings } from './p1.ts';
import { p2Findings } from './p2.ts';
import { pipelineOf } from './pipeline.ts';
import { storageFileDiagnosis, storageListDiagnosis } from './storage.ts';

/** What the looks at a cluster have brought. */
export interface LookedAtCluster {
  readonly cluster: Cluster;
  readonly verified: Verified;
  readonly status: ClusterStatus;
  readonly lastLook: (host: string) => LookedAtHost | null;
  /** With the host that has said it; null: the inventory has no miner host. */
  readonly miner: {
    readonly host: string;
    readonly says: MinerLook;
    /** All hosts of the cluster, chosen or not: whose a worker is can only be told beside all others. */
    readonly workerHosts: readonly ClusterHost[];
  } | null;
  /** Names of the hosts that were looked at; null: all. */
  readonly chosen: ReadonlySet<string> | null;
  /** Seconds since 1970, by the clock of this machine. */
  readonly now: number;
}

/** What is wrong with a cluster (handbook 4.3), the worst first. Pure. */
export const diagnose = (looked: LookedAtCluster): Diagnosis => {
  const { cluster, verified, chosen, miner } = looked;
  const sealing = miner && sealingOf(looked, miner);
  const ofHosts = verified.hosts.map((host) => ofHost(host, looked, sealing));
  const storageTroubles = new Map(
    verified.hosts.map((host, index) => [
      host.host,
      (ofHosts[index]?.findings ?? []).filter(({ kind }) => kind === 'mount').map(({ message }) => message),
    ]),
  );
  const all = together([
    ...ofHosts,
    ...(miner === null
      ? [
          {
            unknowns: [
              unknown(null, 'the way of sectors is not known', 'no host of this cluster has the role miner'),
            ],
          },
        ]
      : [
          chainDiagnosis(miner.says.info, miner.says.node, miner.host),
          sectorsDiagnosis(miner.says.info, miner.host),
          storageListDiagnosis(miner.says.storage, cluster.sectorSize, miner.host),
          pipelineDiagnosis(looked, miner, sealing, storageTroubles),
        ]),
  ]);
  const isAsked = (host: string | null, kind?: Finding['kind']): boolean =>
    // What all hosts wait for is told whichever was asked about.
    host === null || chosen === null || chosen.has(host) || kind === 'chain';
  return sorted({
    findings: all.findings.filter(({ host, kind }) => isAsked(host, kind)),
    unknowns: all.unknowns.filter(({ host }) => isAsked(host) || host === miner?.host),
  });
};

interface SealingSeen {
  readonly at: AtMiner;
  /** Null: nobody knows them. */
  readonly jobs: readonly ClusterJob[] | null;
}

const sealingOf = (
  { cluster }: LookedAtCluster,
  miner: NonNullable<LookedAtCluster['miner']>,
): SealingSeen => {
  const { says, workerHosts, host } = miner;
  const at = atMiner(says, workerHosts);
  if (says.jobs.type !== 'understood') return { at, jobs: null };
  const about = { miner: cluster.miner, minerHost: host, sectorSize: cluster.sectorSize };
  const every = { hosts: null, tasks: [], late: false };
  return { at, jobs: clusterJobs(says.jobs.value, says.workers, at, about, every).jobs };
};

const pipelineDiagnosis = (
  { cluster }: LookedAtCluster,
  { says, host }: NonNullable<LookedAtCluster['miner']>,
  sealing: SealingSeen | null,
  storageTroubles: ReadonlyMap<string, readonly string[]>,
): Partial<Diagnosis> => {
  const { workers, queue, info } = says;
  if (sealing?.jobs == null)
    return {
      unknowns: [
        unknown(
          null,
          'it is not known where sectors wait: whether P1 is held up by P2, C2 or FinalizeSector',
          says.jobs.type === 'understood' ? null : says.jobs.why,
        ),
      ],
    };
  const sectors = info.type === 'understood' ? info.value.sectors : null;
  const pipeline = pipelineOf(
    { ...sealing, jobs: sealing.jobs, sectors, queued: queue.type === 'understood' ? queue.value : null },
    {
      ...{ miner: cluster.miner, minerHost: host, size: cluster.sectorSize },
      storageTroubles: (name) => storageTroubles.get(name) ?? [],
    },
  );
  const untold = Object.values(pipeline.stages).reduce((sum, stage) => sum + stage.untold, 0);
  return {
    findings: [p2Findings, c2Findings, finalizeFindings, p1Findings, lostJobsFindings].flatMap((of) =>
      of(pipeline),
    ),
    unknowns: [
      // Of what waits at the miner the states of sectors tell as much, where it has them.
      ...(queue.type !== 'understood' && sectors === null
        ? [unknown(host, 'it is not known which tasks wait for a worker', queue.why)]
        : []),
      ...(workers.type === 'understood' && untold > 0
        ? [
            unknown(
              null,
              'it is not known of which stage workers are missing, nor which are at nothing',
              'this version of lotus-miner tells hosts, not ports',
            ),
          ]
        : []),
    ],
  };
};

const ofHost = (host: VerifiedHost, looked: LookedAtCluster, sealing: SealingSeen | null): Diagnosis => {
  const { cluster, status, lastLook, now, miner } = looked;
  const found = status.hosts.find((one) => one.host === host.host);
  const seen = found?.state === 'seen' ? found : null;
  const look = lastLook(host.host);
  const hostNow = now + (host.clock?.offset ?? 0) / 1000;
  const words = (process: string) => (look ? lastWords(look.look.seen, process) : []);
  const size = cluster.sectorSize;
  const checks = checksDiagnosis({ host, seen, size, now: hostNow, lastWords: words });
  if (!seen || !look) return checks;
  const observed = look.look.seen;
  const tasks = pagesOfTasks(look, seen);
  const facts = observed.observedFacts ?? observed.facts;
  const inventory = look.about.host;
  const pages = hugepagesLook.seen(observed, String(GiB / KiB));
  return together([
    checks,
    {
      findings: mountsFindings({
        ...{ host: host.host, roles: host.roles, size, mounts: seen.mounts, seen: observed },
        sectors: sectorMounts(cluster, inventory).map(({ target }) => target),
      }),
    },
    ...(tasks.length > 0
      ? [
          leakDiagnosis(
            host.host,
            heldPages(observed),
            tasks,
            pages?.reduce((sum, { free }) => sum + free, 0) ?? null,
          ),
        ]
      : []),
    ...(seen.processes.length > 0
      ? [
          gpusDiagnosis({
            ...{ host: host.host, size, present: facts.gpus, seen: seen.gpus.seen },
            processes: gpuProcesses(look, seen, sealing),
            users: gpuUsers(observed),
          }),
        ]
      : []),
    ...(host.host === miner?.host
      ? [
          storageFileDiagnosis(observed, host.host),
          { findings: metadataFindings(host.host, deadDaemons(seen, words)) },
        ]
      : []),
  ]);
};

const pagesOfTasks = ({ about }: LookedAtHost, { processes }: SeenHost): readonly PagesOfTask[] =>
  about.processes.flatMap(({ process: { name, start } }) => {
    if (start.leftovers === undefined || start.pages === undefined) return [];
    const running = processes.find((one) => one.name === name)?.running ?? null;
    return [
      {
        ...{ name, directory: posix.basename(start.leftovers), pages: start.pages.count },
        runs: running === null ? null : running.length > 0,
      },
    ];
  });

const gpuProcesses = (
  { about, look }: LookedAtHost,
  seen: SeenHost,
  sealing: SealingSeen | null,
): readonly GpuProcess[] =>
  about.processes.flatMap(({ role, process }): GpuProcess[] => {
    const [running, second] = runningOf(look.seen, process.repository) ?? [];
    if (!running || second) return [];
    const registration = seen.processes.find(({ name }) => name === process.name)?.registration ?? null;
    const isTold = registration === null || registration.type === 'registered';
    const at =
      sealing?.jobs && isTold
        ? sealing.jobs.filter(({ place }) => place.host === seen.host && place.process === process.name)
        : null;
    return [{ name: process.name, group: process.group, role, at, pid: running.pid }];
  });

const deadDaemons = (
  { processes }: SeenHost,
  words: (process: string) => readonly string[],
): readonly DeadDaemon[] =>
  (['lotus', 'lotus-miner'] as const).flatMap((name) => {
    const process = processes.find((one) => one.name === name);
    return process?.running?.length === 0 ? [{ name, lastWords: words(name) }] : [];
  });
