import { fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { inShort } from '../../core/problem.ts';
import { formatSeconds } from '../../core/units.ts';
import type { Comeback } from '../../engine/reboot.ts';

type Away = Extract<Comeback, { state: 'away' }>;

/** A machine that has not come back in time to a run: what is known of it, and where to look. */
export const notBack = (
  { host, run }: { readonly host: string; readonly run: string },
  away: Away,
  timeout: number,
  risks: readonly string[],
): Problem => ({
  kind: 'connect',
  what: `the machine did not come back within ${formatSeconds(timeout)} of its reboot (--reboot-timeout)`,
  where: { host },
  why: [lastAnswer(away), ...risks.map((risk) => `  ${risk}`)].join('\n'),
  next: [
    look('see what its console shows (its BMC, or a screen): a firmware menu, a prompt of emergency mode'),
    fcopsCommand(['resume', run], 'when it is up, go on with the rest'),
  ],
});

const lastAnswer = ({ wentDown, since, said }: Away): string => {
  const time = formatSeconds(Math.round(since / 1000));
  if (said === null)
    return wentDown
      ? `for ${time} it has answered under the boot of before again`
      : `it answers under the boot of before, and never went down: something keeps it from that (systemctl list-jobs on the host)`;
  const state = / refused the connection$/.test(said.what)
    ? 'its network is up, and sshd is not: it boots, or waits at emergency mode'
    : 'nothing of it answers: it is off, in its firmware, or without its network';
  return `${state}; for ${time}: ${inShort(said)}`;
};
