import type { Problem } from '../../core/problem.ts';
import { problemsOf } from '../../core/problem.ts';
import { err, ok } from '../../core/result.ts';
import type { HostResult } from '../../engine/events.ts';
import type { Stage } from '../../engine/flow.ts';
import { rebootReasonsOf } from '../../engine/plan.ts';
import type { Query } from '../../engine/query.ts';
import { runningOf } from '../../resources/process/look.ts';
import { othersIn, WORKING, workingShell } from '../../resources/reboot/others.ts';
import type { DeployHost } from '../deploy-host.ts';
import { done, notBegun, stage, startStage, waitingProblems } from '../deploy-stages.ts';
import { obstacleProblems } from '../obstacles.ts';
import { onward } from '../onward.ts';
import type { RoleWork } from '../role-work.ts';
import { machineCheck } from './check.ts';
import type { RebootContext } from './context.ts';
import { ended, held, rebooted, stillOwed, untilFit } from './reboot-stage.ts';

/**
 * What a deploy does about reboots (handbook 3.5): machines that owe one and run nothing are rebooted and looked at again;
 * then, where that was asked for, what does not run is started, and has to be registered.
 */
export const owedStages = (
  context: RebootContext,
  turns: readonly Stage<DeployHost>[],
): readonly Stage<DeployHost>[] => [
  owedStage(context),
  ...(context.start ? [...turns, onward(startStage(context)), machineCheck(context)] : []),
];

const owedStage = (context: RebootContext): Stage<DeployHost> =>
  stage(context, {
    name: 'reboot',
    width: null,
    work: async (host) => {
      try {
        const bad = host.reboot.length > 0 ? await rebootedWhereIdle(host, context) : null;
        return bad ?? (context.start ? null : done(host));
      } catch (error) {
        const problems = problemsOf(error, host.name);
        const isStopped = problems.every(({ kind }) => kind === 'stopped');
        return ended(host, isStopped ? 'stopped' : 'failed', problems, context);
      }
    },
  });

/** A result where the machine is not as it should be afterwards; what runs may be at a task, and keeps it from all that. */
const rebootedWhereIdle = async (host: DeployHost, context: RebootContext): Promise<HostResult | null> => {
  if (context.signal.aborted) return host.result('stopped', [notBegun(host.name)]);
  await host.session.hold(context.holder);
  const work = await context.work();
  const { seen } = await host.look(work);
  const isIdle = work
    .processesOf(host.host)
    .every(({ repository }) => runningOf(seen, repository)?.length === 0);
  if (!isIdle || !(await isAlone(host, work))) return null;
  const { bootId } = seen.observedFacts ?? seen.facts;
  const away = await rebooted(host, bootId, context);
  if (away) return away;
  await held(host, context);
  const bad = await untilFit(host, unfit, context);
  if (bad) return bad;
  const wrong = await context.verify(host, 'machine');
  return wrong.length > 0 ? ended(host, 'failed', wrong, context) : null;
};

/** Whether nothing else of lotus is at work on a machine either, which would end with it. */
const isAlone = async ({ host, session }: DeployHost, work: RoleWork): Promise<boolean> => {
  const repositories = new Set(work.processesOf(host).map(({ repository }) => repository));
  return (await session.ask(othersQuery({ repositories, pids: new Set() }))).length === 0;
};

const othersQuery = (own: Parameters<typeof othersIn>[1]): Query<readonly string[]> => ({
  name: WORKING,
  script: workingShell,
  parse: (text) => {
    const others = othersIn(text, own);
    return others === null ? err('the answer of the host broke off before its end') : ok(others);
  },
  deadline: 30_000,
});

/** What a machine still lacks of what it shall be, after its reboot. */
const unfit = async (host: DeployHost, context: RebootContext): Promise<readonly Problem[]> => {
  const { plan } = await host.look(await context.work());
  const owed = rebootReasonsOf(plan);
  return [
    ...(owed.length > 0 ? [stillOwed(host.name, owed)] : []),
    ...obstacleProblems(plan),
    ...(context.start ? waitingProblems(plan) : []),
  ];
};
