import { posix } from 'node:path';
import { GiB, KiB } from '../../core/units.ts';
import { hugepagesLook } from '../../resources/hugepages/look.ts';
import { runningOf } from '../../resources/process/look.ts';
import { sectorMounts } from '../../roles/storage.ts';
import type { SeenHost } from '../status/host-status.ts';
import type { LookedAtHost } from '../status/status.ts';
import type { VerifiedHost } from '../verify/verify.ts';
import type { Diagnosis } from './finding.ts';
import { together } from './finding.ts';
import { checksDiagnosis } from './from-checks.ts';
import type { GpuProcess } from './gpus.ts';
import { gpusDiagnosis } from './gpus.ts';
import { gpuUsers, heldPages, lastWords } from './host-look.ts';
import type { PagesOfTask } from './leaks.ts';
import { leakDiagnosis } from './leaks.ts';
import type { LookedAtCluster, SealingSeen } from './looked-at.ts';
import type { DeadDaemon } from './metadata.ts';
import { metadataFindings } from './metadata.ts';
import { mountsFindings } from './mounts.ts';
import { storageFileDiagnosis } from './storage.ts';

/** What is wrong with a host by itself. */
export const hostDiagnosis = (
  host: VerifiedHost,
  looked: LookedAtCluster,
  sealing: SealingSeen | null,
): Diagnosis => {
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
