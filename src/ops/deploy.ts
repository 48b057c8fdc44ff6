import { resolve } from 'node:path';
import type { Size } from '../engine/batches.ts';
import type { Emit, HostResult } from '../engine/events.ts';
import { isGood } from '../engine/events.ts';
import type { Flow, FlowDeps, FlowEnd, Leg, Stage } from '../engine/flow.ts';
import { stagesOf } from '../engine/flow.ts';
import type { HostPlan } from '../engine/plan.ts';
import { changesOf, warningsOf } from '../engine/plan.ts';
import { runFlow } from '../engine/run-flow.ts';
import { RunJournal } from '../engine/runs/journal.ts';
import type { RunRequest, RunResult } from '../engine/runs/record.ts';
import type { Gates } from '../engine/widths.ts';
import { gatesOf } from '../engine/widths.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Transport } from '../transport/connect.ts';
import type { Target } from '../transport/connection.ts';
import { DeployHost } from './deploy-host.ts';
import type { StageContext } from './deploy-stages.ts';
import { applyStage, lookStage, startStage, verifyStage } from './deploy-stages.ts';
import type { ChangeDeps, OpsDeps } from './deps.ts';
import { interruptible } from './interruptible.ts';
import { beforeLook } from './miner-api.ts';
import { paceRun } from './pace/pace-run.ts';
import { turnStage } from './pace/turn.ts';
import { preflightOf } from './preflight/before-start.ts';
import type { Operation } from './process-work.ts';
import type { RoleHosts, RoleRequest, RoleWork, WorkRequest } from './role-work.ts';
import { isMiner, roleOf, roleWork } from './role-work.ts';
import { runName, stamp } from './run-name.ts';
import { sessionOf } from './session-of.ts';
import type { Sources } from './sources.ts';
import type { StopRequest } from './stop/begin.ts';
import { stopContext, stopsProcesses } from './stop/begin.ts';
import { stopStages } from './stop/stages.ts';

/** What a deploy is asked for. */
export interface DeployRequest extends RoleRequest {
  /** Sizes of the batches; empty: all hosts at once. */
  readonly batches: readonly Size[];
  /** Hosts that may fail before no further batch begins. */
  readonly maxFail: Size;
  /** How hosts are reached, for the journal. */
  readonly transport: Transport;
  /** Of an operation that stops processes: what is done about tasks that would end with them. */
  readonly stop?: StopRequest;
}

/** The plan of one host, or how the look at it ended without one. */
export type PlannedHost =
  | { readonly state: 'planned'; readonly plan: HostPlan }
  | { readonly state: 'ended'; readonly result: HostResult };

/** How a deploy ended: declined before anything was done, or with a result a host. */
export type Deployed =
  | { readonly state: 'declined'; readonly run: string }
  | { readonly state: 'ended'; readonly run: string; readonly hosts: readonly DeployedHost[] };

export interface DeployedHost {
  readonly result: HostResult;
  /** Failed checks that stopped nothing. */
  readonly warnings: readonly string[];
}

/** What is asked of whoever called for the deploy, and how hosts are reached. */
export interface DeployHooks {
  readonly targetOf: (host: Host) => Target;
  /**
   * Shown the plan of all hosts of a leg before anything of it is changed; false: nothing is, `unasked`: as nobody can
   * be asked. `later`: names of the hosts that are planned when this is done.
   */
  readonly confirm: (
    planned: readonly PlannedHost[],
    later: readonly string[],
  ) => Promise<boolean | 'unasked'>;
  /** Told the name of the run before its first event. */
  readonly onBegin?: (run: string) => void;
}

/** What a run takes up that another one left. */
export interface TakenUp {
  readonly run: string;
  /** Before a host is looked at: finds out what became of it there. */
  readonly before: (context: StageContext) => readonly Stage<DeployHost>[];
}

/** Sessions for hosts that nobody has asked anything yet. */
export const deployHosts = (
  request: RoleHosts,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): DeployHost[] =>
  request.hosts.map((host) => new DeployHost(host, sessionOf(targetOf(host), request, deps)));

/** The work of all hosts, worked out once, while the first connections are made. */
export const workOf = (
  sources: Sources,
  hosts: RoleHosts,
  request: WorkRequest,
  travellers: readonly DeployHost[],
  width: number,
): (() => Promise<RoleWork>) => {
  // Of several legs the later ones connect when their turn has come: it may be hours until then.
  const [leg] = legsOf(hosts, travellers);
  const asked = (leg ?? []).slice(0, width).map((host) => host.session.warm());
  const loading = Promise.race(asked).then(() => roleWork(sources, hosts, request));
  // Whoever asks for it is told.
  loading.catch(() => {});
  return () => loading;
};

/** The hosts in the order of their roles: the miner, whose API the workers need, then the workers. */
export const legsOf = (
  { role }: Pick<RoleHosts, 'role'>,
  travellers: readonly DeployHost[],
): readonly (readonly DeployHost[])[] => {
  const [miners, workers] = [true, false].map((wanted) =>
    travellers.filter(({ host }) => isMiner(host) === wanted),
  );
  const legs = role === 'all' ? [miners ?? [], workers ?? []] : [travellers];
  return legs.filter(({ length }) => length > 0);
};

/** What a flow of an operation takes from outside, but for how a host that was not come to ends. */
export const flowDeps = (
  { emit, signal, defect, inOrder }: OpsDeps,
  gates: Gates,
): Omit<FlowDeps<DeployHost>, 'failed'> => ({
  gates,
  emit,
  signal,
  defect,
  release: (host) => host.release(),
  ...(inOrder && { inOrder }),
});

/** A mistake that concerns all hosts of a role, in a template for example, is told once and before anything else. */
export const prepareFirst = async (
  travellers: readonly DeployHost[],
  work: () => Promise<RoleWork>,
): Promise<void> => {
  try {
    const done = await work();
    const firsts = new Map(travellers.map((one) => [roleOf(done, one.host), one] as const).reverse());
    for (const first of firsts.values()) first.prepare(done);
  } catch (error) {
    await Promise.all(travellers.map((host) => host.release()));
    throw error;
  }
};

/**
 * Looks at every host, asks, and makes the changes: what `confirm` is shown is what is done. Hosts where there
 * is nothing to do end at once; one host's failure leaves the others of its batch going.
 */
export const deploy = async (
  sources: Sources,
  hosts: RoleHosts,
  request: DeployRequest,
  hooks: DeployHooks,
  given: ChangeDeps,
  takenUp?: TakenUp,
): Promise<Deployed> => {
  const deps = interruptible(given);
  const startedAt = deps.now();
  const begun = deps.date();
  const run = runName(begun, deps.random);
  const journal = RunJournal.begin(
    {
      format: 'fcops-run/1',
      run,
      operation: request.operation ?? 'deploy',
      request: requestRecord(sources, hosts, request),
      who: deps.who,
      since: stamp(begun),
      version: deps.version,
      hosts: hosts.hosts.map(({ name }) => name),
      ...(takenUp && { resumes: takenUp.run }),
      process: deps.process,
    },
    { ...deps.journal, date: deps.date },
  );
  const warnings = new Map<string, readonly string[]>();
  const emit: Emit = (event) => {
    journal.event(event);
    if (event.type === 'planned') warnings.set(event.host, warningsOf(event.plan));
    deps.emit(event);
  };
  hooks.onBegin?.(run);
  const travellers = deployHosts(hosts, hooks.targetOf, { ...deps, emit });
  const { signal, now } = deps;
  const gates = gatesOf(deps.widths);
  const { operation = 'deploy' } = request;
  const { pacer, agreed: pace } = paceRun(hosts.cluster, request.batches, { ...deps, emit });
  const work = workOf(sources, hosts, request, travellers, deps.widths.look);
  const common: StageContext = {
    run,
    holder: { who: deps.who, run, since: stamp(begun) },
    work,
    ...askedFirst(request, { sources, hosts, work, deps }),
    // What is only stopped needs no API.
    before: beforeLook(hosts, operation === 'stop' ? ['stop'] : request.tags, hooks.targetOf, {
      ...deps,
      emit,
    }),
    start: request.start,
    gates,
    pacer,
    now,
    emit,
    signal,
  };
  const stopping = stopsProcesses(operation)
    ? stopContext(common, { sources, hosts, request, targetOf: hooks.targetOf, deps: { ...deps, emit } })
    : null;
  const context = stopping ?? common;
  // One host alone waits for nobody.
  const turns = request.start && travellers.length > 1 ? [turnStage(context)] : [];
  let unasked = false;
  const agreed: HostPlan[] = [];
  const forward = legsOf(hosts, travellers);
  // Workers end before the miner, which says what they are at.
  const legs = operation === 'stop' ? forward.toReversed() : forward;
  const legOf = (own: readonly DeployHost[]): Leg<DeployHost> => ({
    concerns: (host) => own.includes(host),
    first: [...(takenUp?.before(context) ?? []), lookStage(context)],
    gate: {
      name: 'confirm',
      ask: async (waiting) => {
        if (signal.aborted) return 'interrupted';
        const later = legs.slice(legs.indexOf(own) + 1).flat();
        const answer = await hooks.confirm(
          own.flatMap(plannedHost),
          later.map(({ name }) => name),
        );
        unasked = answer === 'unasked';
        if (answer === 'unasked') return 'there was nobody to ask: --yes says yes';
        if (!answer) return 'the plan was declined';
        agreed.push(...own.flatMap(({ plan }) => (plan && changesOf(plan).length > 0 ? [plan] : [])));
        journal.plans(agreed);
        pace(waiting);
        return true;
      },
    },
    rolling: stopping ? stopStages(stopping, turns) : stagesFor(operation, common, turns),
  });
  const flow: Flow<DeployHost> = {
    name: operation,
    legs: legs.map(legOf),
    batches: request.batches,
    maxFail: request.maxFail,
  };
  const stages = [...new Set(flow.legs.flatMap(stagesOf))];
  emit({ type: 'run-begin', run, hosts: travellers.map(({ name }) => name), stages });
  const finish = (state: RunResult['state'], results: readonly HostResult[]) =>
    journal.end({ format: 'fcops-run-result/1', state, ended: stamp(deps.date()), results });
  let end: FlowEnd;
  try {
    await prepareFirst(travellers, context.work);
    end = await runFlow(flow, travellers, {
      ...flowDeps({ ...deps, emit }, gates),
      release: (host) => {
        pacer.release(host.name);
        return host.release();
      },
      failed: (host, state, problems) => host.result(state, problems),
    });
  } catch (error) {
    finish('failed', []);
    throw error;
  } finally {
    await stopping?.miner.close();
  }
  if (end.state === 'closed') {
    finish(signal.aborted ? 'interrupted' : unasked ? 'unasked' : 'declined', []);
    return { state: 'declined', run };
  }
  const { results } = end;
  emit({ type: 'run-end', results, seconds: (now() - startedAt) / 1000 });
  finish(signal.aborted ? 'interrupted' : results.every(isGood) ? 'done' : 'failed', results);
  return {
    state: 'ended',
    run,
    hosts: results.map((result) => ({ result, warnings: warnings.get(result.host) ?? [] })),
  };
};

/** Hosts where something would be started are asked whether it would fail, unless the request leaves that out. */
const askedFirst = (
  { start, preflight }: DeployRequest,
  given: Parameters<typeof preflightOf>[0],
): Pick<StageContext, 'preflight'> => (start && preflight !== false ? { preflight: preflightOf(given) } : {});

/** What is done after it was agreed to, where nothing is stopped. */
const stagesFor = (
  operation: Operation,
  context: StageContext,
  turns: readonly Stage<DeployHost>[],
): readonly Stage<DeployHost>[] => {
  const starting = context.start ? [...turns, startStage(context)] : [];
  return operation === 'start' ? starting : [applyStage(context), verifyStage(context), ...starting];
};

/** What the looks have found: a plan, or how a host ended without one. */
export const plannedHost = ({ plan, unplanned }: DeployHost): PlannedHost[] => {
  if (plan) return [{ state: 'planned', plan }];
  return unplanned ? [{ state: 'ended', result: unplanned }] : [];
};

/** Where everything is, so that the run can be taken up from any directory. */
const requestRecord = (
  { inventory, profiles, templates }: Sources,
  { cluster, role }: RoleHosts,
  request: DeployRequest,
): RunRequest => {
  const { limit, tags, start, preflight, batches, maxFail, transport, processes, killAfter, stop } = request;
  return {
    role,
    miner: cluster.miner,
    ...(limit !== undefined && { limit }),
    tags,
    start,
    batches,
    maxFail,
    inventory: resolve(inventory),
    ...(profiles !== undefined && { profiles: resolve(profiles) }),
    ...(templates !== undefined && { templates: resolve(templates) }),
    transport,
    ...(preflight === false && { preflight }),
    ...(processes && { processes }),
    ...(killAfter !== undefined && { killAfter }),
    ...(stop && { stop }),
  };
};
