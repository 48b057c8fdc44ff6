import type { Facts } from '../core/facts.ts';
import { fcopsCommand } from '../core/next.ts';
import type { LockHolder, Problem } from '../core/problem.ts';
import { count } from '../core/units.ts';
import type { Applied } from '../engine/apply/apply.ts';
import type { HostResult, HostState } from '../engine/events.ts';
import type { Traveller } from '../engine/flow.ts';
import type { Look } from '../engine/look-script.ts';
import type { ChangeItem, HostPlan, PlanItem } from '../engine/plan.ts';
import { changesOf, idleOf, planHost, rebootReasonsOf, restartsOf, warningsOf } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import type { Host } from '../inventory/cluster.ts';
import type { WorkOfProcesses } from '../resources/process/at-work.ts';
import { isOfStart } from '../resources/process/start-kinds.ts';
import type { Task } from '../resources/resource.ts';
import { mayBeStartedBy } from './held-by.ts';
import type { RoleWork } from './role-work.ts';
import { factsFor } from './role-work.ts';

/** What a host on its way needs of its session. */
export type HostSession = Pick<
  Session,
  'open' | 'warm' | 'look' | 'ask' | 'apply' | 'hold' | 'rejoin' | 'reboot' | 'comeBack' | 'close'
>;

/** A host on its way through a plan or a deploy: its session, and what is known of it so far. */
export class DeployHost implements Traveller {
  readonly name: string;
  readonly session: HostSession;
  readonly host: Host;
  /** Null once it has ended, or before its turn has come: tasks hold all its texts. */
  #tasks: readonly Task[] | null = null;
  /** What the last look found; null before the first. */
  plan: HostPlan | null = null;
  /** How it ended without a plan. */
  unplanned: HostResult | null = null;
  /** The run that has to be taken up to go on, where the same command would do all of it again; null: it would not. */
  goesOnBy: string | null = null;
  /** Who was changing it when it was looked at. */
  lockedBy: LockHolder | null = null;
  /** Resources that were as they shall be from the start. */
  #same = 0;
  #planned = 0;
  /** Changes that a run which is taken up has made before this one looked. */
  #before = 0;
  succeeded = 0;
  /** Milliseconds at work: waiting for an answer or for its turn is not its own. */
  #spent = 0;
  /** The milliseconds of the work that is under way. */
  #underWay: () => number = () => 0;

  constructor(host: Host, session: HostSession) {
    this.name = host.name;
    this.host = host;
    this.session = session;
  }

  /** Looks, and compares with what the host shall be. */
  async look(work: RoleWork, atWork?: WorkOfProcesses): Promise<Look & { readonly plan: HostPlan }> {
    this.#tasks ??= work.tasksOf(this.host);
    const look = await this.session.look(this.#tasks);
    const seen = { ...withFacts(look.seen, factsFor(this.host)), ...(atWork && { atWork }) };
    const first = this.plan === null;
    const compared = planHost(this.name, this.#tasks, seen, work.digest, work.showReplaced);
    // Later it is this run itself that has the host.
    const plan = first && look.lockedBy ? heldByAnother(compared, look.lockedBy) : compared;
    this.plan = plan;
    if (first) {
      // What a run that is taken up has changed is as it shall be by now, and counts once.
      this.#same = Math.max(0, plan.same - this.succeeded);
      this.#planned = changesOf(plan).length;
      this.#before = this.succeeded;
    }
    return { ...look, plan };
  }

  /** What the host shall be; none before that was worked out. */
  get tasks(): readonly Task[] {
    return this.#tasks ?? [];
  }

  /** Works out what the host shall be, before it is asked anything. */
  prepare(work: RoleWork): void {
    this.#tasks ??= work.tasksOf(this.host);
  }

  /** Goes on to other work: what it shall be now counts from the next look on. */
  turnTo(work: RoleWork): void {
    this.#tasks = work.tasksOf(this.host);
  }

  /** Counts the time that something takes as the host's own. */
  async timed<T>(now: () => number, work: () => Promise<T>): Promise<T> {
    const begun = now();
    // A result is made before the work that it ends is over.
    this.#underWay = () => now() - begun;
    try {
      return await work();
    } finally {
      this.#spent += now() - begun;
      this.#underWay = () => 0;
    }
  }

  /** Ends it before there is a plan. */
  endUnplanned(state: HostState, problems: readonly Problem[]): HostResult {
    this.unplanned = this.result(state, problems);
    return this.unplanned;
  }

  /** Why the machine has to be started anew, as the last look has it. */
  get reboot(): readonly string[] {
    return this.plan ? rebootReasonsOf(this.plan) : [];
  }

  /** How it ended, from what is known of it. */
  result(state: HostState, problems: readonly Problem[] = []): HostResult {
    return {
      host: this.name,
      state,
      changed: this.succeeded,
      skipped: state === 'changed' ? 0 : Math.max(0, this.#planned - (this.succeeded - this.#before)),
      same: this.#same,
      seconds: (this.#spent + this.#underWay()) / 1000,
      reboot: this.reboot,
      restart: this.plan ? restartsOf(this.plan) : [],
      idle: this.plan ? idleOf(this.plan) : [],
      warnings: this.plan ? warningsOf(this.plan) : [],
      problems: this.goesOnBy === null ? problems : problems.map(goingOn(this.goesOnBy)),
    };
  }

  /** Ends the connection, and lets go of all that only the way needed. */
  async release(): Promise<void> {
    this.#tasks = null;
    await this.session.close();
  }
}

/** Whatever keeps a run from its end: to take it up is told, and not to type the same again. */
const goingOn =
  (run: string) =>
  (problem: Problem): Problem => {
    if (problem.next === undefined) return problem;
    const before = problem.kind === 'locked' ? 'wait for it to end, then go on' : 'to go on';
    const next = problem.next.map((one) =>
      one.type === 'again' ? fcopsCommand(['resume', run], before) : one,
    );
    return { ...problem, next };
  };

/** What does not run may be about to be started by the run that has the host: to start it as well is no advice. */
const heldByAnother = (plan: HostPlan, holder: LockHolder): HostPlan => {
  const next = [mayBeStartedBy(holder)];
  return {
    ...plan,
    items: plan.items.map((item): PlanItem => {
      const { task, kind, resource, title } = item;
      if (isOfStart(item) && item.state === 'violated')
        return { ...item, violation: { ...item.violation, next } };
      if (item.state !== 'idle') return item;
      const message = `none of the ${item.idle.processes.length} processes of this host runs yet`;
      const violation = { message, next, severity: 'warn' } as const;
      return { state: 'violated', task, kind, resource, title, violation };
    }),
  };
};

const withFacts = (seen: Look['seen'], factsOf: ((observed: Facts) => Facts) | undefined): Look['seen'] =>
  factsOf ? { ...seen, facts: factsOf(seen.facts), observedFacts: seen.facts } : seen;

/** What is left to do after all was done, as problems: at most three in full. */
export const leftProblems = (host: string, left: readonly PlanItem[]): Problem[] => {
  const problems = left.slice(0, 3).map(
    ({ task, resource }): Problem => ({
      kind: 'verify',
      what: `${resource} is still not as required, though its step succeeded`,
      where: { host, task },
      next: [
        {
          type: 'look',
          text: 'something else changes it, or the step does not do what it says: fcops plan shows the difference',
        },
      ],
    }),
  );
  if (left.length <= 3) return problems;
  const more: Problem = {
    kind: 'verify',
    what: `and ${count(left.length - 3, 'more resource')}`,
    where: { host },
  };
  return [...problems, more];
};

/** What the end of its steps means for a host; null: all were carried out. */
export const stateAfter = ({ state }: Applied): HostState | null => {
  switch (state) {
    case 'done':
      return null;
    case 'locked':
      return 'blocked';
    case 'lost':
      return 'unreachable';
    default:
      return state;
  }
};

/** Whether a change fetches something from the artifact server. */
export const fetches = ({ change }: ChangeItem): boolean =>
  change.steps.some(({ step }) => step === 'put-archive');
