import type { Problem } from '../core/problem.ts';
import type { Emit, HostResult } from '../engine/events.ts';
import { isGood } from '../engine/events.ts';
import type { Flow, FlowEnd, Leg, Stage } from '../engine/flow.ts';
import { stagesOf } from '../engine/flow.ts';
import type { HostPlan } from '../engine/plan.ts';
import { changesOf, warningsOf } from '../engine/plan.ts';
import { runFlow } from '../engine/run-flow.ts';
import type { RunResult } from '../engine/runs/record.ts';
import { gatesOf } from '../engine/widths.ts';
import type { DeployHooks } from './deploy-hooks.ts';
import type { DeployHost } from './deploy-host.ts';
import { deployJournal } from './deploy-journal.ts';
import type { DeployRequest } from './deploy-request.ts';
import type { StageContext } from './deploy-stages.ts';
import { applyStage, lookStage, startStage, verifyStage } from './deploy-stages.ts';
import type { ChangeDeps } from './deps.ts';
import { interruptible } from './interruptible.ts';
import { beforeLook } from './miner-api.ts';
import { paceRun } from './pace/pace-run.ts';
import { turnStage } from './pace/turn.ts';
import { preflightOf } from './preflight/before-start.ts';
import { owedContext, rebootContext } from './reboot/begin.ts';
import { owedStages } from './reboot/owed.ts';
import { rebootStages } from './reboot/stages.ts';
import type { RoleHosts } from './role-work.ts';
import { runName, stamp } from './run-name.ts';
import type { Sources } from './sources.ts';
import { stopContext, stopsProcesses } from './stop/begin.ts';
import { stopStages } from './stop/stages.ts';
import { deployHosts, flowDeps, legsOf, plannedHost, prepareFirst, workOf } from './travellers.ts';
import { upgradeContext } from './upgrade/begin.ts';
import { VersionRecord } from './upgrade/record.ts';
import { noteStage, upgradeLegs } from './upgrade/stages.ts';
import type { VersionHosts } from './upgrade/versions.ts';
import { hostsByVersion } from './upgrade/versions.ts';

/** How a deploy ended: declined before anything was done, or with a result a host. */
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

/** What a run takes up that another one left. */
export interface TakenUp {
  readonly run: string;
  /** Before a host is looked at: finds out what became of it there. */
  readonly before: (context: StageContext) => readonly Stage<DeployHost>[];
  /** What it was to do, by host. */
  readonly plans: ReadonlyMap<string, HostPlan>;
}

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
  const silent = interruptible(given);
  const { signal, now, who } = silent;
  const startedAt = now();
  const begun = silent.date();
  const run = runName(begun, silent.random);
  const journal = deployJournal({ run, at: begun, resumes: takenUp?.run }, sources, hosts, request, silent);
  const warnings = new Map<string, readonly string[]>();
  const emit: Emit = (event) => {
    journal.event(event);
    if (event.type === 'planned') warnings.set(event.host, warningsOf(event.plan));
    silent.emit(event);
  };
  hooks.onBegin?.(run);
  const deps = { ...silent, emit };
  const travellers = deployHosts(hosts, hooks.targetOf, deps);
  const gates = gatesOf(deps.widths);
  const { operation = 'deploy' } = request;
  const { pacer, agreed: pace } = paceRun(hosts.cluster, request.batches, deps);
  const { context, first, legsAfter, versions, problems, close } = stagesFor(
    { sources, hosts, request, hooks, deps, plans: takenUp?.plans ?? new Map() },
    { run, holder: { who, run, since: stamp(begun) }, gates, pacer },
    travellers,
  );
  let unasked = false;
  const agreed: HostPlan[] = [];
  const forward = legsOf(hosts, travellers);
  // Workers end before the miner, which says what they are at.
  const legs = operation === 'stop' ? forward.toReversed() : forward;
  const before = takenUp?.before(context) ?? [];
  const opening = (own: readonly DeployHost[]): Pick<Leg<DeployHost>, 'concerns' | 'first' | 'gate'> => ({
    concerns: (host) => own.includes(host),
    first: [...before, ...first],
    gate: {
      name: 'confirm',
      ask: async (waiting) => {
        if (signal.aborted) return 'interrupted';
        const later = travellers.filter(
          (host) => !own.includes(host) && host.plan === null && host.unplanned === null,
        );
        const answer = await hooks.confirm(
          own.flatMap(plannedHost),
          later.map(({ name }) => name),
        );
        unasked = answer === 'unasked';
        if (answer === 'unasked') return 'there was nobody to ask: --yes says yes';
        if (!answer) return 'the plan was declined';
        // That a machine is not to be rebooted is to be known as well.
        const isKept = (plan: HostPlan) => operation === 'reboot' || changesOf(plan).length > 0;
        agreed.push(...own.flatMap(({ plan }) => (plan && isKept(plan) ? [plan] : [])));
        journal.plans(agreed);
        pace(waiting);
        return true;
      },
    },
  });
  const flow: Flow<DeployHost> = {
    name: operation,
    legs: legsAfter(legs, opening),
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
      ...flowDeps(deps, gates),
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
    await close();
  }
  if (end.state === 'closed') {
    finish(signal.aborted ? 'interrupted' : unasked ? 'unasked' : 'declined', []);
    return { state: 'declined', run };
  }
  const { results } = end;
  const onVersions = versions?.() ?? [];
  for (const one of onVersions) emit({ type: 'versions', ...one });
  emit({ type: 'run-end', results, seconds: (now() - startedAt) / 1000 });
  finish(signal.aborted ? 'interrupted' : results.every(isGood) ? 'done' : 'failed', results);
  return {
    state: 'ended',
    run,
    hosts: results.map((result) => ({ result, warnings: warnings.get(result.host) ?? [] })),
    versions: onVersions,
    problems: problems?.() ?? [],
  };
};

/** What a deploy is about. */
interface About {
  readonly sources: Sources;
  readonly hosts: RoleHosts;
  readonly request: DeployRequest;
  readonly hooks: DeployHooks;
  readonly deps: ChangeDeps;
  readonly plans: ReadonlyMap<string, HostPlan>;
}

/** How a leg begins: its hosts are looked at, and the plan of all of them is agreed to. */
type Opening = (own: readonly DeployHost[]) => Pick<Leg<DeployHost>, 'concerns' | 'first' | 'gate'>;

/** What its stages have in common, and how legs are made of them. */
interface Stages {
  readonly context: StageContext;
  readonly first: readonly Stage<DeployHost>[];
  readonly legsAfter: (
    hosts: readonly (readonly DeployHost[])[],
    opening: Opening,
  ) => readonly Leg<DeployHost>[];
  /** Of an upgrade: who is on which version in the end. */
  readonly versions?: () => readonly VersionHosts[];
  readonly problems?: () => readonly Problem[];
  readonly close: () => Promise<void>;
}

const stagesFor = (
  about: About,
  begun: Pick<StageContext, 'run' | 'holder' | 'gates' | 'pacer'>,
  travellers: readonly DeployHost[],
): Stages => {
  const { sources, hosts, request, hooks, deps, plans } = about;
  const { targetOf } = hooks;
  const { operation = 'deploy', start, tags, upgrade } = request;
  const { now, emit, signal } = deps;
  const work = workOf(sources, hosts, request, travellers, deps);
  const common: StageContext = {
    ...begun,
    work,
    ...askedFirst(request, { sources, hosts, work, deps }),
    // What is only stopped needs no API.
    before: beforeLook(hosts, operation === 'stop' ? ['stop'] : tags, targetOf, deps),
    start,
    now,
    emit,
    signal,
  };
  // One host alone waits for nobody.
  const turns = start && travellers.length > 1 ? [turnStage(common)] : [];
  if (stopsProcesses(operation)) {
    const context = stopContext(common, { ...about, targetOf });
    const close = () => context.miner.close();
    if (upgrade) {
      const record = new VersionRecord(hosts.cluster.file, upgrade);
      const given = { sources, hosts, request: { ...request, upgrade }, plans, record };
      const whole = upgradeContext(context, given);
      const first = [noteStage(whole, lookStage(whole))];
      const legsAfter = upgradeLegs(whole, turns, request.batches);
      const versions = () => hostsByVersion(hosts.hosts, whole.standing, upgrade.keys);
      return { context: whole, first, legsAfter, versions, problems: () => record.problems, close };
    }
    if (operation === 'reboot') {
      const whole = rebootContext(context, about);
      const rolling = rebootStages(whole, turns);
      return { context: whole, first: [lookStage(whole)], legsAfter: alike(rolling), close };
    }
    const rolling = stopStages(context, turns);
    return { context, first: [lookStage(context)], legsAfter: alike(rolling), close };
  }
  if (request.reboot && operation === 'deploy') {
    const whole = owedContext(common, about);
    return {
      context: whole,
      first: [lookStage(whole)],
      legsAfter: alike([applyStage(whole), verifyStage(whole), ...owedStages(whole, turns)]),
      close: () => whole.miner.close(),
    };
  }
  const starting = start ? [...turns, startStage(common)] : [];
  const changing = operation === 'start' ? [] : [applyStage(common), verifyStage(common)];
  return {
    context: common,
    first: [lookStage(common)],
    legsAfter: alike([...changing, ...starting]),
    close: async () => {},
  };
};

/** Each part of the hosts is looked at, agreed to and done before the next one. */
const alike =
  (rolling: readonly Stage<DeployHost>[]): Stages['legsAfter'] =>
  (hosts, opening) =>
    hosts.map((own) => ({ ...opening(own), rolling }));

/** Hosts where something would be started are asked whether it would fail, unless the request leaves that out. */
const askedFirst = (
  { start, preflight }: DeployRequest,
  given: Parameters<typeof preflightOf>[0],
): Pick<StageContext, 'preflight'> => (start && preflight !== false ? { preflight: preflightOf(given) } : {});
