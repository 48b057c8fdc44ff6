import { again, fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError, problemsOf } from '../../core/problem.ts';
import { err, ok } from '../../core/result.ts';
import type { HostResult } from '../../engine/events.ts';
import type { Stage } from '../../engine/flow.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { changesOf, rebootReasonsOf } from '../../engine/plan.ts';
import type { Query } from '../../engine/query.ts';
import type { DeployHost } from '../deploy-host.ts';
import { stage, waitingProblems } from '../deploy-stages.ts';
import { obstacleProblems } from '../obstacles.ts';
import { stayPaused } from '../stop/paused-workers.ts';
import { bootRisksQuery } from './boot-risks.ts';
import type { RebootContext } from './context.ts';
import { notBack } from './not-back.ts';

/** Milliseconds that a machine which answers has for the rest of its boot: mounts, drivers, huge pages. */
const SETTLED = 10 * 60_000;
const POLL = 5_000;

/** The boot that a plan ends; null: that has been done, or is not to be. */
const bootIn = (plan: HostPlan): string | null =>
  changesOf(plan)
    .flatMap(({ change }) => change.steps)
    .find((step) => step.step === 'reboot')?.boot ?? null;

/**
 * Reboots a machine of which nothing runs any more, waits for it, takes it again against others, and looks at it until
 * what is started may be.
 */
export const rebootStage = (context: RebootContext): Stage<DeployHost> =>
  stage(context, {
    name: 'reboot',
    width: null,
    work: async (host) => {
      const boot = host.plan && bootIn(host.plan);
      const idle = host.plan ? idleIn(host.plan) : [];
      if (context.signal.aborted)
        return ended(host, 'stopped', [notRebooted(host.name, boot === null, idle)], context);
      const before = host.succeeded;
      try {
        return await anew(host, boot, context);
      } catch (error) {
        const problems = problemsOf(error, host.name);
        const isStopped = problems.every(({ kind }) => kind === 'stopped');
        // What was rebooted may have started by itself since.
        const left = host.succeeded > before ? [] : notStarted(host.name, idle);
        return ended(host, isStopped ? 'stopped' : 'failed', [...problems, ...left], context);
      }
    },
  });

/** Reboots where that is still to be done; a result where nothing may be started. */
const anew = async (
  host: DeployHost,
  boot: string | null,
  context: RebootContext,
): Promise<HostResult | null> => {
  if (boot !== null) {
    await host.session.hold(context.holder);
    const away = await rebooted(host, boot, context);
    if (away) return away;
  }
  await held(host, context);
  const broken = (await context.brokenHardware?.(host)) ?? [];
  return broken.length > 0 ? ended(host, 'failed', broken, context) : untilFit(host, unfit, context);
};

/** Processes that a plan would start: here they were ended for the reboot, or did not run before it. */
const idleIn = (plan: HostPlan): readonly string[] =>
  changesOf(plan).flatMap(({ kind, title }) => (kind === 'process' ? [title] : []));

/** What is paused at the miner stays so: it is told with everything that ends a host here. */
export const ended = (
  host: DeployHost,
  state: HostResult['state'],
  problems: readonly Problem[],
  context: RebootContext,
): HostResult => host.result(state, [...problems, ...stayPaused(host, context)]);

/** The reboot as a step of its host: how long it takes is known by that. */
const REBOOT = { task: 'reboot', resource: 'reboot:machine', title: 'the machine' } as const;

/** Gives the order, and waits; a result where the machine has not come back. */
export const rebooted = async (
  host: DeployHost,
  boot: string,
  context: RebootContext,
): Promise<HostResult | null> => {
  const { run, emit, now, timeout } = context;
  const risks = await risksOf(host);
  const { name } = host;
  const begun = now();
  const over = (isDone: boolean) =>
    emit({ type: 'step-end', host: name, step: 1, ok: isDone, seconds: (now() - begun) / 1000 });
  emit({ type: 'step-begin', host: name, step: 1, steps: 1, ...REBOOT });
  try {
    const comeback = await host.session.reboot({ boot, within: timeout * 1000 });
    over(comeback.state === 'back');
    if (comeback.state === 'away')
      return ended(host, 'unreachable', [notBack({ host: name, run }, comeback, timeout, risks)], context);
  } catch (error) {
    over(false);
    throw error;
  }
  host.succeeded += 1;
  await booted(host, context);
  return null;
};

const risksOf = async ({ session }: DeployHost): Promise<readonly string[]> => {
  try {
    return await session.ask(bootRisksQuery);
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return ['what may keep it from booting was not told before'];
  }
};

/** How far systemd is with the boot: `starting`, `running`, `degraded` …; empty where it does not run the machine. */
const bootStateQuery: Query<string> = {
  name: 'how far its boot is',
  script: 'timeout 10 systemctl is-system-running 2>/dev/null; echo over',
  parse: (text) => {
    const lines = text.split('\n').filter(Boolean);
    return lines.at(-1) === 'over' ? ok(lines.length > 1 ? (lines[0] ?? '') : '') : err('it broke off');
  },
  deadline: 30_000,
};

/** Its sshd answers while much of the machine is still started: that ends in its time, or is left to what is looked at. */
const booted = async (host: DeployHost, context: RebootContext): Promise<void> => {
  const { now, signal, pause, emit } = context;
  for (const begun = now(); !signal.aborted && now() - begun < SETTLED; ) {
    const state = await asked(context, () => host.session.ask(bootStateQuery));
    if (state !== null && state !== 'starting' && state !== 'initializing') return;
    const text =
      state === null
        ? 'the machine is back, and does not answer again: its network may go on to come up'
        : 'the machine is back, and goes on to start its services';
    emit({ type: 'waits', host: host.name, text });
    await pause(POLL);
  }
};

/** Null: the connection was lost, as it may be while a machine that has come back sets up its network. */
const asked = async <Answer>(
  { signal }: RebootContext,
  ask: () => Promise<Answer>,
): Promise<Answer | null> => {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted || !(error instanceof FcopsError) || !error.problems.every(isOfWay)) throw error;
    return null;
  }
};

const isOfWay = ({ kind }: Problem): boolean => kind === 'connect' || kind === 'lost' || kind === 'unseen';

/** The lock went with the reboot; whoever has come between is told. */
export const held = async (host: DeployHost, { holder }: RebootContext): Promise<void> => {
  try {
    await host.session.hold(holder);
  } catch (error) {
    const [first] = problemsOf(error, host.name);
    if (first?.kind !== 'locked') throw error;
    throw new FcopsError({
      ...first,
      what: 'the machine was rebooted, and another run has taken it before this one had it again: nothing was started',
    });
  }
};

/** Looks at the machine as it is now; a result where it is not fit for a start when its boot has had its time. */
export const untilFit = async (
  host: DeployHost,
  wrongWith: (host: DeployHost, context: RebootContext) => Promise<readonly Problem[]>,
  context: RebootContext,
): Promise<HostResult | null> => {
  const { now, signal, pause } = context;
  for (const begun = now(); ; await pause(POLL)) {
    const wrong = await wrongWith(host, context);
    if (wrong.length === 0) return null;
    if (signal.aborted || now() - begun >= FIT) return ended(host, 'failed', wrong, context);
  }
};

/** Milliseconds that what keeps processes from being started has to go away by itself. */
const FIT = 2 * 60_000;

const unfit = async (host: DeployHost, context: RebootContext): Promise<readonly Problem[]> => {
  const first = await context.work();
  host.turnTo(first);
  const owed = rebootReasonsOf((await host.look(first)).plan);
  if (owed.length > 0) return [stillOwed(host.name, owed)];
  const work = await context.startWork();
  host.turnTo(work);
  const { plan } = await host.look(work);
  return [...obstacleProblems(plan), ...waitingProblems(plan)];
};

export const stillOwed = (host: string, owed: readonly string[]): Problem => ({
  kind: 'verify',
  what: 'the machine was rebooted, and owes a reboot all the same: nothing was started',
  where: { host },
  why: owed.join('\n'),
  next: [
    look('see what its kernel was started with (cat /proc/cmdline) and which entry its boot loader takes'),
  ],
});

const notRebooted = (host: string, isRebooted: boolean, idle: readonly string[]): Problem => {
  const left = idle.length > 0 ? `, and ${doNotRun(idle)}` : '';
  return {
    kind: 'stopped',
    what: `stopped between two steps, as asked: the machine ${isRebooted ? 'has been' : 'was not'} rebooted${left}`,
    where: { host },
    next: [again('run again to go on')],
  };
};

const doNotRun = (processes: readonly string[]): string =>
  `${processes.join(', ')} ${processes.length === 1 ? 'does' : 'do'} not run`;

/** What goes wrong between stop and start leaves all of it as it is. */
const notStarted = (host: string, processes: readonly string[]): readonly Problem[] =>
  processes.length === 0
    ? []
    : [
        {
          kind: 'check',
          what: `${doNotRun(processes)}: nothing is started where that went wrong`,
          where: { host },
          next: [fcopsCommand(['start', host], 'to start what does not run, without a reboot')],
        },
      ];
