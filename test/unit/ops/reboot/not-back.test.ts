import { expect, it } from 'vitest';
import type { Comeback } from '../../../../src/engine/reboot.ts';
import { notBack } from '../../../../src/ops/reboot/not-back.ts';

type Away = Extract<Comeback, { state: 'away' }>;

const HOST = { host: 'c2-10', run: 'r-1' };
const why = (away: Omit<Away, 'state'>, risks: readonly string[] = []) =>
  notBack(HOST, { state: 'away', ...away }, 1800, risks).why?.split('\n');

const said = (what: string) => ({ kind: 'connect', what }) as const;

it.each([
  [
    { wentDown: false, since: 1_800_000, said: null },
    /^it answers under the boot of before, and never went down.*systemctl list-jobs/,
  ],
  [
    { wentDown: true, since: 90_000, said: null },
    /^for 1 min 30 s it has answered under the boot of before again$/,
  ],
  [
    { wentDown: true, since: 600_000, said: said('10.0.0.1:22 refused the connection') },
    /^its network is up, and sshd is not: .*; for 10 min 0 s: 10\.0\.0\.1:22 refused the connection/,
  ],
  [
    { wentDown: true, since: 5_000, said: said('10.0.0.1:22 did not answer within 15 s') },
    /^nothing of it answers: it is off, in its firmware, or without its network; for 5\.0 s: /,
  ],
] as const)('a machine that is away is told by its last answer: %o', (away, expected) => {
  expect(why(away)?.[0]).toMatch(expected);
});

it('what may keep it from booting comes below, the time that it had above, and the way on is to take that run up', () => {
  const away = { state: 'away', wentDown: true, since: 0, said: null } as const;
  const problem = notBack(HOST, away, 1800, ['md0 lacked 1 disk before it was rebooted']);
  expect(problem.what).toContain('did not come back within 30 min 0 s of its reboot (--reboot-timeout)');
  expect(problem.why?.split('\n')[1]).toBe('  md0 lacked 1 disk before it was rebooted');
  expect(problem.next).toContainEqual(expect.objectContaining({ type: 'fcops', words: ['resume', 'r-1'] }));
});
