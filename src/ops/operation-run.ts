import type { LockHolder, Problem } from '../core/problem.ts';
import type { Emit, HostResult } from '../engine/events.ts';
import { isGood } from '../engine/events.ts';
import type { Flow, FlowDeps, FlowEnd } from '../engine/flow.ts';
import { stagesOf } from '../engine/flow.ts';
import type { HostPlan } from '../engine/plan.ts';
import { warningsOf } from '../engine/plan.ts';
import { runFlow } from '../engine/run-flow.ts';
import type { RunJournal } from '../engine/runs/journal.ts';
import type { RunResult } from '../engine/runs/record.ts';
import type { Gates } from '../engine/widths.ts';
import { gatesOf } from '../engine/widths.ts';
import type { DeployHooks } from './deploy-hooks.ts';
import type { DeployHost } from './deploy-host.ts';
import { deployJournal } from './deploy-journal.ts';
import type { DeployRequest } from './deploy-request.ts';
import { repeatsAll } from './deploy-request.ts';
import type { ChangeDeps } from './deps.ts';
import { interruptible } from './interruptible.ts';
import type { RoleHosts } from './role-work.ts';
import { runName, stamp } from './run-name.ts';
import type { Sources } from './sources.ts';
import { deployHosts, flowDeps, plannedHost } from './travellers.ts';
import type { VersionHosts } from './upgrade/versions.ts';

/** How an operation ended: declined before anything was done, or with a result a host. */
export type Deployed =
  | { readonly state: 'declined'; readonly run: string }
  | {
      readonly state: 'ended';
      readonly run: string;
      readonly hosts: readonly DeployedHost[];
      /** Of an upgrade: who is on which version now. */
      readonly versions: readonly VersionHosts[];
      /** What went wrong besides the hosts: the inventory could not be told of their versions. */
      readonly problems: readonly Problem[];
    };

export interface DeployedHost {
  readonly result: HostResult;
  /** Failed checks that stopped nothing. */
  readonly warnings: readonly string[];
}

/** What an operation is about. */
interface About {
  readonly sources: Sources;
  readonly hosts: RoleHosts;
  readonly request: DeployRequest;
  readonly hooks: DeployHooks;
  /** The run that it takes up. */
  readonly resumes: string | undefined;
  /** The run that it undoes. */
  readonly undoes?: string;
}

/** What an operation does besides its flow. */
export interface Beside {
  /** Before the first stage. */
  readonly prepare?: () => Promise<void>;
  /** Lets go of a host that has ended; left out: its session ends. */
  readonly release?: FlowDeps<DeployHost>['release'];
  /** Told of the hosts of a batch before the first of them begins. */
  readonly batchBegins?: FlowDeps<DeployHost>['batchBegins'];
  /** After the last one, whatever came of it. */
  readonly close?: () => Promise<void>;
  readonly versions?: (() => readonly VersionHosts[]) | undefined;
  readonly problems?: (() => readonly Problem[]) | undefined;
}

/** One execution of an operation that changes hosts, from its name to its result, under its journal. */
export class OperationRun {
  readonly run: string;
  readonly holder: LockHolder;
  readonly gates: Gates;
  /** With events that go into the journal too. */
  readonly deps: ChangeDeps;
  readonly travellers: readonly DeployHost[];
  readonly #startedAt: number;
  readonly #journal: RunJournal;
  readonly #confirm: DeployHooks['confirm'];
  readonly #warnings = new Map<string, readonly string[]>();
  readonly #agreed: HostPlan[] = [];
  #isUnasked = false;

  constructor({ sources, hosts, request, hooks, resumes, undoes }: About, given: ChangeDeps) {
    const silent = interruptible(given);
    this.#startedAt = silent.now();
    const at = silent.date();
    this.run = runName(at, silent.random);
    this.holder = { who: silent.who, run: this.run, since: stamp(at) };
    const named = { run: this.run, at, resumes, ...(undoes !== undefined && { undoes }) };
    this.#journal = deployJournal(named, sources, hosts, request, silent);
    const emit: Emit = (event) => {
      this.#journal.event(event);
      if (event.type === 'planned') this.#warnings.set(event.host, warningsOf(event.plan));
      silent.emit(event);
    };
    hooks.onBegin?.(this.run);
    this.#confirm = hooks.confirm;
    this.deps = { ...silent, emit };
    this.travellers = deployHosts(hosts, hooks.targetOf, this.deps);
    if (repeatsAll(request)) for (const host of this.travellers) host.goesOnBy = this.run;
    this.gates = gatesOf(silent.widths);
  }

  /**
   * Shows the plans of these hosts and asks, as the gate of a flow: true, or why it does not go on. What is agreed to is
   * on the disk before anything of it is done. `later`: names of hosts that are planned when this is done.
   */
  async confirm(
    own: readonly DeployHost[],
    later: readonly string[],
    isKept: (plan: HostPlan) => boolean,
  ): Promise<true | string> {
    if (this.deps.signal.aborted) return 'interrupted';
    const answer = await this.#confirm(own.flatMap(plannedHost), later);
    this.#isUnasked = answer === 'unasked';
    if (answer === 'unasked') return 'there was nobody to ask: --yes says yes';
    if (!answer) return 'the plan was declined';
    this.#agreed.push(...own.flatMap(({ plan }) => (plan && isKept(plan) ? [plan] : [])));
    this.#journal.plans(this.#agreed);
    return true;
  }

  /** Runs the flow to its end. */
  async carryOut(flow: Flow<DeployHost>, beside: Beside = {}): Promise<Deployed> {
    const { deps, travellers } = this;
    const stages = [...new Set(flow.legs.flatMap(stagesOf))];
    deps.emit({ type: 'run-begin', run: this.run, hosts: travellers.map(({ name }) => name), stages });
    const end = await this.#flowEnd(flow, beside);
    const isInterrupted = deps.signal.aborted;
    if (end.state === 'closed') {
      this.#finish(isInterrupted ? 'interrupted' : this.#isUnasked ? 'unasked' : 'declined', []);
      return { state: 'declined', run: this.run };
    }
    const { results } = end;
    const versions = beside.versions?.() ?? [];
    for (const one of versions) deps.emit({ type: 'versions', ...one });
    deps.emit({ type: 'run-end', results, seconds: (deps.now() - this.#startedAt) / 1000 });
    this.#finish(isInterrupted ? 'interrupted' : results.every(isGood) ? 'done' : 'failed', results);
    return {
      state: 'ended',
      run: this.run,
      hosts: results.map((result) => ({ result, warnings: this.#warnings.get(result.host) ?? [] })),
      versions,
      problems: beside.problems?.() ?? [],
    };
  }

  async #flowEnd(flow: Flow<DeployHost>, { prepare, release, batchBegins, close }: Beside): Promise<FlowEnd> {
    try {
      await prepare?.();
      return await runFlow(flow, this.travellers, {
        ...flowDeps(this.deps, this.gates),
        ...(release && { release }),
        ...(batchBegins && { batchBegins }),
        failed: (host, state, problems) => host.result(state, problems),
      });
    } catch (error) {
      this.#finish('failed', []);
      throw error;
    } finally {
      await close?.();
    }
  }

  #finish(state: RunResult['state'], results: readonly HostResult[]): void {
    const ended = stamp(this.deps.date());
    this.#journal.end({ format: 'fcops-run-result/1', state, ended, results });
  }
}
