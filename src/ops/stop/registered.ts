import { again, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { SealingWorker } from '../../lotus/workers.ts';
import { isPaused } from '../../lotus/workers.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { MinerSays } from '../miner-says.ts';
import type { WorkerHost } from '../registrations.ts';
import { registrationsOf } from '../registrations.ts';
import type { Gone, StopContext } from './context.ts';
import { discounting, LOST, NOBODY, onHost } from './gone.ts';

/** Milliseconds that a worker has to register at its miner after it was started. */
const REGISTERED = 90_000;
const POLL = 3_000;

/** What the miner has of workers that were started. */
export type Registered =
  | { readonly type: 'registered'; readonly paused: readonly string[] }
  | { readonly type: 'missing'; readonly processes: readonly string[] }
  | { readonly type: 'unknown'; readonly why: string };

/** Whether these workers of a host are registered and alive, those that are `gone` not counted. */
export const registeredOf = (
  says: MinerSays,
  own: WorkerHost,
  hosts: readonly WorkerHost[],
  names: readonly string[],
  gone: ReadonlySet<string>,
): Registered => {
  const registrations = registrationsOf(says, hosts);
  const isAlive = ({ id, disabled }: SealingWorker): boolean => !disabled && !gone.has(id);
  const missing: string[] = [];
  const paused: string[] = [];
  for (const name of names) {
    const found = registrations.of(own.name, name);
    if (found.type === 'unknown' && found.onHost !== undefined) {
      // Which they are is not told: as many as there are to be are all of them.
      if (onHost(says, own).filter(isAlive).length < own.processes.length) missing.push(name);
      continue;
    }
    if (found.type === 'unknown') return { type: 'unknown', why: found.why };
    const alive = found.type === 'missing' ? [] : found.workers.filter(isAlive);
    if (alive.length === 0) missing.push(name);
    paused.push(...alive.filter(isPaused).map(({ id }) => id));
  }
  return missing.length > 0 ? { type: 'missing', processes: missing } : { type: 'registered', paused };
};

/**
 * Waits until the miner has these workers of a host, all of them where none are named, and lets them have tasks. What is
 * wrong where it has not; nothing for a host without workers, and where there is no miner to ask.
 */
export const untilRegistered = async (
  host: DeployHost,
  context: StopContext,
  named?: readonly string[],
): Promise<readonly Problem[]> => {
  const hosts = await context.workerHosts();
  const own = hosts.find(({ name }) => name === host.name);
  if (!own || context.miner.host === null) return [];
  const names = named ?? own.processes.map(({ name }) => name);
  const gone = context.gone.get(host.host) ?? NOBODY;
  const { now, signal, pause, emit } = context;
  const discounted = discounting(gone, own, hosts);
  let isTold = false;
  for (const begun = now(); ; ) {
    const says = await context.miner.says();
    const { ids, until } = discounted(says, now());
    const answer = registeredOf(says, own, hosts, names, ids);
    if (answer.type === 'registered' && (await areResumed(answer.paused, context))) return [];
    if (signal.aborted || (until === null && now() - begun >= REGISTERED))
      return [notRegistered(host.name, answer, signal.aborted)];
    if (until !== null && !isTold) emit({ type: 'waits', host: host.name, text: doubtText(gone) });
    isTold ||= until !== null;
    await pause(POLL);
  }
};

const doubtText = ({ untold }: Gone): string =>
  `it is not known whom the miner had of ${[...untold].join(', ')} before: those that it lists count when it does so ${LOST / 1000} s from now`;

const areResumed = async (
  ids: readonly string[],
  { miner }: Pick<StopContext, 'miner'>,
): Promise<boolean> => {
  if (ids.length === 0) return true;
  const told = await miner.pause('worker-resume', ids);
  return told.type === 'told' && told.failed.length === 0;
};

const WHERE_TO_LOOK = look(
  'see lotus-miner sealing workers on the miner host, and the end of the log of the worker',
);

const notRegistered = (host: string, answer: Registered, isStopped: boolean): Problem => {
  const where = { host };
  if (isStopped)
    return {
      kind: 'stopped',
      what: 'stopped, as asked, before the miner had all workers of the host',
      where,
      next: [again('run again to go on; fcops verify tells who is missing')],
    };
  switch (answer.type) {
    case 'missing': {
      const one = answer.processes.length === 1;
      return {
        kind: 'verify',
        what: `${answer.processes.join(', ')} ${one ? 'runs' : 'run'}, and the miner has not registered ${one ? 'it' : 'them'} within ${REGISTERED / 1000} s`,
        where,
        next: [WHERE_TO_LOOK],
      };
    }
    case 'registered':
      return {
        kind: 'verify',
        what: 'the miner has its workers, and does not let them have tasks: they stay paused',
        where,
        why: answer.paused.join('\n'),
        next: [WHERE_TO_LOOK],
      };
    case 'unknown':
      return {
        kind: 'unseen',
        what: 'it is not known whether the miner has its workers',
        where,
        why: answer.why,
        next: [look('see whether lotus-miner answers; fcops verify tells then who is missing')],
      };
  }
};
