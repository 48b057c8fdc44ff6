import { dayOf } from '../core/moment.ts';
import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { count } from '../core/units.ts';
import type { Host } from '../inventory/cluster.ts';
import type { Overrides } from '../inventory/overrides-file.ts';
import { assertion } from '../resources/assertion/assertion.ts';
import type { Task } from '../resources/resource.ts';
import { task } from '../roles/role.ts';

/** What a degraded machine runs with for a while. */
export interface OverridesStatus {
  /** `12 P1 tasks, without GPU 2` */
  readonly what: string;
  /** The last day on which that counts: `2026-12-01`. */
  readonly until: string;
  readonly reason: string;
  readonly isOver: boolean;
}

type Overridden = Pick<Host, 'name' | 'overrides' | 'overridesAt'>;

/** Null: the machine has all that its profile says. `now`: by the clock of this machine, whose day counts. */
export const overridesStatus = ({ overrides }: Pick<Host, 'overrides'>, now: Date): OverridesStatus | null =>
  overrides === undefined
    ? null
    : {
        what: overridesText(overrides),
        until: overrides.until,
        reason: overrides.reason,
        isOver: dayOf(now) > overrides.until,
      };

const overridesText = ({ p1Tasks, memoryGiB, nodes = {}, withoutGpus = [] }: Overrides): string =>
  [
    ...(p1Tasks === undefined ? [] : [count(p1Tasks, 'P1 task')]),
    ...(memoryGiB === undefined ? [] : [`${memoryGiB} GiB of memory`]),
    ...Object.entries(nodes).map(([node, left]) => `${left} GiB on node ${node}`),
    ...(withoutGpus.length === 0
      ? []
      : [`without ${withoutGpus.length === 1 ? 'GPU' : 'GPUs'} ${withoutGpus.join(', ')}`]),
  ].join(', ');

/** `it runs with less (12 P1 tasks) until 2026-12-01: module P2-DIMMC1 is gone` */
export const overridesMessage = ({ what, until, reason, isOver }: OverridesStatus): string =>
  `${isOver ? `its overrides (${what}) were good until ${until}, and are over` : `it runs with less (${what}) until ${until}`}: ${reason}`;

export const OVERRIDES_OVER = [
  edit('mend the machine and take `overrides` out of the inventory, or give them a later `until`'),
];

/** Overrides that are over, as a problem of the file; null: there are none. */
export const overProblem = (host: Overridden, now: Date): Problem | null => {
  const status = overridesStatus(host, now);
  if (status === null || !status.isOver) return null;
  return {
    kind: 'inventory',
    what: overridesMessage(status),
    where: { ...host.overridesAt, host: host.name },
    next: OVERRIDES_OVER,
  };
};

/** What a plan tells of overrides: a warning as long as they count, and what stops the host when they are over. */
export const overridesTasks = (host: Overridden, now: Date): readonly Task[] => {
  const status = overridesStatus(host, now);
  if (status === null) return [];
  const message = overridesMessage(status);
  return [
    task(
      'overrides',
      ['checks'],
      [
        assertion({
          name: 'overrides',
          asks: [],
          severity: status.isOver ? 'enforce' : 'warn',
          check: () => (status.isOver ? { message, next: OVERRIDES_OVER } : { message }),
        }),
      ],
    ),
  ];
};
