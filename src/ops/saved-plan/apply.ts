import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { HostResult } from '../../engine/events.ts';
import { isGood } from '../../engine/events.ts';
import type { Leg, Stage } from '../../engine/flow.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { changesOf, obstaclesOf } from '../../engine/plan.ts';
import type { DeployHooks } from '../deploy-hooks.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { DeployRequest } from '../deploy-request.ts';
import type { StageContext } from '../deploy-stages.ts';
import { decided, planStage } from '../deploy-stages.ts';
import type { ChangeDeps } from '../deps.ts';
import type { Deployed } from '../operation-run.ts';
import { OperationRun } from '../operation-run.ts';
import { operationStages } from '../operation-stages.ts';
import { paceRun } from '../pace/pace-run.ts';
import { minersIn } from '../plan.ts';
import { preflightOf } from '../preflight/before-start.ts';
import type { RoleHosts } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import { legsOf, prepareFirst } from '../travellers.ts';
import type { Gone } from './hosts.ts';
import { hostInputs } from './inputs.ts';
import { savedForm } from './make.ts';
import type { HostState, MovedContext } from './moved.ts';
import { movedProblem, movedReasons } from './moved.ts';

/** What was reviewed, and how strictly all of it has to be there. */
export interface Reviewed {
  /** By host, as it was planned. */
  readonly hosts: ReadonlyMap<string, HostState>;
  readonly context: MovedContext;
  /** Hosts of the plan that cannot be looked at any more: they count as refused. */
  readonly gone: readonly Gone[];
  /** Hosts that are as they were planned are changed even where others are not. */
  readonly partial: boolean;
}

/**
 * Carries out a saved plan: every host is looked at and compared with what was reviewed before anything is touched
 * anywhere. What is done is what a deploy does of the same plan.
 */
export const applyPlan = async (
  sources: Sources,
  hosts: RoleHosts,
  request: DeployRequest,
  reviewed: Reviewed,
  hooks: DeployHooks,
  given: ChangeDeps,
): Promise<Deployed> => {
  const operationRun = new OperationRun({ sources, hosts, request, hooks, resumes: undefined }, given);
  const { run, holder, gates, deps, travellers } = operationRun;
  const { batches, maxFail } = request;
  const { pacer, agreed: pace, beside } = paceRun(hosts.cluster, batches, deps);
  const {
    context: common,
    legsAfter,
    close,
  } = operationStages(
    { sources, hosts, request, hooks, deps, plans: [] },
    { run, holder, gates, pacer },
    travellers,
  );
  const { bringsMiner, seen } = minersIn(travellers);
  const { work } = common;
  const context = common.preflight
    ? { ...common, preflight: preflightOf({ sources, hosts, work, deps, bringsMiner }) }
    : common;
  const comparison = new Comparison(hosts, reviewed, travellers);
  const opening: Leg<DeployHost> = {
    first: [comparingStage(context, comparison, seen), allStage(comparison)],
    gate: {
      name: 'confirm',
      ask: async (waiting) => {
        const own = travellers.filter((host) => !comparison.refused.has(host));
        const answer = await operationRun.confirm(own, [], (plan) => changesOf(plan).length > 0);
        if (answer === true) pace(waiting);
        return answer;
      },
    },
    rolling: [],
    // Those that are refused were agreed to be left out.
    decides: false,
  };
  const turns = legsOf(hosts, travellers);
  const legs =
    turns.length === 1
      ? legsAfter(turns, () => opening)
      : [opening, ...legsAfter(turns, (own) => ({ concerns: (host) => own.includes(host), first: [] }))];
  const deployed = await operationRun.carryOut(
    { name: 'deploy', legs, batches, maxFail },
    {
      ...beside,
      close,
      prepare: () => prepareFirst(travellers, work),
    },
  );
  if (deployed.state === 'declined') return deployed;
  return { ...deployed, problems: [...reviewed.gone.map(({ problem }) => problem), ...deployed.problems] };
};

/** Who was looked at, and who is refused. */
class Comparison {
  /** Hosts to which the plan is not applied. */
  readonly refused = new Set<DeployHost>();
  /** When all were looked at. */
  readonly all: Promise<void>;
  readonly hosts: RoleHosts;
  readonly reviewed: Reviewed;
  readonly number: number;
  #left: number;
  #end: () => void = () => {};

  constructor(hosts: RoleHosts, reviewed: Reviewed, travellers: readonly DeployHost[]) {
    this.hosts = hosts;
    this.reviewed = reviewed;
    this.number = travellers.length + reviewed.gone.length;
    this.#left = travellers.length;
    this.all = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  done(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#end();
  }

  refuse(host: DeployHost, result: HostResult): HostResult {
    this.refused.add(host);
    return result;
  }

  /** What of a host was not reviewed as it is; null: nothing. */
  moved(host: DeployHost, plan: HostPlan): Problem | null {
    const { hosts, context } = this.reviewed;
    const then = hosts.get(host.name);
    if (!then) throw new RangeError(`${host.name} is no host of the plan`);
    const { cluster, redact } = this.hosts;
    const now = { plan: savedForm(plan, redact), inputs: hostInputs(cluster, host.host) };
    return movedProblem(host.name, movedReasons(then, now, context));
  }

  /** Why nothing is done to hosts that are as they were planned; null: it is. */
  get others(): string | null {
    const number = this.refused.size + this.reviewed.gone.length;
    if (number === 0 || this.reviewed.partial) return null;
    return `the plan cannot be applied to ${number} of ${count(this.number, 'host')}`;
  }
}

/** Looks at a host, and compares it with what was reviewed. */
const comparingStage = (
  context: StageContext,
  comparison: Comparison,
  seen: (host: DeployHost) => void,
): Stage<DeployHost> => {
  const looking = planStage(context);
  const compared = async (host: DeployHost): Promise<HostResult | null> => {
    const ended = await looking.work(host).finally(() => seen(host));
    if (ended) return comparison.refuse(host, ended);
    const { plan } = host;
    if (plan === null) return null;
    const moved = comparison.moved(host, plan);
    if (moved) return comparison.refuse(host, host.result('blocked', [moved]));
    const decision = await decided(host, context);
    if (decision === null || isGood(decision)) return decision;
    // What only waits for something before it is started was reviewed so, and nothing is to be done to it.
    const isLeft = changesOf(plan).length === 0 && obstaclesOf(plan).length === 0;
    return isLeft ? decision : comparison.refuse(host, decision);
  };
  return {
    ...looking,
    work: async (host) => {
      try {
        return await compared(host);
      } catch (error) {
        comparison.refused.add(host);
        throw error;
      } finally {
        comparison.done();
      }
    },
  };
};

/** Waits until all are compared: one that is refused keeps the others from being touched, unless that was asked for. */
const allStage = (comparison: Comparison): Stage<DeployHost> => ({
  name: 'compare',
  width: null,
  work: async (host) => {
    await comparison.all;
    const why = comparison.others;
    return why === null ? null : host.result('stopped', [leftProblem(host.name, why)]);
  },
});

const leftProblem = (host: string, why: string): Problem => ({
  kind: 'stopped',
  what: 'as it was planned, and not begun; nothing was done to it',
  where: { host },
  why,
  next: [edit('apply it with --partial to go on without those hosts')],
});
