import { fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError, problemsOf } from '../../core/problem.ts';
import { formatSeconds } from '../../core/units.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import type { HardwareReport } from '../hardware/hardware.ts';
import type { RoleHosts } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import { hardwareOf } from './hardware.ts';

/** Milliseconds after which a machine that is waited for is told of again. */
const TELL = 60_000;

/** A machine that is to be recovered, as it is found. */
export interface Found {
  readonly report: HardwareReport;
  /** It did not answer at first, and was started while it was waited for. */
  readonly hasCome: boolean;
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
    const hasCome = await opened(host, session, wait, deps);
    return { report: await hardwareOf(hosts, { host, session }), hasCome };
  } catch (error) {
    const problems = problemsOf(error, host.name);
    if (problems.every(({ kind }) => kind === 'stopped')) throw error;
    const [first, ...others] = problems;
    throw new FcopsError([...(first ? [withPower(first, host.name)] : []), ...others], { cause: error });
  } finally {
    await session.close();
  }
};

const opened = async (
  { name }: Host,
  session: ReturnType<typeof sessionOf>,
  wait: number | null,
  { emit, signal, now, after }: OpsDeps,
): Promise<boolean> => {
  try {
    await session.open();
    return false;
  } catch (error) {
    if (wait === null || signal.aborted) throw error;
    const until = now() + wait * 1000;
    let cancel = () => {};
    // Again and again: half an hour without a word looks like a program that hangs.
    const tell = () => {
      const left = Math.max(1, Math.round((until - now()) / 1000));
      emit({
        type: 'waits',
        host: name,
        text: `it does not answer, and is waited for ${formatSeconds(left)} more`,
      });
      cancel = after(TELL, tell);
    };
    tell();
    try {
      const comeback = await session.comeBack({ boot: null, within: wait * 1000 });
      if (comeback.state === 'away') throw error;
      return true;
    } finally {
      cancel();
    }
  }
};

/** What nobody can do from here is done at the machine. */
const withPower = (problem: Problem, host: string): Problem => ({
  ...problem,
  next: [
    ...(problem.next ?? []),
    look('where it hangs, or is off, power it by its console (BMC): what it was at is lost then'),
    fcopsCommand(['recover', host, '--wait', '30m'], 'that waits for it, and goes on from there'),
  ],
});
