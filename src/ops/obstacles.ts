import { groupBy } from '../core/group-by.ts';
import type { Problem } from '../core/problem.ts';
import { count } from '../core/units.ts';
import type { HostPlan } from '../engine/plan.ts';
import { obstaclesOf } from '../engine/plan.ts';

/** What is in the way of changing a host, as problems: checks one by one, what could not be seen by its reason. */
export const obstacleProblems = (plan: HostPlan): Problem[] => {
  const obstacles = obstaclesOf(plan);
  const checks = obstacles.flatMap((item): Problem[] => {
    if (item.state !== 'violated') return [];
    const { message, next } = item.violation;
    const where = { host: plan.host, task: item.task };
    return [{ kind: 'check', what: message, where, ...(next !== undefined && { next }) }];
  });
  const unseen = obstacles.flatMap((item) => (item.state === 'unknown' ? [item] : []));
  return [...checks, ...unseenProblems(plan.host, unseen)];
};

/** Something that could not be seen, and why. */
interface Unseen {
  readonly task: string;
  readonly title: string;
  readonly reason: string;
}

/** Titles that are named where one reason keeps several things from being seen. */
const NAMED = 3;

/** One problem for each reason: a host whose `stat` answers nonsense has one, not forty. */
export const unseenProblems = (host: string, items: readonly Unseen[]): Problem[] =>
  [...groupBy(items, ({ reason }) => reason)].map(([why, ones]): Problem => {
    const [first, second] = ones;
    const titles = ones.map(({ title }) => title);
    const more = titles.length > NAMED ? ` and ${titles.length - NAMED} more` : '';
    return {
      kind: 'unseen',
      what: second
        ? `${count(titles.length, 'resource')} could not be seen: ${titles.slice(0, NAMED).join(', ')}${more}`
        : `${titles.join('')} could not be seen`,
      where: { host, ...(first && !second && { task: first.task }) },
      why,
    };
  });
