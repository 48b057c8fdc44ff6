import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { quote } from '../../../src/core/shell.ts';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';

const directory = mkdtempSync(join(tmpdir(), 'fcops-by-unit-'));
afterAll(() => rmSync(directory, { recursive: true }));

/**
 * Starts a process by a unit whose script takes so many seconds before it becomes the worker, or never does; `ends`: the
 * state that the unit has after that. A second of the step is a tenth of one.
 */
const start = (seconds: number, ends: 'worker' | 'activating') => {
  const own = mkdtempSync(join(directory, 'host-'));
  const script = `${STEP_SHELL}
cd ${quote(own)}
echo inactive >state
sleep() { case $1 in 2) command sleep 0.2 ;; *) command sleep 0.05 ;; esac; }
worker_pids() { if [[ -e pid ]]; then cat pid; fi; }
systemctl() {
  echo "$*" >>asked
  case $1 in
    is-active) cat state; [[ $(<state) == active ]] ;;
    start)
      echo active >state
      (command sleep ${seconds / 10}; ${ends === 'worker' ? 'echo 7 >pid' : 'echo activating >state'}) >/dev/null 2>&1 &
      ;;
    stop) echo inactive >state; rm -f pid ;;
  esac
}
export -f systemctl
journalctl() { echo 'its last words'; }
set -euo pipefail
by_unit=fcops-p1@1.service start_process P1-1 /opt/w /opt/w/log.txt '' '' '' 3<<<'systemctl start fcops-p1@1.service' 2>&1`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: process.env,
  });
  const { stdout: asked } = spawnSync('cat', [join(own, 'asked')], { encoding: 'utf8' });
  return { status, said: stdout + stderr, asked: asked.split('\n') };
};

describe('a process that is started by its unit', () => {
  it('has the time that its script takes before it becomes the worker', () => {
    const { said, status, asked } = start(20, 'worker');
    expect([status, said]).toEqual([0, '']);
    expect(asked).not.toContain('stop -- fcops-p1@1.service');
  });

  it('is not waited for where systemd has something else in mind, and is told to be left then', () => {
    const { status, said, asked } = start(1, 'activating');
    expect(status).not.toBe(0);
    expect(said).toContain('its last words');
    expect(said).toContain('P1-1 does not run; journalctl -u fcops-p1@1.service has more');
    expect(asked).toContain('stop -- fcops-p1@1.service');
  });
});
