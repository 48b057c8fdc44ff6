import { look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { problemsOf } from '../../core/problem.ts';
import type { HostResult } from '../../engine/events.ts';
import { isGood } from '../../engine/events.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import { startStage } from '../deploy-stages.ts';
import type { RoleWork } from '../role-work.ts';
import { atRiskIn, riskLines } from '../stop/at-risk.ts';
import { stopStage } from '../stop/stages.ts';
import { OPEN_GUARD } from '../window/guard.ts';
import { checkStage } from './check.ts';
import type { UpgradeContext } from './context.ts';
import { withoutFetch } from './context.ts';
import { versionsText } from './versions.ts';

/**
 * A host whose upgrade has failed gets the versions of before, and is checked by them; its result is that it failed
 * all the same. One that cannot be reached, or that somebody interrupts, is left for the next run.
 */
export const goBack = async (
  host: DeployHost,
  failed: HostResult,
  context: UpgradeContext,
): Promise<HostResult> => {
  if (failed.state !== 'failed' || context.signal.aborted) return failed;
  const before = context.had.get(host.host) ?? new Map();
  const ended = (problems: readonly Problem[]) => host.result('failed', [...failed.problems, ...problems]);
  if (before.size === 0 || [...before.values()].includes(null)) return ended([noWayBack(host.name)]);
  const text = versionsText(before);
  try {
    const work = await context.workAt(before);
    host.turnTo(work);
    const { plan } = await host.look(work, await context.atWork?.(host.host));
    if (changesOf(plan).length === 0) {
      // It never left them.
      await context.settled(host.host, before);
      return failed;
    }
    context.emit({ type: 'waits', host: host.name, text: `goes back to ${text}` });
    const lost = riskLines(atRiskIn(plan));
    const back = backContext(context, work);
    for (const stage of [stopStage(back), startStage(back), checkStage(back, () => before)]) {
      const result = await stage.work(host);
      if (result && !isGood(result)) return ended([notBack(host.name, text), ...result.problems]);
    }
    return ended([isBack(host.name, text, lost)]);
  } catch (error) {
    return ended([notBack(host.name, text), ...problemsOf(error, host.name)]);
  }
};

/**
 * Steps of its own name, and nothing that keeps it from being done: a version that does not run is no place for a task,
 * and no miner proves by it. What has begun on it, some minutes at most, is told afterwards.
 */
const backContext = (context: UpgradeContext, work: RoleWork): UpgradeContext => {
  const { atWork: _, ...rest } = withoutFetch(context);
  return {
    ...rest,
    run: `${context.run}b`,
    work: async () => work,
    guard: OPEN_GUARD,
    mode: { loseTasks: true, drain: null },
  };
};

const isBack = (host: string, versions: string, lost: string): Problem => ({
  kind: 'verify',
  what: `it went back to ${versions}: all of it runs by that again, and is registered`,
  where: { host },
  ...(lost !== '' && { why: `ended for that: ${lost}` }),
});

const notBack = (host: string, versions: string): Problem => ({
  kind: 'verify',
  what: `it could not be brought back to ${versions}`,
  where: { host },
  next: [look('see what runs: fcops status tells; run the same again when that is mended')],
});

const noWayBack = (host: string): Problem => ({
  kind: 'verify',
  what: 'it is not known which version it had before, so it is left as it is',
  where: { host },
});
