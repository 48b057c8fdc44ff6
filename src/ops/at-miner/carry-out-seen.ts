import type { Problem } from '../../core/problem.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import type { Query } from '../../engine/query.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { ApplyDeps } from './apply.ts';
import type { AskedCluster } from './asked.ts';
import type { Came, CarryEvent } from './carry-out.ts';
import { carryOut } from './carry-out.ts';
import type { Looks } from './until-seen.ts';
import { untilSeen } from './until-seen.ts';

/** What came of all of it, as it was seen afterwards. */
export interface SeenOutcomes<Outcome> {
  readonly outcomes: readonly Outcome[];
  /** What stood against the run as a whole. */
  readonly problems: readonly Problem[];
  readonly isStopped: boolean;
}

/** What happens meanwhile, and that it is looked what came of it. */
export type SeenEvent = CarryEvent | { readonly type: 'looking' };

/** Things that lotus-miner is to be told, and how it is seen what came of each. */
export interface SeenBatch<Item, Look, Outcome> {
  readonly items: readonly Item[];
  /** One for each of them. */
  readonly changes: readonly ChangeItem[];
  /** The question for those that may have been done. */
  readonly query: (mayBe: readonly Item[]) => Query<Look>;
  /** What came of one; null: nothing was seen. */
  readonly outcome: (item: Item, came: Came, look: Look | null) => Outcome;
  /** Whether nothing more comes of it. */
  readonly isSettled: (outcome: Outcome) => boolean;
  readonly looks: Looks;
}

/** Has lotus-miner told one thing after the other, and looks until it is seen what came of all that may be done. */
export const carryOutSeen = async <Item, Look, Outcome>(
  asked: AskedCluster,
  { items, changes, query, outcome, isSettled, looks }: SeenBatch<Item, Look, Outcome>,
  targetOf: (host: Host) => Target,
  deps: ApplyDeps,
  onEvent: (event: SeenEvent) => void,
): Promise<SeenOutcomes<Outcome>> => {
  const { came, problems, isStopped } = await carryOut(asked, changes, targetOf, deps, onEvent);
  const outcomesBy = (look: Look | null) =>
    items.map((item, index) => outcome(item, came[index] ?? NOT_BEGUN, look));
  const mayBe = items.filter((_, index) => MAY_BE.includes(came[index]?.type));
  if (mayBe.length === 0) return { outcomes: outcomesBy(null), problems, isStopped };
  onEvent({ type: 'looking' });
  const areSettled = (look: Look) => outcomesBy(look).every(isSettled);
  const look = await untilSeen(asked, query(mayBe), areSettled, looks, targetOf, deps);
  return { outcomes: outcomesBy(look), problems, isStopped };
};

const NOT_BEGUN: Came = { type: 'not begun', why: null };
const MAY_BE: readonly (Came['type'] | undefined)[] = ['asked', 'unknown'];
