/** Package managers whose locks somebody holds: the functions of a step, with a clock that sleep moves on. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';

const run = mkdtempSync(join(tmpdir(), 'fcops-locks-'));
afterAll(() => rmSync(run, { recursive: true }));

/** What a step prints, and the seconds that its package manager was waited for by then. */
const step = (program: string, does: string, call: string): string =>
  execFileSync(
    'bash',
    [
      '-c',
      `${STEP_SHELL}
       FCOPS_RUN=${run}
       SECONDS=0
       sleep() { SECONDS=$((SECONDS + $1)); }
       type() { return 0; }
       fresh_apt_lists() { return 0; }
       timeout() { return 1; }
       rpm() { [[ $SECONDS -gt 20 ]]; }
       ${program}() { ${does}; }
       (set -euo pipefail; trap 'echo "after $SECONDS s"' EXIT; ${call}) 2>&1 || true`,
    ],
    { encoding: 'utf8' },
  );

/** apt-get that waits as long as it is told to, as new versions do; old ones do not know the option. */
const aptWaits = `for o; do [[ $o != *Timeout=* ]] || echo "waits \${o#*=}"; done
  echo 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt-get)'; return 100`;

describe('a lock that is held for ever', () => {
  it('of apt is waited for ten minutes in all', () => {
    const said = step('apt-get', aptWaits, "install_apt '' '' tree");
    expect(said).toMatch(/^waits (600|599)\n/);
    expect(said).toMatch(/ has held the lock of apt for 10 minutes/);
    const seconds = Number(/after (\d+) s/.exec(said)?.[1]);
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThan(620);
    // What is left of the ten minutes, not all of them again.
    expect(said).toMatch(/^waits (29\d|30\d)$/m);
    // Less than none would be for ever.
    expect(said).not.toContain('waits -');
  });

  it('of yum is waited for ten minutes in all', () => {
    const does = `[[ " $* " == *' --setopt=exit_on_lock=1 '* ]] || exit 9
      echo 'Another app is currently holding the yum lock; exiting as configured by exit_on_lock'; return 1`;
    const said = step('yum', does, 'rpm() { return 1; }; install_yum "" "" tree');
    expect(said).toMatch(/ has held the lock of yum for 10 minutes/);
    expect(Number(/after (\d+) s/.exec(said)?.[1])).toBeLessThan(620);
  });

  it('and given back after a while is no failure', () => {
    const does = `[[ $SECONDS -lt 20 ]] || return 0; ${aptWaits}`;
    expect(step('apt-get', does, "install_apt '' '' tree")).toMatch(/after 2\d s\n$/);
    const yum = `[[ $SECONDS -lt 20 ]] || return 0; echo 'Existing lock /var/run/yum.pid'; return 200`;
    expect(step('yum', yum, 'rpm() { return 0; }; install_yum "" "" tree')).toMatch(/after 2\d s\n$/);
  });
});
