import { fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError, problemsOf } from '../../core/problem.ts';
import { formatSeconds } from '../../core/units.ts';
import { uptimeQuery } from '../../engine/query.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import type { HardwareReport } from '../hardware/hardware.ts';
import type { RoleHosts } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import { hardwareOf } from './hardware.ts';

/** Milliseconds after which a machine that is waited for is told of again. */
const TELL = 60_000;
/** Seconds that a machine may have been at its boot when it was first asked: it counts its memory, and answers nobody yet. */
const BOOT = 10 * 60;

/** The last start of a machine. */
export interface Start {
  /** Seconds. */
  readonly ago: number;
  /** Whether that is what it was waited for: it needs no second one. */
  readonly isNew: boolean;
}

/** A machine that is to be recovered, as it is found. */
export interface Found {
  readonly report: HardwareReport;
  /** As the machine tells it; null: nobody has waited for one. */
  readonly start: Start | null;
}

/**
 * Looks at a machine that is to be recovered. `wait`: seconds that one which does not answer is waited for; null: none.
 * Rejects with what to do where it cannot be reached, or hangs so that it cannot be looked at.
 */
export const reach = async (
  hosts: RoleHosts,
  host: Host,
  wait: number | null,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): Promise<Found> => {
  const session = sessionOf(targetOf(host), hosts, deps);
  try {
    const start = await opened(host, session, wait, deps);
    return { report: await hardwareOf(hosts, { host, session }), start };
  } catch (error) {
    const problems = problemsOf(error, host.name);
    if (problems.every(({ kind }) => kind === 'stopped')) throw error;
    const [first, ...others] = problems;
    throw new FcopsError([...(first ? [withPower(first, host.name)] : []), ...others], { cause: error });
  } finally {
    await session.close();
  }
};

type Reached = Pick<ReturnType<typeof sessionOf>, 'open' | 'comeBack' | 'ask'>;
type Waiting = Pick<OpsDeps, 'emit' | 'signal' | 'now' | 'after'>;

/**
 * Opens a session, and says when the machine was started where it might have been waited for. One that did not answer may
 * have lost its network for a while, and have run on: it is asked.
 */
export const opened = async (
  host: Pick<Host, 'name'>,
  session: Reached,
  wait: number | null,
  deps: Waiting,
): Promise<Start | null> => {
  const asked = deps.now();
  await untilOpen(host, session, wait, deps);
  if (wait === null) return null;
  const ago = await session.ask(uptimeQuery);
  return { ago, isNew: ago <= (deps.now() - asked) / 1000 + BOOT };
};

const untilOpen = async (
  { name }: Pick<Host, 'name'>,
  session: Reached,
  wait: number | null,
  { emit, signal, now, after }: Waiting,
): Promise<void> => {
  try {
    await session.open();
  } catch (error) {
    if (wait === null || signal.aborted || !isAway(error)) throw error;
    const until = now() + wait * 1000;
    const said = error.problems[0]?.what ?? 'it does not answer';
    let cancel = () => {};
    // Again and again: half an hour without a word looks like a program that hangs.
    const tell = () => {
      const left = Math.max(1, Math.round((until - now()) / 1000));
      emit({
        type: 'waits',
        host: name,
        text: `${said}; it is waited for ${formatSeconds(left)} more`,
      });
      cancel = after(TELL, tell);
    };
    tell();
    try {
      const comeback = await session.comeBack({ boot: null, within: wait * 1000 });
      // It may answer by now, and let nobody in.
      if (comeback.state === 'away') throw comeback.said ? new FcopsError(comeback.said) : error;
    } finally {
      cancel();
    }
  }
};

/** Whether there is anything to wait for: a host key that nobody has compared is not compared by waiting. */
const isAway = (error: unknown): error is FcopsError =>
  error instanceof FcopsError && error.problems.every(({ kind }) => kind === 'connect');

/** What nobody can do from here is done at the machine. */
const withPower = (problem: Problem, host: string): Problem => ({
  ...problem,
  next: [
    ...(problem.next ?? []),
    look('where it hangs, or is off, power it by its console (BMC): what it was at is lost then'),
    fcopsCommand(['recover', host, '--wait', '30m'], 'that waits for it, and goes on from there'),
  ],
});
