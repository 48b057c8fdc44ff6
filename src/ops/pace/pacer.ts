import { pause } from '../pause.ts';
import type { Schedule, Starting, StartRate } from './schedule.ts';
import { scheduleStarts } from './schedule.ts';

/** What a pacer takes from outside. */
export interface PacerDeps extends StartRate {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly host: string;
  readonly go: (lane: number) => void;
}

/** Milliseconds by which who has a turn may be late: what the host is asked before takes that long. */
const LATE = 1500;

/**
 * Gives the hosts of a run their turns to start processes, so that all of them together keep to the rate: a host gets a
 * lane when one is free, and has it until it is done or has failed. Times are those of this machine.
 */
export class Pacer {
  readonly #deps: PacerDeps;
  /** Of the batch that is at work. */
  #at: Schedule | null = null;
  /** Of the one that has begun, and of which no host has asked for its turn. */
  #next: Schedule | null = null;
  /** When the turns of the first lane are counted from. */
  #origin = 0;
  readonly #lanes = new Map<string, number>();
  /** When a lane was left last: its turn of that time is used. */
  readonly #left = new Map<number, number>();
  #waiting: readonly Waiting[] = [];

  constructor(deps: PacerDeps) {
    this.#deps = deps;
  }

  /** Told what the hosts of a batch will start, when it begins: all of the one before have ended. */
  begin(batch: readonly Starting[]): void {
    if (batch.length > 0) this.#next = scheduleStarts(batch, this.#deps);
  }

  /** Waits until a host may begin with its starts. False: somebody interrupted. */
  async lane(host: string): Promise<boolean> {
    if (this.#deps.signal.aborted) return false;
    if (this.#lanes.has(host)) return true;
    this.#enter();
    const free = this.#freeLane();
    const lane = free ?? (await this.#untilFree(host));
    if (lane === null) return false;
    this.#lanes.set(host, lane);
    return true;
  }

  /** Whether a host would have to wait for others now. */
  mustWait(host: string): boolean {
    this.#enter();
    return !this.#lanes.has(host) && this.#freeLane() === null;
  }

  /** How many hosts may start at the same time, as things are. */
  get atOnce(): number {
    return this.#at?.lanes ?? 1;
  }

  /** Milliseconds until the next turn of a host; 0 where it is now. */
  untilTurn(host: string): number {
    const { slot, every } = this.#schedule;
    const lane = this.#lanes.get(host) ?? 0;
    const now = this.#deps.now();
    const passed = now - this.#origin - lane * slot * 10;
    if (passed < 0) return -passed;
    const late = passed % (every * 10);
    const isUsed = now - late <= (this.#left.get(lane) ?? Number.NEGATIVE_INFINITY);
    return late <= LATE && !isUsed ? 0 : every * 10 - late;
  }

  /** Waits until a host that has its lane has its turn. False: somebody interrupted. */
  async turn(host: string): Promise<boolean> {
    const { signal } = this.#deps;
    const ms = this.untilTurn(host);
    if (ms > 0) await pause(ms, this.#deps);
    return !signal.aborted;
  }

  /** Hundredths of a second from one turn of a host to the next. */
  get every(): number {
    return this.#schedule.every;
  }

  /** A host that has started all, or has ended otherwise: its turns are another's. */
  release(host: string): void {
    const lane = this.#lanes.get(host);
    if (lane === undefined) return;
    this.#lanes.delete(host);
    this.#left.set(lane, this.#deps.now());
    const [next, ...others] = this.#waiting;
    this.#waiting = others;
    next?.go(lane);
  }

  get #schedule(): Schedule {
    return this.#at ?? scheduleStarts([], this.#deps);
  }

  /** The batch that has begun becomes the one at work; hosts of which nobody was told go one after the other. */
  #enter(): void {
    const next = this.#next ?? (this.#at === null ? scheduleStarts([], this.#deps) : null);
    if (next === null) return;
    const slot = (this.#at?.slot ?? 0) * 10;
    this.#at = next;
    this.#next = null;
    this.#left.clear();
    this.#origin = this.#deps.now() + slot;
  }

  #freeLane(): number | null {
    const taken = new Set(this.#lanes.values());
    for (let lane = 0; lane < this.atOnce; lane++) if (!taken.has(lane)) return lane;
    return null;
  }

  /** In the order in which the schedule has them. */
  #untilFree(host: string): Promise<number | null> {
    const { signal } = this.#deps;
    const firstOf = ({ host: name }: Waiting) =>
      this.#schedule.turns.find((turns) => turns.host === name)?.times[0] ?? Number.POSITIVE_INFINITY;
    return new Promise((resolve) => {
      const one: Waiting = {
        host,
        go: (lane) => {
          signal.removeEventListener('abort', leave);
          // Its own at once: who asks next must not be given it as well.
          this.#lanes.set(host, lane);
          resolve(lane);
        },
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== one);
        resolve(null);
      };
      this.#waiting = [...this.#waiting, one].toSorted((a, b) => firstOf(a) - firstOf(b));
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
