import { FcopsError, type Problem } from '../../core/problem.ts';
import type { ApplyJob } from '../../engine/apply/apply.ts';
import { lockedProblem } from '../../engine/lock/holder.ts';
import { changesOf, planHost } from '../../engine/plan.ts';
import type { Session } from '../../engine/session.ts';
import type { Step } from '../../resources/kinds.ts';
import type { Task } from '../../resources/resource.ts';
import { obstacleProblems } from '../obstacles.ts';
import type { RoleHosts } from '../role-work.ts';
import { runName, stamp } from '../run-name.ts';
import type { BootstrapEvent, Bootstrapped } from './events.ts';
import type { SetupFlow } from './flow.ts';
import { SETUP } from './flow.ts';
import type { HostState } from './host-state.ts';
import { hostStateQuery } from './host-state.ts';
import { notSeen, stuck, unasked, withAdvice } from './problems.ts';
import type { Setup, StepName } from './setup.ts';
import type { SetupStep, StepState, Work } from './setup-step.ts';
import { jobOf, runOf, stepOfRun } from './step-runs.ts';
import type { SeenStep } from './steps/steps.ts';
import { seenSteps } from './steps/steps.ts';
import { Pace } from './time-left.ts';

/** Milliseconds between two looks at something that goes on. */
const POLL = 3_000;

/** What the set-up of one host takes from outside. */
export interface BootstrapDeps {
  readonly session: Pick<Session, 'ask' | 'look' | 'apply' | 'rejoin' | 'close'>;
  readonly emit: (event: BootstrapEvent) => void;
  /** Milliseconds. */
  readonly now: () => number;
  readonly date: () => Date;
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** `alice@ops1` */
  readonly who: string;
  /** Where money or data is at stake; `unasked`: nobody is there who could answer. */
  readonly confirm: (step: SetupStep, confirm: NonNullable<Work['confirm']>) => Promise<boolean | 'unasked'>;
  /** The tasks that set keys of config.toml of one of the programs. */
  readonly configTasks: (program: 'lotus' | 'lotus-miner') => Promise<readonly Task[]>;
}

/**
 * The set-up of one miner: it looks at all steps, does the first that is not done, and looks again, until all are.
 * Nothing is remembered: whoever calls it again, from wherever, goes on with what the host shows.
 */
export class Bootstrap {
  readonly #setup: Setup;
  readonly #flow: SetupFlow;
  readonly #hosts: Pick<RoleHosts, 'digest'>;
  readonly #deps: BootstrapDeps;
  readonly #host: string;
  /** What was shown of each step last. */
  readonly #shown = new Map<StepName, StepState>();
  readonly #begun = new Map<StepName, number>();
  readonly #paces = new Map<StepName, Pace>();
  /** The step that was carried out last: the look after it has to show it. */
  #did: StepName | null = null;
  /** What was told last of a step that is waited for. */
  #said = '';
  /** The step that is at work on the host, or waited for. */
  at: { readonly step: StepName; readonly goesOn: boolean } | null = null;

  constructor(setup: Setup, hosts: Pick<RoleHosts, 'digest'>, deps: BootstrapDeps, flow: SetupFlow = SETUP) {
    this.#setup = setup;
    this.#flow = flow;
    this.#hosts = hosts;
    this.#deps = deps;
    this.#host = setup.host.name;
  }

  /** `check`: only looks. Rejects with an FcopsError where a step fails, or where somebody has to decide first. */
  async run(check: boolean): Promise<Bootstrapped> {
    for (;;) {
      const seen = await this.#look();
      const steps = this.#show(seen);
      const left = steps.filter(({ state }) => state.type !== 'done');
      if (check) return { state: 'checked', left: left.length };
      const underWay = seen.holder === null ? null : stepOfRun(seen.holder.run, this.#flow.steps);
      const [next] = left;
      if (seen.holder && underWay) await this.#takeUp(seen.holder.run, underWay, seen);
      else if (!next) return { state: 'done', outcome: this.#flow.outcome(seen, this.#setup) };
      else if ((await this.#act(next, seen)) === 'declined')
        return { state: 'declined', step: next.step.name };
    }
  }

  /** Goes on with the first step that is not done. */
  async #act({ step, state }: SeenStep, seen: HostState): Promise<'declined' | 'went on'> {
    switch (state.type) {
      case 'waits':
        await this.#wait(step, state, seen);
        return 'went on';
      case 'to do': {
        if (this.#did === step.name) throw new FcopsError(notSeen(step, state, this.#host, this.#flow.check));
        const outcome = await this.#do(step, state);
        if (outcome === 'declined') return outcome;
        if (outcome === 'carried out') this.#did = step.name;
        else await this.#deps.pause(POLL);
        return 'went on';
      }
      case 'done':
        return 'went on';
      default:
        throw new FcopsError(stuck(step, state, this.#host));
    }
  }

  #look(): Promise<HostState> {
    return this.#deps.session.ask(hostStateQuery(this.#setup));
  }

  /** All steps at first, then those that have come to be done. */
  #show(seen: HostState): readonly SeenStep[] {
    const { emit, now } = this.#deps;
    const steps = seenSteps(seen, this.#setup, this.#flow.steps);
    if (this.#shown.size === 0)
      emit({
        type: 'steps',
        what: this.#flow.name,
        host: this.#host,
        miner: this.#setup.cluster.miner,
        steps: steps.map(({ step: { name, title }, state }) => ({
          name,
          title,
          state: state.type,
          says: state.says,
        })),
      });
    for (const { step, state } of steps) {
      const before = this.#shown.get(step.name);
      this.#shown.set(step.name, state);
      if (before === undefined || before.type === 'done' || state.type !== 'done') continue;
      const begun = this.#begun.get(step.name) ?? now();
      emit({
        type: 'step-done',
        host: this.#host,
        step: step.name,
        title: step.title,
        says: state.says,
        seconds: (now() - begun) / 1000,
      });
    }
    return steps;
  }

  /** Time, or somebody else, brings it about: it is looked at until it is done. */
  async #wait(step: SetupStep, state: Extract<StepState, { type: 'waits' }>, seen: HostState): Promise<void> {
    const { emit, pause } = this.#deps;
    this.#beginTime(step.name);
    if (this.at?.step !== step.name || this.#said !== state.says) {
      const isNumber = state.progress !== undefined && this.at?.step === step.name;
      // What only counts on is told as progress.
      if (!isNumber)
        emit({ type: 'waits', host: this.#host, step: step.name, title: step.title, says: state.says });
      this.#said = state.says;
    }
    this.at = { step: step.name, goesOn: false };
    this.#tell(step, state.progress ?? step.progress?.(seen, this.#setup) ?? null);
    await pause(POLL);
  }

  async #do(
    step: SetupStep,
    state: Extract<StepState, { type: 'to do' }>,
  ): Promise<'carried out' | 'declined' | 'locked'> {
    const { work } = state;
    const { confirm, emit } = this.#deps;
    if (work.confirm) {
      const answer = await confirm(step, work.confirm);
      if (answer === 'unasked') throw new FcopsError(unasked(step, this.#host));
      if (!answer) return 'declined';
    }
    const steps = [...(await this.#configuring(work)), ...work.steps];
    emit({
      type: 'step-begin',
      host: this.#host,
      step: step.name,
      title: step.title,
      says: state.says,
      takenUp: false,
    });
    const job = this.#job(runOf(runName(this.#deps.date(), this.#deps.random), step), step, steps);
    const applied = await this.#atWork(step, () => this.#deps.session.apply(job));
    if (applied.state === 'locked') {
      // Another set-up may have come first: it is taken up then.
      const { holder } = await this.#look();
      if (holder && !stepOfRun(holder.run, this.#flow.steps))
        throw new FcopsError(lockedProblem(this.#host, holder));
      return 'locked';
    }
    if (applied.state !== 'done') throw new FcopsError(await this.#advised(step, applied.problems));
    return 'carried out';
  }

  /** What was begun by a controller that is gone, or by another one: followed to its end. */
  async #takeUp(run: string, step: SetupStep, before: HostState): Promise<void> {
    const { emit, session, pause } = this.#deps;
    if (this.at?.step !== step.name || !this.at.goesOn)
      emit({
        type: 'step-begin',
        host: this.#host,
        step: step.name,
        title: step.title,
        says: `is at work on the host since ${before.holder?.since ?? ''}`,
        takenUp: true,
      });
    const job = this.#job(run, step, []);
    const applied = await this.#atWork(step, () => session.rejoin(job));
    const seen = await this.#look();
    if (seen.holder?.run === run) {
      // Its runner was killed, and what it had begun goes on by itself.
      this.at = { step: step.name, goesOn: true };
      this.#tell(step, step.progress?.(seen, this.#setup) ?? null);
      await pause(POLL);
      return;
    }
    if (applied === null || applied.state === 'done' || applied.state === 'stopped') return;
    const state = step.look(seen, this.#setup);
    if (state.type !== 'done') throw new FcopsError(withAdvice(applied.problems, state));
  }

  /** Where the host now shows what somebody has to do first, that is the advice: another run would only stop there. */
  async #advised(step: SetupStep, problems: readonly Problem[]): Promise<readonly Problem[]> {
    try {
      return withAdvice(problems, step.look(await this.#look(), this.#setup));
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      return problems;
    }
  }

  /** Shows how far a step has come while the host is at it. */
  async #atWork<T>(step: SetupStep, work: () => Promise<T>): Promise<T> {
    this.#beginTime(step.name);
    this.at = { step: step.name, goesOn: true };
    let isOver = false;
    const watch = async () => {
      const { progress } = step;
      while (progress && !isOver) {
        await this.#deps.pause(POLL);
        if (isOver) return;
        try {
          this.#tell(step, progress(await this.#look(), this.#setup));
        } catch (error) {
          // The work itself says what is wrong with the host.
          if (!(error instanceof FcopsError)) throw error;
        }
      }
    };
    const watching = watch();
    try {
      return await work();
    } finally {
      isOver = true;
      this.at = { step: step.name, goesOn: false };
      void watching.catch(() => {});
    }
  }

  #tell({ name }: SetupStep, progress: ReturnType<NonNullable<SetupStep['progress']>>): void {
    if (progress === null) return;
    const pace = this.#paces.get(name) ?? new Pace();
    this.#paces.set(name, pace);
    const secondsLeft = pace.left(progress, this.#deps.now());
    this.#deps.emit({ type: 'progress', host: this.#host, step: name, progress, secondsLeft });
  }

  #beginTime(name: StepName): void {
    if (!this.#begun.has(name)) this.#begun.set(name, this.#deps.now());
  }

  /** The steps that set what config.toml lacks, as a deploy would. */
  async #configuring({ configures }: Work): Promise<readonly Step[]> {
    if (configures === undefined) return [];
    const { session, configTasks } = this.#deps;
    const tasks = await configTasks(configures);
    const { seen } = await session.look(tasks);
    const plan = planHost(this.#host, tasks, seen, this.#hosts.digest);
    const problems = obstacleProblems(plan);
    if (problems.length > 0) throw new FcopsError(problems);
    return changesOf(plan).flatMap(({ change }) => change.steps);
  }

  #job(run: string, step: SetupStep, steps: readonly Step[]): ApplyJob {
    const { who, date } = this.#deps;
    return jobOf(step, steps, { host: this.#host, holder: { who, run, since: stamp(date()) } });
  }
}
