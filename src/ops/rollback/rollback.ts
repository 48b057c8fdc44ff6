import { onDemand } from '../../core/remember.ts';
import type { Flow, Stage } from '../../engine/flow.ts';
import { stagesOf } from '../../engine/flow.ts';
import { keptQuery } from '../../engine/kept/kept.ts';
import { changesOf } from '../../engine/plan.ts';
import { runFlow } from '../../engine/run-flow.ts';
import type { Gates } from '../../engine/widths.ts';
import { gatesOf } from '../../engine/widths.ts';
import type { TakenUp } from '../deploy.ts';
import type { DeployHooks } from '../deploy-hooks.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { DeployRequest } from '../deploy-request.ts';
import type { StageContext } from '../deploy-stages.ts';
import { applyStage, endUnseen, lookStage, planStage, stage, verifyStage } from '../deploy-stages.ts';
import type { ChangeDeps, OpsDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import type { Deployed } from '../operation-run.ts';
import { OperationRun } from '../operation-run.ts';
import { paceRun } from '../pace/pace-run.ts';
import type { RoleHosts } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import type { PlannedHost } from '../travellers.ts';
import { deployHosts, flowDeps, plannedHost } from '../travellers.ts';
import type { Undoable } from './which.ts';
import type { RollbackWork } from './work.ts';
import { rollbackWork } from './work.ts';

/** What a rollback is asked for: the run that is undone, on which of its hosts, and where journals are. */
export interface RollbackRequest extends DeployRequest {
  readonly undoes: Undoable;
  /** Of the runs of this controller. */
  readonly directory: string;
}

/**
 * Puts back on its hosts what a run replaced there, as far as each is still as the run left it: what that is the host
 * says itself. Shows the plan, asks, does it, looks again; a host where something has changed since is left alone.
 */
export const rollback = async (
  sources: Sources,
  hosts: RoleHosts,
  request: RollbackRequest,
  hooks: DeployHooks,
  given: ChangeDeps,
  takenUp?: TakenUp,
): Promise<Deployed> => {
  const undoes = request.undoes.run.record.run;
  const operationRun = new OperationRun(
    { sources, hosts, request, hooks, resumes: takenUp?.run, undoes },
    given,
  );
  const { run, holder, gates, deps, travellers } = operationRun;
  const { context, read } = stagesFor({ hosts, request, deps }, { run, holder, gates });
  const leg = {
    first: [...(takenUp?.before(context) ?? []), read, lookStage(context)],
    gate: {
      name: 'confirm',
      ask: () => operationRun.confirm(travellers, [], (plan) => changesOf(plan).length > 0),
    },
    rolling: [applyStage(context), verifyStage(context)],
  };
  return operationRun.carryOut(flowOf([leg]));
};

/** Looks at every host and says what a rollback would do. Nothing is changed, and no journal is kept. */
export const planRollback = async (
  hosts: RoleHosts,
  request: RollbackRequest,
  targetOf: DeployHooks['targetOf'],
  given: OpsDeps,
): Promise<PlannedHost[]> => {
  const deps = interruptible(given);
  const travellers = deployHosts(hosts, targetOf, deps);
  const gates = gatesOf(deps.widths);
  const asked = { run: '', holder: { who: '', run: '', since: '' }, gates };
  const { context, read } = stagesFor({ hosts, request, deps }, asked);
  const leg = { first: [read, planStage(context)], rolling: [] };
  deps.emit({
    type: 'run-begin',
    run: '',
    hosts: travellers.map(({ name }) => name),
    stages: stagesOf(leg),
  });
  await runFlow(flowOf([leg]), travellers, {
    ...flowDeps(deps, gates),
    failed: (host, state, problems) => host.endUnplanned(state, problems),
  });
  await Promise.all(travellers.map((host) => host.release()));
  return travellers.flatMap(plannedHost);
};

const flowOf = (legs: Flow<DeployHost>['legs']): Flow<DeployHost> => ({
  name: 'rollback',
  legs,
  // What goes wrong with one host says nothing about the others: each was another before.
  batches: [],
  maxFail: { percent: 100 },
});

interface Asked {
  readonly hosts: RoleHosts;
  readonly request: RollbackRequest;
  readonly deps: OpsDeps;
}

/** The context of the stages, and the one that asks hosts what they keep, which comes before all others. */
const stagesFor = (
  { hosts, request, deps }: Asked,
  known: Pick<StageContext, 'run' | 'holder'> & { readonly gates: Gates },
): { readonly context: StageContext; readonly read: Stage<DeployHost> } => {
  const { undoes, directory, showReplaced = false } = request;
  const work = onDemand(() => rollbackWork(hosts, undoes, { directory, showReplaced }));
  const { now, emit, signal } = deps;
  const context: StageContext = {
    ...known,
    work,
    before: async () => [],
    start: false,
    pacer: paceRun(hosts.cluster, [], deps).pacer,
    now,
    emit,
    signal,
  };
  return { context, read: readStage(context, work, undoes) };
};

/** Asks a host what it keeps of the run. */
const readStage = (
  context: StageContext,
  work: () => Promise<RollbackWork>,
  { chain }: Undoable,
): Stage<DeployHost> => {
  const runs = chain.map(({ record }) => record.run);
  return stage(context, {
    name: 'read',
    width: 'look',
    work: async (host) => {
      const { keep } = await work();
      try {
        await host.session.open();
      } catch (error) {
        return endUnseen(host, 'unreachable', error);
      }
      try {
        keep(host.name, await host.session.ask(keptQuery(runs)));
        return null;
      } catch (error) {
        return endUnseen(host, 'blocked', error);
      }
    },
  });
};
