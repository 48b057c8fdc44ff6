import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import { theMinerHost } from '../backups/miner-host.ts';
import type { ChangeDeps } from '../deps.ts';
import { interrupted } from '../interruptible.ts';
import type { RoleHosts } from '../role-work.ts';
import { roleWork } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { Selection, Sources } from '../sources.ts';
import { Bootstrap, type BootstrapDeps } from './bootstrap.ts';
import type { BootstrapEvent, Bootstrapped } from './events.ts';
import type { SetupFlow } from './flow.ts';
import { SETUP } from './flow.ts';
import type { Setup } from './setup.ts';

export interface BootstrapRequest extends Selection {
  /** Only look. */
  readonly check: boolean;
  /** Name of the host where a snapshot may be imported over the chain that is there. */
  readonly importOver?: string | undefined;
}

/** The miner host that a request is about, with what it is set up with. */
export interface BootstrapHost {
  readonly hosts: RoleHosts;
  readonly setup: Setup;
}

const REQUEST = { role: 'miner', tags: ['config'], start: false } as const;

/** Finds the one miner host. Throws an FcopsError where there is none, or more than one. */
export const bootstrapHost = (sources: Sources, request: BootstrapRequest): BootstrapHost => {
  const { miner, limit, importOver } = request;
  const { hosts, host } = theMinerHost(sources, { miner, limit }, 'a miner is set up on one host');
  if (importOver !== undefined && importOver !== host.name)
    throw new FcopsError({
      kind: 'usage',
      what: `--import-over confirms by name what happens to ${host.name}, and says ${importOver}; nothing was done`,
      next: [edit(`where the chain of ${host.name} is to be imported over: --import-over ${host.name}`)],
    });
  return { hosts, setup: { cluster: hosts.cluster, host, importOver: importOver !== undefined } };
};

export interface BootstrapHooks {
  readonly targetOf: (host: Host) => Target;
  readonly confirm: BootstrapDeps['confirm'];
  readonly emit: (event: BootstrapEvent) => void;
}

/** What of the world a set-up takes. */
export type BootstrapWorld = Pick<
  ChangeDeps,
  'connect' | 'now' | 'date' | 'random' | 'after' | 'signal' | 'who'
>;

/**
 * Sets up the miner of a cluster, or goes on with that. When the signal fires it leaves: what is at work on the host
 * goes on there, and the next call takes it up.
 */
export const bootstrapMiner = async (
  { hosts, setup }: BootstrapHost,
  request: BootstrapRequest,
  { targetOf, confirm, emit }: BootstrapHooks,
  world: BootstrapWorld,
  flow: SetupFlow = SETUP,
): Promise<Bootstrapped> => {
  const { signal, now, date, random, who } = world;
  const timers = new Timers(world.after);
  const session = sessionOf(targetOf(setup.host), hosts, {
    connect: (target, given, onAsked) =>
      timers.stopped ? Promise.reject(interrupted()) : world.connect(target, given, onAsked),
    now,
    after: timers.after,
    emit: (event) => told(event),
    // A step that is at work is not asked to stop: it is left, and goes on.
    signal: new AbortController().signal,
  });
  const bootstrap = new Bootstrap(
    setup,
    hosts,
    {
      session,
      emit: (event) => {
        if (!timers.stopped) emit(event);
      },
      now,
      date,
      random,
      who,
      pause: (ms) => new Promise((resolve) => void timers.after(ms, resolve)),
      confirm,
      configTasks: async (program) => {
        const work = await roleWork(hosts, REQUEST);
        return work.tasksOf(setup.host).filter(({ name }) => name === `configuration of ${program}`);
      },
    },
    flow,
  );
  const told = (event: RunEvent): void => {
    const { at } = bootstrap;
    const host = setup.host.name;
    if (event.type === 'reconnect' && !timers.stopped)
      emit({ type: 'reconnect', host, attempt: event.attempt });
    if (event.type === 'step-output' && at && !timers.stopped)
      emit({ type: 'step-output', host, step: at.step, line: event.line });
  };
  const end = (result: Bootstrapped): Bootstrapped => {
    emit({ type: 'end', host: setup.host.name, result });
    return result;
  };
  try {
    return end(await untilAborted(bootstrap.run(request.check), signal));
  } catch (error) {
    if (!signal.aborted) throw error;
    const { at } = bootstrap;
    return end({ state: 'left', step: at?.step ?? null, goesOn: at?.goesOn ?? false });
  } finally {
    timers.stop();
    await session.close();
  }
};

/** The work, or the end of waiting for it. */
const untilAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = () => reject(interrupted());
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });

/** Timers that end together: a callback that never comes keeps no process alive, and nothing is tried any more. */
class Timers {
  readonly #after: BootstrapWorld['after'];
  readonly #pending = new Set<() => void>();
  stopped = false;

  constructor(after: BootstrapWorld['after']) {
    this.#after = after;
  }

  readonly after: BootstrapWorld['after'] = (ms, callback) => {
    if (this.stopped) return () => {};
    const cancel = this.#after(ms, () => {
      this.#pending.delete(stop);
      callback();
    });
    const stop = () => {
      this.#pending.delete(stop);
      cancel();
    };
    this.#pending.add(stop);
    return stop;
  };

  stop(): void {
    this.stopped = true;
    for (const cancel of [...this.#pending]) cancel();
  }
}
