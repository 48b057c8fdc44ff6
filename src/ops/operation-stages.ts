import type { Problem } from '../core/problem.ts';
import type { Leg, Stage } from '../engine/flow.ts';
import type { HostPlan } from '../engine/plan.ts';
import type { DeployHooks } from './deploy-hooks.ts';
import type { DeployHost } from './deploy-host.ts';
import type { DeployRequest } from './deploy-request.ts';
import { sizesOf } from './deploy-request.ts';
import type { StageContext } from './deploy-stages.ts';
import { applyStage, lookStage, startStage, verifyStage } from './deploy-stages.ts';
import type { ChangeDeps } from './deps.ts';
import { beforeLook } from './miner-api.ts';
import { turnStage } from './pace/turn.ts';
import { preflightOf } from './preflight/before-start.ts';
import { owedContext, rebootContext } from './reboot/begin.ts';
import { owedStages } from './reboot/owed.ts';
import { rebootStages } from './reboot/stages.ts';
import type { RoleHosts } from './role-work.ts';
import type { Sources } from './sources.ts';
import { stopContext, stopsProcesses } from './stop/begin.ts';
import { stopStages } from './stop/stages.ts';
import { workOf } from './travellers.ts';
import { upgradeContext } from './upgrade/begin.ts';
import { VersionRecord } from './upgrade/record.ts';
import { noteStage, upgradeLegs } from './upgrade/stages.ts';
import type { VersionHosts } from './upgrade/versions.ts';
import { hostsByVersion } from './upgrade/versions.ts';

/** What an operation is about. */
interface About {
  readonly sources: Sources;
  readonly hosts: RoleHosts;
  readonly request: DeployRequest;
  readonly hooks: DeployHooks;
  readonly deps: ChangeDeps;
  /** Of runs that are taken up, the newest first: what hosts had before stands in them. */
  readonly plans: readonly ReadonlyMap<string, HostPlan>[];
}

/** How a leg begins: its hosts are looked at, and the plan of all of them is agreed to. */
export type Opening = (own: readonly DeployHost[]) => Pick<Leg<DeployHost>, 'concerns' | 'first' | 'gate'>;

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

/** The stages of an operation, by what it is. */
export const operationStages = (
  about: About,
  begun: Pick<StageContext, 'run' | 'holder' | 'gates' | 'pacer'>,
  travellers: readonly DeployHost[],
): Stages => {
  const { sources, hosts, request, hooks, deps, plans } = about;
  const { targetOf } = hooks;
  const { operation = 'deploy', start, tags, upgrade } = request;
  const { now, emit, signal } = deps;
  const work = workOf(hosts, request, travellers, deps);
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
      const given = { hosts, request: { ...request, upgrade }, plans, record };
      const whole = upgradeContext(context, given);
      const first = [noteStage(whole, lookStage(whole))];
      const legsAfter = upgradeLegs(whole, turns, sizesOf(request));
      const versions = () => hostsByVersion(hosts.hosts, whole.standing, upgrade);
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
