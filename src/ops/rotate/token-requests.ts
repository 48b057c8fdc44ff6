import type { HostResult } from '../../engine/events.ts';
import { isGood } from '../../engine/events.ts';
import type { Transport } from '../../transport/connect.ts';
import type { DeployRequest } from '../deploy-request.ts';
import { isMiner, roleHosts } from '../role-work.ts';
import type { Selection, Sources } from '../sources.ts';
import { limitOf } from '../sources.ts';
import type { StopRequest } from '../stop/begin.ts';

/** What a rotation of the token of a miner's API is asked for. */
export interface RotateRequest extends Selection {
  readonly processes?: readonly string[];
  /** Seconds after which a process that has not ended is killed; none is where it is left out. */
  readonly killAfter?: number;
  readonly preflight?: boolean;
  readonly stop: Pick<StopRequest, 'loseTasks' | 'drainTimeout'>;
  readonly transport: Transport;
}

/** The two runs that a rotation is. */
export interface TokenRequests {
  /** Brings the token into the profiles of the workers' hosts. */
  readonly profiles: DeployRequest;
  /** Restarts what still runs with another one, in the order in which it falls idle. */
  readonly workers: DeployRequest;
}

/**
 * A rotation as two requests about the hosts of workers. Nothing is remembered between them: what is left is seen on the
 * hosts, and a second rotation goes on. Throws where no host is meant.
 */
export const tokenRequests = (sources: Sources, request: RotateRequest): TokenRequests => {
  const { miner, processes, killAfter, preflight, stop, transport } = request;
  const common = {
    role: 'all',
    miner,
    limit: workersIn(sources, request),
    batches: [],
    maxFail: { hosts: 0 },
    transport,
  };
  return {
    profiles: { ...common, tags: ['profile'], start: false },
    workers: {
      ...common,
      operation: 'restart',
      tags: [],
      start: true,
      otherToken: true,
      ...(preflight === false && { preflight: false }),
      ...(processes && { processes }),
      ...(killAfter !== undefined && { killAfter }),
      stop: { ...stop, drain: 'all', each: true },
    },
  };
};

/** The hosts that are meant but for the miner, as --limit has them. */
const workersIn = (sources: Sources, { miner, limit }: Selection): string => {
  const { cluster } = roleHosts(sources, { role: 'all', miner, limit, tags: [], start: false });
  const chosen = limit === undefined ? 'all' : limitOf(limit);
  return cluster.hosts.some(isMiner) ? `${chosen},!miner` : chosen;
};

/**
 * The same for the hosts that have the profile by now: who is started with one of before has the token of before. Null:
 * none has.
 */
export const onReadyHosts = (
  workers: DeployRequest,
  results: readonly Pick<HostResult, 'host' | 'state'>[],
): DeployRequest | null => {
  const ready = results.filter(isGood);
  if (ready.length === 0) return null;
  return ready.length === results.length
    ? workers
    : { ...workers, limit: ready.map(({ host }) => host).join(',') };
};
