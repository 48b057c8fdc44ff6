import type { ChangeItem, HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import type { KeptState } from '../../resources/kept/kept.ts';
import type { Step } from '../../resources/kinds.ts';
import type { Left, LeftOnHost } from './look.ts';

/** Who made something other than it is wanted: somebody on the host, or it cannot be known. */
export type DriftState = 'changed' | 'unknown';

/** What of a plan is drift: what is on the host is not what fcops left there. */
export interface Drift {
  /** By resource, those that are left in the plan. */
  readonly states: ReadonlyMap<string, DriftState>;
  /** Differences that are none: the host is as it was left, and something else is wanted of it now. */
  readonly pending: number;
}

/** One thing that a step changes, as runs keep it, and what the plan saw of it; null: the host is asked. */
interface Touched {
  readonly key: string;
  readonly seen: string | null;
  /** Others write there too: that it is not as it was left says nothing of what is ours in it. */
  readonly isShared: boolean;
}

/** What a host is asked about before anybody can say what of its plan is drift. */
export const driftKeys = (plan: HostPlan): readonly string[] => [
  ...new Set(changesOf(plan).flatMap((item) => touchedBy(item).map(({ key }) => key))),
];

/**
 * The plan with those changes alone that mend what somebody has changed on the host since fcops left it, and those of
 * which that cannot be known; each says which. Of what is owed or wrong without a change nothing is left.
 */
export const onlyDrift = (
  plan: HostPlan,
  left: LeftOnHost | { readonly why: string },
): { readonly plan: HostPlan; readonly drift: Drift } => {
  const found = changesOf(plan).map((item) => ({ item, origin: originOf(item, left) }));
  const items = found.flatMap(({ item, origin }) => (origin === null ? [] : [saying(item, origin.why)]));
  const states = new Map(
    found.flatMap(({ item, origin }) => (origin === null ? [] : [[item.resource, origin.state] as const])),
  );
  const unseen = plan.items.filter(({ state }) => state === 'unknown');
  return {
    plan: { ...plan, items: [...unseen, ...items] },
    drift: { states, pending: found.length - items.length },
  };
};

/** Where a difference comes from, and how that is known; null: from what is wanted. */
type Origin = { readonly state: DriftState; readonly why: string } | null;

const originOf = (item: ChangeItem, left: LeftOnHost | { readonly why: string }): Origin => {
  if ('why' in left) return unknown(left.why);
  if (!left.isDeployed) return null;
  const touched = touchedBy(item);
  if (touched.length === 0) return unknown('fcops keeps nothing of what it left there');
  const states = touched.map((one) => stateOf(one, left.byKey.get(one.key)));
  return (
    states.find((one) => one?.state === 'changed') ?? states.find((one) => one?.state === 'unknown') ?? null
  );
};

const stateOf = ({ key, seen, isShared }: Touched, left: Left | undefined): Origin => {
  if (left === undefined) return unknown('no run that the host keeps has changed it');
  const isAsLeft =
    seen === null ? left.now !== null && isSame(left.now, left.left) : plain(seen) === plain(left.left.state);
  if (isAsLeft) return null;
  if (isShared)
    return unknown(
      `somebody has changed ${key.replace(/^crontab:/, 'the crontab of ')} since ${left.run}, and others write there too`,
    );
  return { state: 'changed', why: `changed since ${left.run} left it` };
};

const unknown = (why: string): Origin => ({ state: 'unknown', why: `not known by whom: ${why}` });

const isSame = (now: KeptState, left: KeptState): boolean => {
  if (now.state !== left.state) return false;
  const isOwned = now.state !== 'absent' && !now.state.startsWith('link:');
  return !isOwned || (now.mode === left.mode && now.owner === left.owner && now.group === left.group);
};

/** Kernel settings have blanks or tabs between their parts. */
const plain = (value: string): string => value.trim().replace(/\s+/g, ' ');

const saying = (item: ChangeItem, why: string): ChangeItem => ({
  ...item,
  change: { ...item.change, details: [{ name: why, before: null, after: null }, ...item.change.details] },
});

const touchedBy = (item: ChangeItem): readonly Touched[] =>
  item.change.steps.flatMap((step) => touchedIn(step, item));

const touchedIn = (step: Step, { change: { details } }: ChangeItem): readonly Touched[] => {
  const beforeOf = (name: string) => details.find((one) => one.name === name)?.before ?? '';
  switch (step.step) {
    case 'put-file':
    case 'set-ownership':
    case 'put-directory':
    case 'put-link':
      return [{ key: step.path, seen: null, isShared: false }];
    case 'rewrite-file':
    case 'edit-lines':
      return [{ key: step.path, seen: null, isShared: true }];
    case 'edit-crontab':
      return [{ key: `crontab:${step.user}`, seen: step.seen, isShared: true }];
    case 'set-sysctl':
      return Object.keys(step.settings)
        .filter((name) => details.some((one) => one.name === name))
        .map((name) => ({ key: `sysctl:${name}`, seen: beforeOf(name), isShared: false }));
    case 'reexec-manager':
      return Object.keys(step.properties).map((name) => ({
        key: `manager:${name}`,
        seen: beforeOf(name),
        isShared: false,
      }));
    case 'set-hostname':
      return [{ key: 'hostname:', seen: beforeOf('running') || step.name, isShared: false }];
    default:
      return [];
  }
};
