import type { Problem } from '../../core/problem.ts';
import type { Session } from '../../engine/session.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import type { MinerSays } from '../miner-says.ts';
import { askMiner, unasked } from '../miner-says.ts';
import type { RoleHosts } from '../role-work.ts';
import { isMiner } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { PauseCommand, Paused } from './pause.ts';
import { pauseQuery } from './pause.ts';

/** Milliseconds that an answer of the miner is good for: many hosts ask at once. */
const FRESH = 2_000;

export const NO_MINER: Problem = {
  kind: 'unseen',
  what: 'no host of the cluster file has the role miner, so nobody can be asked',
};

/** The miner of a cluster, as those who stop workers ask it; it connects when it is first asked. */
export class Miner {
  /** Its host; null where the cluster file has none. */
  readonly host: Host | null;
  readonly #session: Session | null;
  readonly #now: () => number;
  #asked: { readonly at: number; readonly says: Promise<MinerSays> } | null = null;
  #isAnew = false;

  constructor(
    hosts: RoleHosts,
    targetOf: (host: Host) => Target,
    deps: Pick<OpsDeps, 'connect' | 'now' | 'after' | 'emit' | 'signal'>,
  ) {
    this.host = hosts.cluster.hosts.find(isMiner) ?? null;
    this.#session = this.host && sessionOf(targetOf(this.host), hosts, deps);
    this.#now = deps.now;
  }

  /** Whether it was started anew since, as far as is known: it lists a worker that was at a task only when that has ended. */
  get isAnew(): boolean {
    return this.#isAnew;
  }

  /** It is ended, or was by a run that is taken up. */
  isEnded(): void {
    this.#isAnew = true;
  }

  /** What it says of workers and tasks at this moment. */
  says(): Promise<MinerSays> {
    const session = this.#session;
    if (session === null) return Promise.resolve(unasked([NO_MINER]));
    const now = this.#now();
    if (this.#asked && now - this.#asked.at < FRESH) return this.#asked.says;
    const says = askMiner(session);
    this.#asked = { at: now, says };
    return says;
  }

  /** Keeps workers from new tasks, or lets them have them again. Rejects where the host cannot be asked. */
  async pause(command: PauseCommand, ids: readonly string[], kind = 'all'): Promise<Paused> {
    if (this.#session === null) return { type: 'none', why: NO_MINER.what };
    if (ids.length === 0) return { type: 'told', did: [], failed: [] };
    return this.#session.ask(pauseQuery(command, ids, kind));
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }
}
