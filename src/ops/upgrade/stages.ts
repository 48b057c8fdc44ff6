import type { Size } from '../../engine/batches.ts';
import type { Leg, Stage } from '../../engine/flow.ts';
import { changesOf } from '../../engine/plan.ts';
import type { DeployHost } from '../deploy-host.ts';
import { applyTo, jobsOf, notBegun, stage } from '../deploy-stages.ts';
import { onward } from '../onward.ts';
import { drainStage } from '../stop/drain.ts';
import { beforeStop, startEndedStage, stopStage, windowStage } from '../stop/stages.ts';
import { goBack } from './back.ts';
import { versionCheck } from './check.ts';
import type { UpgradeContext } from './context.ts';
import { withoutFetch } from './context.ts';
import { versionsFor } from './programs.ts';
import { versionsIn } from './versions.ts';

const FETCHED = 'not begun: it has the version beside the one that it goes on with';

type UpgradeStage = Stage<DeployHost>;

/**
 * All hosts are looked at, agreed to and given the version before anything of one is stopped; then the parts, the miner
 * before the workers: one host of each shows that the version runs, before the others get it.
 */
export const upgradeLegs =
  (context: UpgradeContext, turns: readonly UpgradeStage[], sizes: readonly Size[]) =>
  (
    parts: readonly (readonly DeployHost[])[],
    opening: (own: readonly DeployHost[]) => Pick<Leg<DeployHost>, 'concerns' | 'first' | 'gate'>,
  ): readonly Leg<DeployHost>[] => [
    { ...opening(parts.flat()), rolling: [fetchStage(context)], batches: [], notBegun: FETCHED },
    ...parts.map((own) => ({
      concerns: (host: DeployHost) => own.includes(host),
      first: [],
      rolling: upgradeStages(context, turns),
      batches: sizes,
      notBegun: FETCHED,
    })),
  ];

/** After a look: what a host had before is known from now on. */
export const noteStage = (context: UpgradeContext, looking: UpgradeStage): UpgradeStage => ({
  ...looking,
  work: async (host) => {
    const result = await looking.work(host);
    if (host.plan === null) return result;
    const versions = versionsIn(host.plan, context.upgrade, host.host);
    const known = context.had.get(host.host) ?? new Map();
    const wanted = versionsFor(host.host, context.upgrade);
    // One that was on its way already says nothing of what it had.
    const before = [...versions].map(
      ([key, now]) => [key, now === wanted.get(key) ? (known.get(key) ?? null) : now] as const,
    );
    context.had.set(host.host, new Map(before));
    context.standing.set(host.host, versions);
    return result;
  },
});

/** Brings the version to a host, where nothing runs by it yet. */
export const fetchStage = (context: UpgradeContext): UpgradeStage =>
  stage(context, {
    name: 'fetch',
    width: 'apply',
    concerns: ({ plan }) => plan !== null && jobsOf(plan, context).fetch.changes.length > 0,
    work: async (host) => {
      if (context.signal.aborted) return host.result('stopped', [notBegun(host.name)]);
      if (host.plan === null) return null;
      const failed = await applyTo(host, jobsOf(host.plan, context).fetch, context);
      // It may be hours until its turn has come.
      await host.session.close();
      return failed;
    },
  });

/**
 * What is done to a host when its turn has come: its workers end their tasks, it is stopped, switched over and started,
 * and the miner has it again. What fails on the way goes back to the version before.
 */
export const upgradeStages = (
  context: UpgradeContext,
  turns: readonly UpgradeStage[],
): readonly UpgradeStage[] => [
  ...(context.mode.drain === null ? [] : [drainStage(context)]),
  ...turns.map((turn) => beforeStop(turn, context)),
  ...(context.guard.waits ? [windowStage(context)] : []),
  switching(stopStage(withoutFetch(context)), context),
  switching(starting(startEndedStage(context), context), context),
  {
    ...versionCheck(context, (host) => versionsFor(host, context.upgrade)),
    // What nobody can tell says nothing against the version: a miner that does not answer would not know the old one.
    goBack: async (host, failed) =>
      failed.problems.every(({ kind }) => kind === 'unseen') ? failed : goBack(host, failed, context),
  },
];

/** One that ends well goes on: it is not over before it was checked. */
const switching = (one: UpgradeStage, context: UpgradeContext): UpgradeStage => ({
  ...one,
  concerns: ({ plan }) => plan !== null && changesOf(plan).length > 0,
  work: async (host) => {
    context.moved.add(host.host);
    context.standing.delete(host.host);
    return onward(one).work(host);
  },
  goBack: (host, failed) => goBack(host, failed, context),
});

/** What is started by this run is at no task of before. */
const starting = (one: UpgradeStage, context: UpgradeContext): UpgradeStage => ({
  ...one,
  work: async (host) => {
    const names = (host.plan ? changesOf(host.plan) : []).map(({ title }) => title);
    context.started.set(host.host, new Set(names));
    return one.work(host);
  },
});
