import type { Problem } from '../core/problem.ts';
import { FcopsError } from '../core/problem.ts';
import { count } from '../core/units.ts';
import type { Size } from './batches.ts';
import { batchesOf, mayFail } from './batches.ts';
import type { Emit, HostResult } from './events.ts';
import { isGood } from './events.ts';
import type { Gates, Work } from './widths.ts';

/** A host on its way through a flow. What an operation keeps of it while it is under way is its own. */
export interface Traveller {
  readonly name: string;
}

/** Something that is done to hosts, as a value: which of them, how many at once, what a failure means. */
export interface Stage<Host extends Traveller> {
  readonly name: string;
  /** The kind of work, which says how many hosts are at it at the same time. */
  readonly width: Work;
  /** Whether it concerns a host; the others pass it by. Left out: all. */
  readonly concerns?: (host: Host) => boolean;
  /** Does it. A result ends the host; null: it goes on to the next stage. */
  readonly work: (host: Host) => Promise<HostResult | null>;
  /** What is done to a host that fails here, after which it ends with this result. Left out: it is left as it is. */
  readonly goBack?: (host: Host, failed: HostResult) => Promise<HostResult>;
}

/** A question that has to be answered well before a flow goes on: to a person, a clock, another host. */
export interface FlowGate<Host extends Traveller> {
  readonly name: string;
  /** Whether the flow goes on with the hosts that have come this far. */
  readonly ask: (hosts: readonly Host[]) => Promise<boolean>;
}

/**
 * An operation as a value. All hosts pass the stages `first`; then the gate is asked once; then the `rolling` stages,
 * batch by batch, each host at its own pace within its batch. After a batch its failures decide whether the next
 * one begins.
 */
export interface Flow<Host extends Traveller> {
  readonly name: string;
  readonly first: readonly Stage<Host>[];
  readonly gate?: FlowGate<Host>;
  readonly rolling: readonly Stage<Host>[];
  /** Empty: all hosts are one batch. */
  readonly batches: readonly Size[];
  /** Hosts that may fail in the rolling stages before no further batch begins. */
  readonly maxFail: Size;
}

/** What the runner of flows takes from outside. */
export interface FlowDeps<Host extends Traveller> {
  readonly gates: Gates;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** A host that has ended: nothing of it is needed any more. */
  readonly release: (host: Host) => Promise<void>;
  /** The result of a host that was not come to, or of which something went wrong that no stage knows of. */
  readonly failed: (host: Host, state: 'failed' | 'stopped', problems: readonly Problem[]) => HostResult;
  /** Keeps what is known of a mistake of fcops' own where it can be sent from, and says so. */
  readonly defect: (error: unknown, host: string) => Problem;
  /** Runs the parts one after the other; who shows stages may do it itself. */
  readonly inOrder?: (parts: readonly FlowPart[]) => Promise<void>;
}

/** A part of a flow that is run as a whole, with the names of its stages. */
export interface FlowPart {
  readonly stages: readonly string[];
  readonly run: () => Promise<void>;
}

/** How a flow ended: the gate did not open, or with a result a host, in the order of the hosts. */
export type FlowEnd =
  | { readonly state: 'closed' }
  | { readonly state: 'ended'; readonly results: readonly HostResult[] };

/**
 * Runs a flow. One host's trouble is that host's result, defects of fcops' own included: the others go on. Rejects
 * only where the gate does, with all hosts released.
 */
export const runFlow = async <Host extends Traveller>(
  flow: Flow<Host>,
  hosts: readonly Host[],
  deps: FlowDeps<Host>,
): Promise<FlowEnd> => {
  const run = new FlowRun(flow, hosts, deps);
  const parts: FlowPart[] = [
    { stages: flow.first.map(({ name }) => name), run: () => run.first() },
    ...(flow.gate ? [{ stages: [flow.gate.name], run: () => run.gate() }] : []),
    { stages: flow.rolling.map(({ name }) => name), run: () => run.batches() },
  ];
  try {
    await (deps.inOrder ?? oneByOne)(parts);
  } catch (error) {
    await run.abandon();
    throw error;
  }
  return run.end();
};

const oneByOne = async (parts: readonly FlowPart[]): Promise<void> => {
  for (const { run } of parts) await run();
};

/** One execution of a flow: who has ended, and how. */
class FlowRun<Host extends Traveller> {
  readonly #flow: Flow<Host>;
  readonly #hosts: readonly Host[];
  readonly #deps: FlowDeps<Host>;
  readonly #results = new Map<Host, HostResult>();
  #closed = false;

  constructor(flow: Flow<Host>, hosts: readonly Host[], deps: FlowDeps<Host>) {
    this.#flow = flow;
    this.#hosts = hosts;
    this.#deps = deps;
  }

  async first(): Promise<void> {
    await this.#pass(this.#hosts, this.#flow.first);
  }

  async gate(): Promise<void> {
    const { gate } = this.#flow;
    const waiting = this.#waiting(this.#hosts);
    if (gate && waiting.length > 0 && !(await gate.ask(waiting))) {
      this.#closed = true;
      await this.#release(waiting);
    }
    if (gate) this.#deps.emit({ type: 'stage-end', stage: gate.name });
  }

  async batches(): Promise<void> {
    const { batches: sizes, maxFail, rolling } = this.#flow;
    if (rolling.length === 0) return;
    const waiting = this.#closed ? [] : this.#waiting(this.#hosts);
    const batches = batchesOf(waiting, sizes);
    const allowed = mayFail(maxFail, waiting.length);
    const failed: Host[] = [];
    for (const [index, batch] of batches.entries()) {
      const at = { batch: index + 1, batches: batches.length };
      this.#deps.emit({ type: 'batch-begin', ...at, hosts: batch.map(({ name }) => name) });
      await this.#pass(batch, rolling, batches.length === 1);
      const bad = batch.filter((host) => !this.#isGood(host));
      failed.push(...bad);
      const last = index + 1 === batches.length;
      const goesOn = !last && failed.length <= allowed && !this.#deps.signal.aborted;
      const why = this.#verdict(failed.length, waiting.length, allowed);
      this.#deps.emit({ type: 'batch-end', ...at, failed: bad.map(({ name }) => name), goesOn, why });
      if (last || goesOn) continue;
      for (const host of batches.slice(index + 1).flat()) await this.#leaveOut(host, why);
      break;
    }
    if (batches.length !== 1)
      for (const { name } of rolling) this.#deps.emit({ type: 'stage-end', stage: name });
  }

  /** Lets go of the hosts that have not ended. */
  async abandon(): Promise<void> {
    await this.#release(this.#waiting(this.#hosts));
  }

  end(): FlowEnd {
    if (this.#closed) return { state: 'closed' };
    return { state: 'ended', results: this.#hosts.flatMap((host) => this.#results.get(host) ?? []) };
  }

  #waiting(hosts: readonly Host[]): Host[] {
    return hosts.filter((host) => !this.#results.has(host));
  }

  #isGood(host: Host): boolean {
    const result = this.#results.get(host);
    return result === undefined || isGood(result);
  }

  #verdict(failed: number, all: number, allowed: number): string {
    if (this.#deps.signal.aborted) return 'interrupted';
    if (failed === 0) return 'no host failed';
    const of = `${failed} of ${count(all, 'host')} failed`;
    return failed <= allowed
      ? `${of}, ${allowed} may`
      : `${of}, ${allowed === 0 ? 'none' : `only ${allowed}`} may`;
  }

  async #leaveOut(host: Host, why: string): Promise<void> {
    await this.#settle(
      host,
      this.#deps.failed(host, 'stopped', [
        {
          kind: 'stopped',
          what: 'not begun; nothing was done to it',
          where: { host: host.name },
          why,
          next: [{ type: 'again', text: 'run again to do it' }],
        },
      ]),
    );
  }

  /** All hosts go through the stages, each at its own pace. */
  async #pass(hosts: readonly Host[], stages: readonly Stage<Host>[], all = true): Promise<void> {
    const left = stages.map(() => hosts.length);
    const passed = (index: number) => {
      left[index] = (left[index] ?? 0) - 1;
      const stage = stages[index];
      if (all && stage && left[index] === 0) this.#deps.emit({ type: 'stage-end', stage: stage.name });
    };
    await Promise.all(
      hosts.map(async (host) => {
        for (const [index, stage] of stages.entries()) {
          if (!this.#results.has(host) && (stage.concerns?.(host) ?? true)) await this.#at(host, stage);
          passed(index);
        }
      }),
    );
  }

  async #at(host: Host, stage: Stage<Host>): Promise<void> {
    const leave = await this.#deps.gates[stage.width].enter(new AbortController().signal);
    try {
      const result = await this.#tried(host, () => stage.work(host));
      if (!result) return;
      const back = stage.goBack;
      const final =
        back && !isGood(result) ? await this.#tried(host, () => back(host, result), result.problems) : result;
      await this.#settle(host, final ?? result);
    } finally {
      leave();
    }
  }

  /** Whatever goes wrong with one host ends as its result, after what had gone wrong before. */
  async #tried(
    host: Host,
    work: () => Promise<HostResult | null>,
    before: readonly Problem[] = [],
  ): Promise<HostResult | null> {
    try {
      return await work();
    } catch (error) {
      const problems = error instanceof FcopsError ? error.problems : [this.#deps.defect(error, host.name)];
      return this.#deps.failed(host, 'failed', [...before, ...problems]);
    }
  }

  async #settle(host: Host, result: HostResult): Promise<void> {
    this.#results.set(host, result);
    this.#deps.emit({ type: 'host-end', result });
    await this.#release([host]);
  }

  /** A host that cannot be let go changes nothing for the others, and its own result stands. */
  async #release(hosts: readonly Host[]): Promise<void> {
    const release = async (host: Host) => {
      try {
        await this.#deps.release(host);
      } catch (error) {
        this.#deps.defect(error, host.name);
      }
    };
    await Promise.all(hosts.map(release));
  }
}
