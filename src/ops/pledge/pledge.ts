import { again, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Applied } from '../../engine/apply/apply.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import type { Host } from '../../inventory/cluster.ts';
import { PLEDGE_SECONDS } from '../../resources/pledge/step.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import type { Target } from '../../transport/connection.ts';
import type { ApplyDeps } from '../at-miner/apply.ts';
import { applyAtMiner } from '../at-miner/apply.ts';
import type { AskedCluster } from '../at-miner/asked.ts';
import { pledgeRun } from './look.ts';

/** What came of pledging. */
export interface Pledged {
  /** `lost`: the connection is, and the host goes on by itself. */
  readonly state: Applied['state'];
  readonly asked: number;
  /** Sectors that were made, as far as that is known. */
  readonly made: number;
  /** Their numbers, where lotus-miner tells them. */
  readonly sectors: readonly number[];
  /** Of so many more it is not known whether they were made, or will be. */
  readonly unknown: number;
  readonly problems: readonly Problem[];
}

/** What happens meanwhile. */
export type PledgeEvent =
  | {
      readonly type: 'pledged';
      readonly made: number;
      readonly asked: number;
      readonly sector: number | null;
    }
  | { readonly type: 'reconnect'; readonly attempt: number }
  | { readonly type: 'not-stopping'; readonly why: string };

/** Seconds besides those that lotus-miner has. */
const MARGIN = 30;

/**
 * Has the miner host pledge so many sectors, one after the other, until one fails. It runs there detached and once: a
 * connection that is lost is made again and the journal read on. When the signal fires the host stops after the sector that
 * it is at.
 */
export const pledgeSectors = async (
  cluster: AskedCluster,
  asked: number,
  targetOf: (host: Host) => Target,
  given: ApplyDeps,
  onEvent: (event: PledgeEvent) => void,
): Promise<Pledged> => {
  const seen = new Seen(asked, onEvent);
  const job = {
    changes: pledgeChanges(asked),
    emit: seen.emit,
    named: (run: string) => pledgeRun(run, asked),
  };
  const applied = await applyAtMiner(cluster, job, targetOf, given);
  return pledgedOf(applied, seen, { asked, miner: cluster.cluster.miner, host: cluster.minerHost.name });
};

/** A change for each sector; each is begun only where the one before has been made. */
export const pledgeChanges = (asked: number): readonly ChangeItem[] =>
  Array.from({ length: asked }, (_, index) => ({
    state: 'change',
    task: 'pledge',
    kind: 'pledge',
    resource: `pledge:${index + 1}`,
    title: `sector ${index + 1} of ${asked}`,
    change: {
      action: 'run',
      details: [],
      steps: [{ step: 'pledge-sector', profile: PROFILE, deadline: PLEDGE_SECONDS + MARGIN }],
    },
    ...(index > 0 && { after: [`pledge:${index}`] }),
  }));

/** What the journal has said by now. */
class Seen {
  readonly #asked: number;
  readonly #onEvent: (event: PledgeEvent) => void;
  readonly sectors: number[] = [];
  made = 0;
  hasBegun = false;
  /** The sector that is at work. */
  #isOpen = false;
  #isUnknown = false;
  #last: number | null = null;

  constructor(asked: number, onEvent: (event: PledgeEvent) => void) {
    this.#asked = asked;
    this.#onEvent = onEvent;
  }

  readonly emit = (event: RunEvent): void => {
    switch (event.type) {
      case 'step-begin':
        this.hasBegun = true;
        this.#isOpen = true;
        this.#last = null;
        return;
      case 'step-output': {
        const [, number] = /^pledged(?: (\d{1,15}))?$/.exec(event.line) ?? [];
        if (number !== undefined) this.#last = Number(number);
        if (event.line === 'pledge not known') this.#isUnknown = true;
        return;
      }
      case 'step-end':
        this.#isOpen = false;
        if (!event.ok) return;
        this.made += 1;
        if (this.#last !== null) this.sectors.push(this.#last);
        this.#onEvent({ type: 'pledged', made: this.made, asked: this.#asked, sector: this.#last });
        return;
      case 'reconnect':
        this.#onEvent({ type: 'reconnect', attempt: event.attempt });
        return;
      case 'not-stopping':
        this.#onEvent({ type: 'not-stopping', why: event.why });
    }
  };

  /** Whether it is not known of one whether it was made: it did not come to its end, or did not say. */
  get isUnknown(): boolean {
    return this.#isOpen || this.#isUnknown;
  }
}

const pledgedOf = (
  { state, succeeded, problems }: Applied,
  seen: Pick<Seen, 'sectors' | 'isUnknown' | 'hasBegun'>,
  { asked, miner, host }: { readonly asked: number; readonly miner: string; readonly host: string },
): Pledged => {
  const isOver = state === 'done' || state === 'locked';
  // A run that was not heard of may have begun, and go on.
  const isUnheard = state === 'failed' && !seen.hasBegun;
  const unknown = isOver ? 0 : state === 'lost' || isUnheard ? asked - succeeded : Number(seen.isUnknown);
  const about = { state, asked, made: succeeded, sectors: seen.sectors, unknown };
  if (state === 'done') return { ...about, problems: [] };
  const [first] = problems;
  if (state === 'locked' || !first) return { ...about, problems };
  // What was not begun because of it says the same once more.
  return { ...about, problems: [brokenOff(first, about, miner, host)] };
};

const brokenOff = (
  problem: Problem,
  { state, asked, made, unknown }: Omit<Pledged, 'problems'>,
  miner: string,
  host: string,
): Problem => {
  const of = `${made} of ${asked} sectors ${made === 1 ? 'was' : 'were'} pledged`;
  const look = fcopsCommand(
    ['pledge', '1', '--dry-run', '--miner', miner],
    'see what became of it, which it tells',
  );
  if (state === 'stopped')
    return {
      ...problem,
      what: `${problem.what}: ${of}`,
      next: [again('pledge what is missing')],
    };
  if (state === 'lost')
    return {
      ...problem,
      what: `${of} when the connection to ${host} was lost; the other ${unknown} are pledged there without it`,
      next: [look, again('pledge only what is missing then')],
    };
  return {
    ...problem,
    what: `${of}, then: ${problem.what.replace(/^pledge: /, '')}`,
    next: problem.kind === 'run' ? [look] : (problem.next ?? []),
  };
};
