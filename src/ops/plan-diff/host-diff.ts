import type { Facts } from '../../core/facts.ts';
import { FcopsError, inShort } from '../../core/problem.ts';
import type { PlanItem } from '../../engine/plan.ts';
import { planHost } from '../../engine/plan.ts';
import { pathLook } from '../../resources/path/look.ts';
import type { FileView, Resource, Task } from '../../resources/resource.ts';
import { SAME } from '../../resources/resource.ts';
import { changedAsWritten } from './as-written.ts';
import { comparedCheck } from './compared-check.ts';
import { STAND_INS } from './stand-ins.ts';
import type { FactsRead, Wanted } from './thought-of.ts';
import { thoughtOf, withPlaceholders } from './thought-of.ts';

/** What changes on one host between two states that it is to have. */
export interface HostDiff {
  /** As a deploy to the host would find it where everything of before has been done. */
  readonly items: readonly PlanItem[];
  /** What fcops kept as it was to be, and no longer does: it stays on the host. */
  readonly left: readonly string[];
  /** Processes that are to run and were not. */
  readonly added: readonly string[];
  /** Facts that it follows from. */
  readonly read: ReadonlySet<keyof Facts>;
  /** Those of them that are known nowhere. */
  readonly missing: ReadonlySet<keyof Facts>;
}

/** `tasks`: those that are asked about, where that is not all. */
export interface Asked extends Wanted {
  readonly chosen?: readonly Task[];
}

/**
 * Compares what a host is to be with what it was to be. Pure, and without a host: it is planned as one on which all of
 * `before` has been done and whose processes run.
 */
export const hostDiff = (before: Asked, after: Asked): HostDiff => {
  const [one, other] = STAND_INS;
  const first = diffBy(before, after, one);
  if (first.missing.size === 0) return first;
  const second = diffBy(before, after, other);
  return { ...first, items: independentItems(first, second) };
};

const diffBy = (before: Asked, after: Asked, standIn: Facts): HostDiff => {
  const facts: FactsRead = { read: new Set(), missing: new Set() };
  const { seen, deployed } = thoughtOf(before, after, standIn, facts);
  const were = byId(before.tasks);
  const tasks = (after.chosen ?? after.tasks).map((task) => ({
    ...task,
    resources: task.resources.map((resource) => comparable(resource, were.get(resource.id), facts)),
  }));
  const { items } = planHost(after.host.name, tasks, seen, deployed.digest, true);
  const are = byId(tasks);
  return {
    items: items
      // Of a host that is only thought of all processes run, but for those that are new.
      .filter(({ kind, state }) => kind !== 'process' || state === 'restart')
      .map((item) =>
        changedAsWritten(
          item,
          { resource: were.get(item.resource), facts: deployed.facts },
          { resource: are.get(item.resource), facts: seen.facts },
        ),
      ),
    left: leftBy(before.chosen ?? before.tasks, after.chosen ?? after.tasks),
    added: [...are.values()].flatMap(({ kind, id, title }) =>
      kind === 'process' && !were.has(id) ? [title] : [],
    ),
    ...facts,
  };
};

const byId = (tasks: readonly Task[]): ReadonlyMap<string, Resource> =>
  new Map(tasks.flatMap(({ resources }) => resources.map((one) => [one.id, one] as const)));

/** A resource whose comparison never throws, and of a check what it asks for in the place of what it finds. */
const comparable = (resource: Resource, was: Resource | undefined, facts: FactsRead): Resource => {
  const compared = resource.isCheck === true ? comparedCheck(resource, was, facts) : resource;
  return {
    ...resource,
    diff: (seen, context) => {
      try {
        return compared.diff(seen, context);
      } catch (error) {
        if (!(error instanceof FcopsError)) throw error;
        const { file } = resource;
        const isThere = file && pathLook.seen(seen, file.path)?.type !== 'absent';
        // It could not be worked out before, either.
        if (was?.file && file && !isThere && isSameAnywhere(was.file, file)) return SAME;
        return { state: 'unknown', reason: error.problems.map(inShort).join('; ') };
      }
    },
  };
};

/** Whether a file is the same on machines that have nothing in common: what it is on one of which that cannot be told, too. */
const isSameAnywhere = (was: FileView, is: FileView): boolean => {
  try {
    return STAND_INS.every((facts) => fileText(was, facts) === fileText(is, facts));
  } catch (error) {
    if (error instanceof FcopsError) return false;
    throw error;
  }
};

const fileText = ({ mode, content }: FileView, facts: Facts): string =>
  `${mode}\n${withPlaceholders(typeof content === 'function' ? content(facts) : content)}`;

const managed = (tasks: readonly Task[]): ReadonlySet<string> =>
  new Set(tasks.flatMap(({ resources }) => resources.flatMap(({ manages, title }) => manages ?? [title])));

const leftBy = (before: readonly Task[], after: readonly Task[]): readonly string[] => {
  const still = managed(after);
  return [...managed(before)].filter((name) => !still.has(name));
};

/** What is the same whatever the machine is; of the rest only that it follows from the machine. */
const independentItems = (first: HostDiff, second: HostDiff): readonly PlanItem[] => {
  const others = new Map(second.items.map((item) => [item.resource, item]));
  const reason = `it may change: it follows from facts of the machine that are saved nowhere (${[...first.missing].sort().join(', ')}); fcops facts --save keeps them`;
  const own = first.items.map((item): PlanItem => {
    const other = others.get(item.resource);
    others.delete(item.resource);
    return JSON.stringify(item) === JSON.stringify(other) ? item : notKnown(item, reason);
  });
  return [...own, ...[...others.values()].map((item) => notKnown(item, reason))];
};

const notKnown = ({ task, kind, resource, title }: PlanItem, reason: string): PlanItem => ({
  ...{ task, kind, resource, title },
  state: 'unknown',
  reason,
});
