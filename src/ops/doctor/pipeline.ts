import type { Next } from '../../core/next.ts';
import { fcopsCommand } from '../../core/next.ts';
import type { SectorSize } from '../../core/profile.ts';
import { count, formatSeconds } from '../../core/units.ts';
import type { SectorCounts } from '../../lotus/miner-info.ts';
import type { DeployableRole } from '../../roles/role-names.ts';
import type { ClusterJob } from '../jobs/jobs.ts';
import type { ClusterStage, HostStage, Sealing, Stage } from './stages.ts';
import { clusterStage } from './stages.ts';

/** The way of sectors through a cluster, as the miner tells it at one moment. */
export interface Pipeline {
  readonly miner: string;
  readonly minerHost: string;
  readonly size: SectorSize;
  readonly jobs: readonly ClusterJob[];
  /** Null: not told. */
  readonly sectors: SectorCounts | null;
  readonly stages: Readonly<Record<Stage, ClusterStage>>;
  /** Roles of a host. */
  readonly rolesOf: (host: string) => readonly string[];
  /** What is wrong with the storage that a host moves its sectors to. */
  readonly storageTroubles: (host: string) => readonly string[];
}

/** The same from what the miner has said. */
export const pipelineOf = (
  sealing: Sealing,
  about: Pick<Pipeline, 'miner' | 'minerHost' | 'size' | 'storageTroubles'>,
): Pipeline => {
  const roles = new Map(sealing.at.hosts.map(({ host }) => [host.name, host.roles] as const));
  const stage = (name: Stage) => clusterStage(sealing, name);
  return {
    ...about,
    jobs: sealing.jobs,
    sectors: sealing.sectors,
    stages: { AP: stage('AP'), PC1: stage('PC1'), PC2: stage('PC2'), C2: stage('C2'), FIN: stage('FIN') },
    rolesOf: (host) => roles.get(host) ?? [],
  };
};

/**
 * Seconds that a task which was given to a worker may lie there: its data may have to come over the network, and while it
 * does the miner lists it nowhere (before lotus 1.13).
 */
export const PATIENCE = 600;

/** `sector 990 for 31 h 0 min` */
export const taskWords = ({ job: { sector, seconds } }: Pick<ClusterJob, 'job'>): string =>
  `sector ${sector} for ${formatSeconds(seconds)}`;

const MOST_NAMED = 6;

/** Tasks by name, the oldest first, as far as a line has room for them. */
export const namedTasks = (jobs: readonly ClusterJob[]): string => {
  const first = jobs.toSorted((a, b) => b.job.seconds - a.job.seconds).slice(0, MOST_NAMED);
  const more = jobs.length - first.length;
  return [...first.map(taskWords), ...(more > 0 ? [`${more} more`] : [])].join(', ');
};

/** What shows why workers of a host do what they do. */
export const logsOf = (role: string, host: string, processes: readonly string[], before?: string): Next =>
  fcopsCommand(['logs', role, '--limit', host, '--process', processes.join(',')], before);

/**
 * What starts workers of a host anew: their tasks are waited for, so that none is lost. `at`: what they are known to be
 * at; null: nobody knows.
 */
export const restartOf = (
  role: string,
  host: string,
  processes: readonly string[],
  at: readonly ClusterJob[] | null,
): Next => {
  const drained = at === null || at.length > 0;
  const before =
    at === null
      ? 'it is not known what they are at; this waits until they have ended it'
      : at.length === 0
        ? 'it is at no task, and a restart loses nothing'
        : `at work: ${at.map((one) => `${one.job.task} of ${taskWords(one)}`).join(', ')}; this waits for the end of it`;
  const words = ['restart', role, '--limit', host, '--process', processes.join(',')];
  return fcopsCommand(drained ? [...words, '--drain'] : words, before);
};

/** The role of a host by which one of its stages is done. */
export const roleFor = (
  { rolesOf }: Pick<Pipeline, 'rolesOf'>,
  host: string,
  among: readonly DeployableRole[],
): string => {
  const roles = rolesOf(host);
  return among.find((role) => roles.includes(role)) ?? among[0] ?? 'all';
};

/** P1 tasks of a host that take sectors, and those of them that have one; null: nobody tells. */
export const p1Of = (
  { stages }: Pick<Pipeline, 'stages'>,
  host: string,
): { readonly tasks: number; readonly busy: number } | null => {
  const found = stages.PC1.hosts.find((one) => one.host === host);
  if (!found || found.workers.untold > 0) return null;
  return {
    tasks: found.workers.working.length,
    busy: Math.min(found.workers.working.length, found.running.length + found.waiting.length),
  };
};

/** `9 of its 14 P1 tasks have no sector` */
export const idleWords = (pipeline: Pick<Pipeline, 'stages'>, host: string): readonly string[] => {
  const p1 = p1Of(pipeline, host);
  if (p1 === null || p1.busy >= p1.tasks) return [];
  return [`${p1.tasks - p1.busy} of its ${count(p1.tasks, 'P1 task')} have no sector`];
};

/** `P2: the miner does not list it` */
export const outWords = ({ workers }: Pick<HostStage, 'workers'>): string =>
  workers.out.map(({ name, why }) => `${name}: ${why}`).join('; ');
