import type { Problem } from '../core/problem.ts';
import { FcopsError } from '../core/problem.ts';
import { count } from '../core/units.ts';
import { batchesOf, mayFail } from './batches.ts';
import type { HostResult } from './events.ts';
import { isGood } from './events.ts';
import type { Flow, FlowDeps, FlowEnd, FlowPart, Leg, Stage, Traveller } from './flow.ts';
import { stagesOf } from './flow.ts';

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
  try {
    await (deps.inOrder ?? oneByOne)(partsOf(flow, run));
  } catch (error) {
    await run.abandon();
    throw error;
  }
  return run.end();
};

/** A flow of one leg is shown part by part; of several, which have stages in common, as a whole. */
const partsOf = <Host extends Traveller>({ legs }: Flow<Host>, run: FlowRun<Host>): readonly FlowPart[] => {
  const [leg, second] = legs;
  if (!leg) return [];
  if (second) {
    const runAll = async () => {
      for (const one of legs) for (const part of partsOfLeg(one, run)) await part.run();
    };
    return [{ stages: [...new Set(legs.flatMap(stagesOf))], run: runAll }];
  }
  return partsOfLeg(leg, run);
};

const partsOfLeg = <Host extends Traveller>(leg: Leg<Host>, run: FlowRun<Host>): FlowPart[] => [
  { stages: leg.first.map(({ name }) => name), run: () => run.first(leg) },
  ...(leg.gate ? [{ stages: [leg.gate.name], run: () => run.gate(leg) }] : []),
  { stages: leg.rolling.map(({ name }) => name), run: () => run.batches(leg) },
];

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

  async first(leg: Leg<Host>): Promise<void> {
    await this.#pass(this.#waitingIn(leg), leg.first, leg);
  }

  async gate(leg: Leg<Host>): Promise<void> {
    const { gate } = leg;
    const waiting = this.#waitingIn(leg);
    const answer = gate && waiting.length > 0 ? await gate.ask(waiting) : true;
    if (answer !== true) await this.#shut(waiting, answer);
    if (gate) this.#stageEnd(gate.name, leg);
  }

  async batches(leg: Leg<Host>): Promise<void> {
    const { maxFail } = this.#flow;
    const { rolling, batches: sizes = this.#flow.batches } = leg;
    const waiting = this.#waitingIn(leg);
    const batches = rolling.length === 0 ? [] : batchesOf(waiting, sizes);
    const allowed = mayFail(maxFail, waiting.length);
    const failed: Host[] = [];
    for (const [index, batch] of batches.entries()) {
      const at = { batch: index + 1, batches: batches.length };
      this.#deps.batchBegins?.(batch);
      this.#deps.emit({ type: 'batch-begin', ...at, hosts: batch.map(({ name }) => name) });
      await this.#pass(batch, rolling, batches.length === 1 ? leg : null);
      const bad = batch.filter((host) => !this.#isGood(host));
      failed.push(...bad);
      const last = index + 1 === batches.length;
      const goesOn = !last && failed.length <= allowed && !this.#deps.signal.aborted;
      const why = this.#verdict(failed.length, waiting.length, allowed);
      this.#deps.emit({ type: 'batch-end', ...at, failed: bad.map(({ name }) => name), goesOn, why });
      if (last || goesOn) continue;
      for (const host of batches.slice(index + 1).flat()) await this.#leaveOut(host, why, leg.notBegun);
      break;
    }
    if (batches.length !== 1) for (const { name } of rolling) this.#stageEnd(name, leg);
    await this.#decide(leg);
  }

  /** Lets go of the hosts that have not ended. */
  async abandon(): Promise<void> {
    await this.#release(this.#waiting(this.#hosts));
  }

  end(): FlowEnd {
    if (this.#closed) return { state: 'closed' };
    return { state: 'ended', results: this.#hosts.flatMap((host) => this.#results.get(host) ?? []) };
  }

  /** Whether hosts of legs after this one are come to: what failed in it decides. */
  async #decide(leg: Leg<Host>): Promise<void> {
    const { legs, maxFail } = this.#flow;
    const left = this.#waiting(this.#hosts);
    if (this.#closed || left.length === 0 || leg === legs.at(-1)) return;
    const own = this.#hosts.filter((host) => leg.concerns?.(host) ?? true);
    const bad = own.filter((host) => !this.#isGood(host)).length;
    const allowed = mayFail(maxFail, own.length);
    if ((bad <= allowed || leg.decides === false) && !this.#deps.signal.aborted) return;
    const why = this.#verdict(bad, own.length, allowed);
    for (const host of left) await this.#leaveOut(host, why, leg.notBegun);
  }

  /** A gate that does not open ends a flow of which nothing was done; later on, the hosts that it is about. */
  async #shut(waiting: readonly Host[], why: string): Promise<void> {
    this.#closed = [...this.#results.values()].every(
      ({ state, changed }) => state !== 'changed' && changed === 0,
    );
    if (this.#closed) await this.abandon();
    else for (const host of waiting) await this.#leaveOut(host, why);
  }

  /** Hosts of a leg that have not ended. */
  #waitingIn({ concerns }: Leg<Host>): Host[] {
    if (this.#closed) return [];
    return this.#waiting(this.#hosts).filter((host) => concerns?.(host) ?? true);
  }

  /** Said when no host of a later leg will be at it either. */
  #stageEnd(stage: string, leg: Leg<Host>): void {
    const { legs } = this.#flow;
    const comes = legs.slice(legs.indexOf(leg) + 1).some((later) => stagesOf(later).includes(stage));
    if (!comes) this.#deps.emit({ type: 'stage-end', stage });
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

  async #leaveOut(host: Host, why: string, what = 'not begun; nothing was done to it'): Promise<void> {
    await this.#settle(
      host,
      this.#deps.failed(host, 'stopped', [
        {
          kind: 'stopped',
          what,
          where: { host: host.name },
          why,
          next: [{ type: 'again', text: 'run again to do it' }],
        },
      ]),
    );
  }

  /** All hosts go through the stages, each at its own pace; `all`: of a leg, no other of its hosts will be at them. */
  async #pass(hosts: readonly Host[], stages: readonly Stage<Host>[], all: Leg<Host> | null): Promise<void> {
    const left = stages.map(() => hosts.length);
    const passed = (index: number) => {
      left[index] = (left[index] ?? 0) - 1;
      const stage = stages[index];
      if (all && stage && left[index] === 0) this.#stageEnd(stage.name, all);
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
    const failed = await this.#worked(host, stage);
    const { goBack } = stage;
    if (!failed || !goBack) return;
    const final = await this.#tried(host, () => goBack(host, failed), failed.problems);
    await this.#settle(host, final ?? failed);
  }

  /**
   * The result of a host that has to go back, when it has left its place here: it may wait for its turn to start, which
   * others have that wait for a place.
   */
  async #worked(host: Host, stage: Stage<Host>): Promise<HostResult | null> {
    const gate = stage.width === null ? null : this.#deps.gates[stage.width];
    const leave = await gate?.enter(new AbortController().signal);
    try {
      const result = await this.#tried(host, () => stage.work(host));
      if (result && stage.goBack && !isGood(result)) return result;
      if (result) await this.#settle(host, result);
      return null;
    } finally {
      leave?.();
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
