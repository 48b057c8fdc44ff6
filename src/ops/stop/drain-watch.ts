import { FcopsError } from '../../core/problem.ts';
import type { HostResult } from '../../engine/events.ts';
import type { WorkOfProcesses } from '../../resources/process/at-work.ts';
import { mayLose } from '../../resources/process/at-work.ts';
import { runningOf } from '../../resources/process/look.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { MinerSays } from '../miner-says.ts';
import type { WorkerHost } from '../registrations.ts';
import { registrationsOf } from '../registrations.ts';
import type { AtRisk } from './at-risk.ts';
import { isWaitedFor } from './at-risk.ts';
import type { StopContext } from './context.ts';
import { brokenOff, ownOf, pauseListed } from './paused-workers.ts';
import { givenUp, isUnknown, SILENT, teller } from './waiting.ts';
import { workOf } from './work-at-miner.ts';

/** That it goes no further. */
interface Over {
  readonly over: HostResult;
}

/**
 * Waits for the ends of tasks of a host whose workers are paused, question by question to the miner. One that is started
 * anew meanwhile has forgotten whom it was told to pause, and lists who is at a task only when that has ended.
 */
export class DrainWatch {
  readonly #host: DeployHost;
  readonly #context: StopContext;
  readonly #begun: number;
  readonly #tell: (left: readonly AtRisk[]) => void;
  #isSame = true;
  #left: readonly AtRisk[] = [];
  #missing: readonly string[] = [];
  /** Those that ran no more when their host was looked at, and that the miner has not listed since. */
  #ended: readonly string[] = [];
  #silent = 0;
  #unlisted = 0;

  constructor(host: DeployHost, context: StopContext) {
    this.#host = host;
    this.#context = context;
    this.#begun = context.now();
    this.#tell = teller(host, context);
  }

  /** Those of some workers that are at something, or may be. Whoever has come back to the miner is paused again. */
  async ask(names: readonly string[]): Promise<Over | { readonly left: readonly AtRisk[] }> {
    const [host, context] = [this.#host, this.#context];
    const [own, hosts] = await ownOf(host, context);
    const says = await context.miner.says();
    const isTold = says.workers.type === 'understood';
    // They have been paused just now.
    if (isTold && context.now() > this.#begun) {
      const refused = await pauseListed(host, { names, says, isSame: this.#isSame }, context);
      if (refused) return { over: refused };
    }
    this.#isSame = isTold;
    const all = stillAtWork(names, workOf(says, own, hosts), context);
    const unlisted = missingOf(all, says, own, hosts);
    this.#ended = this.#ended.filter((name) => unlisted.includes(name));
    const left = all.filter(({ process }) => !this.#ended.includes(process));
    const missing = unlisted.filter((name) => !this.#ended.includes(name));
    const isSilent = isUnknown(left.filter(({ process }) => !missing.includes(process)));
    this.#silent = isSilent ? this.#silent + 1 : 0;
    this.#unlisted = missing.length > 0 ? this.#unlisted + 1 : 0;
    [this.#left, this.#missing] = [left, missing];
    return { left };
  }

  /**
   * Tells what is waited for, as the last answer has it. `ended`: those that the miner does not list, and that are seen not to
   * run; their host is looked at for that from time to time. They are waited for no longer.
   */
  async wait(): Promise<Over | { readonly ended: readonly string[] }> {
    const [host, context, left] = [this.#host, this.#context, this.#left];
    const waited = context.now() - this.#begun;
    const given = givenUp(host, left, { silent: this.#silent, waited }, context);
    if (given) return { over: await brokenOff(host, context, [given]) };
    this.#tell(left);
    const ended = this.#unlisted % SILENT === 0 ? await endedOf(host, this.#missing, context) : [];
    this.#ended = [...this.#ended, ...ended];
    return { ended };
  }
}

/**
 * Those that a miner which tells its workers does not list. As long as one runs it may be at a task that it had begun before
 * the miner was started anew, and comes back with its end.
 */
const missingOf = (
  left: readonly AtRisk[],
  says: MinerSays,
  own: WorkerHost,
  hosts: readonly WorkerHost[],
): readonly string[] => {
  const registrations = registrationsOf(says, hosts);
  return left.flatMap(({ process }) =>
    registrations.of(own.name, process).type === 'missing' ? [process] : [],
  );
};

/** Those of some processes that run no more, as their host tells; none where it cannot be looked at. */
const endedOf = async (
  host: DeployHost,
  names: readonly string[],
  context: StopContext,
): Promise<readonly string[]> => {
  if (names.length === 0) return [];
  try {
    const work = await context.work();
    const { seen } = await host.session.look(work.tasksOf(host.host));
    return work
      .processesOf(host.host)
      .filter(({ name, repository }) => names.includes(name) && runningOf(seen, repository)?.length === 0)
      .map(({ name }) => name);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FcopsError)) throw error;
    return [];
  } finally {
    await host.session.close();
  }
};

/** Those of some processes that have something to be waited for. */
const stillAtWork = (
  names: readonly string[],
  work: WorkOfProcesses,
  { mode: { drain, loseTasks } }: StopContext,
): readonly AtRisk[] =>
  names.flatMap((process): AtRisk[] => {
    const one = work.get(process);
    if (!mayLose(one)) return [];
    if (one.type === 'unknown') return loseTasks ? [] : [{ process, work: one }];
    const tasks = one.tasks.filter((task) => isWaitedFor(task, drain));
    return tasks.length === 0 ? [] : [{ process, work: { type: 'tasks', tasks } }];
  });
