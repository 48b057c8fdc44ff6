import { FcopsError } from '../../core/problem.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import { solveApx } from '../../layout/apx.ts';
import type { SealingJob } from '../../lotus/jobs.ts';
import type { StorageList, StoragePath } from '../../lotus/storage-list.ts';
import { isPausedFor } from '../../lotus/workers.ts';
import type { AtMiner, HostAtMiner } from '../at-miner/whose.ts';

/** A host whose APx may take sectors on. */
export interface ApxPlace {
  readonly host: string;
  /** Whether its APx is given AddPiece; `unknown`: it cannot be told, `why` says why. */
  readonly state: 'takes' | 'disabled' | 'paused' | 'missing' | 'unknown';
  readonly why: string | null;
  /** Sectors that it takes on at a time (`--maxsealing`, handbook 2.2.8.3), by its profile; null: it does not say. */
  readonly limit: number | null;
  /** Sectors that it has: of its cache, as lotus-miner counts them, or by their tasks, at least; null: not known. */
  readonly held: { readonly sectors: number; readonly by: 'storage' | 'tasks' } | null;
  /** How many more it takes; null: not known. */
  readonly free: number | null;
  /** Bytes of its cache; null: not known. */
  readonly room: StoragePath['space'];
  /** How many of those that are to be pledged would go there, as it looks now. */
  readonly share: number;
}

interface Known {
  readonly cluster: Cluster;
  readonly storage: StorageList | null;
  readonly jobs: readonly SealingJob[] | null;
  readonly at: AtMiner;
}

const NO_CACHE = 'lotus-miner lists no cache of it: it may never have been given one';
const SILENT = 'lotus-miner tells of no cache of it, and could not ask all: it or its way there may be dead';

/** What is known of the APx of a host. */
export const placeOf = (one: HostAtMiner, { cluster, storage, jobs, at }: Known): ApxPlace => {
  const { host } = one;
  const limit = limitOf(cluster, host.name);
  const paths =
    storage?.paths.filter(({ seals, hosts }) => seals && hosts.some((one) => at.hostAt(one) === host.name)) ??
    null;
  const counted = paths?.every(({ sectors }) => sectors !== null) ? paths : null;
  const sum = counted?.reduce((all, { sectors }) => all + (sectors ?? 0), 0) ?? null;
  const byTasks =
    jobs &&
    new Set(
      jobs
        .filter((job) => ['AP', 'PC1', 'PC2'].includes(job.task) && at.placeOf(job).host === host.name)
        .map(({ sector }) => sector),
    ).size;
  const held =
    sum !== null && paths?.length !== 0
      ? ({ sectors: sum, by: 'storage' } as const)
      : byTasks === null
        ? null
        : ({ sectors: byTasks, by: 'tasks' } as const);
  const isWithoutCache = paths?.length === 0;
  const apx = stateOf(one);
  return {
    host: host.name,
    ...(apx.state === 'takes' && isWithoutCache
      ? { state: 'unknown', why: storage?.silent ? SILENT : NO_CACHE }
      : apx),
    limit,
    held,
    free: limit === null || held === null ? null : Math.max(0, limit - held.sectors),
    room: paths?.[0]?.space ?? null,
    share: 0,
  };
};

/** What the profile of a host says of it; null where that is wrong or not there. */
const limitOf = ({ hosts, sectorSize }: Cluster, name: string): number | null => {
  const host = hosts.find((one) => one.name === name);
  try {
    return host ? solveApx(host.profile, sectorSize).maxSealing : null;
  } catch (error) {
    if (error instanceof FcopsError) return null;
    throw error;
  }
};

const stateOf = ({ processes, beside }: HostAtMiner): Pick<ApxPlace, 'state' | 'why'> => {
  const apx = processes.find(({ group }) => group === 'APx');
  if (apx?.registration.type === 'registered') {
    const alive = apx.registration.workers.filter(({ disabled }) => !disabled);
    if (alive.length === 0) return { state: 'disabled', why: null };
    return {
      state: alive.every((worker) => isPausedFor(worker, ['ap', 'all'])) ? 'paused' : 'takes',
      why: null,
    };
  }
  if (apx?.registration.type !== 'unknown') return { state: 'missing', why: null };
  const nameless = beside.filter(({ url }) => url === null);
  const alive = nameless.filter(({ disabled }) => !disabled).length;
  if (alive >= processes.length) return { state: 'takes', why: null };
  if (alive === 0) return { state: nameless.length > 0 ? 'disabled' : 'missing', why: null };
  return { state: 'unknown', why: apx.registration.why };
};

/** P1 tasks of a host that take work; where it is not told which of its workers are there, none are counted on. */
export const p1Slots = ({ processes, beside }: HostAtMiner): number => {
  const tasks = processes.filter(({ group }) => group === 'P1');
  const alive = beside.filter(({ url, disabled }) => url === null && !disabled).length;
  return tasks.filter(({ registration }) => {
    if (registration.type === 'unknown') return alive >= processes.length;
    return (
      registration.type === 'registered' &&
      registration.workers.some((worker) => !worker.disabled && !isPausedFor(worker, ['p1', 'all']))
    );
  }).length;
};

/** Puts sectors where most places are free, those that were pledged before first. */
export const shared = (places: readonly ApxPlace[], ahead: number, asked: number): readonly ApxPlace[] => {
  const left = places.map(({ state, free }) => (state === 'takes' ? (free ?? 0) : 0));
  const shares = places.map(() => 0);
  for (let sector = 0; sector < ahead + asked; sector++) {
    const most = Math.max(0, ...left);
    if (most === 0) break;
    const index = left.indexOf(most);
    left[index] = most - 1;
    if (sector >= ahead) shares[index] = (shares[index] ?? 0) + 1;
  }
  return places.map((place, index) => ({ ...place, share: shares[index] ?? 0 }));
};
