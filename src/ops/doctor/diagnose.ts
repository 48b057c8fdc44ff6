import { atMiner } from '../at-miner/whose.ts';
import { clusterJobs } from '../jobs/jobs.ts';
import { c2Findings } from './c2.ts';
import { withCauses } from './causes.ts';
import { finalizeFindings } from './finalize.ts';
import type { Diagnosis, Finding } from './finding.ts';
import { sorted, together, unknown } from './finding.ts';
import { hostDiagnosis } from './host-diagnosis.ts';
import type { LookedAtCluster, SealingSeen } from './looked-at.ts';
import { lostJobsFindings } from './lost-jobs.ts';
import { chainDiagnosis, sectorsDiagnosis } from './miner-state.ts';
import { p1Findings } from './p1.ts';
import { p2Findings } from './p2.ts';
import { pipelineOf } from './pipeline.ts';
import { storageListDiagnosis } from './storage.ts';

/** What is wrong with a cluster (handbook 4.3), the worst first. Pure. */
export const diagnose = (looked: LookedAtCluster): Diagnosis => {
  const { cluster, verified, chosen, miner } = looked;
  const sealing = miner && sealingOf(looked, miner);
  const ofHosts = verified.hosts.map((host) => hostDiagnosis(host, looked, sealing));
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
    findings: withCauses(all.findings).filter(({ host, kind }) => isAsked(host, kind)),
    unknowns: all.unknowns.filter(({ host }) => isAsked(host) || host === miner?.host),
  });
};

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
