import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';

/** What removing a unit file says; `running`: units that run something, of those that systemd knows. */
const remove = (file: string, units: readonly string[], running: readonly string[]) => {
  const script = `${STEP_SHELL}
keep() { echo "kept $1"; }
rm() { echo "removed \${*: -1}"; }
systemctl() {
  case $1 in
    show) case "\${*: -1}" in ${[...running, 'none'].join(' | ')}) echo MainPID=77 ;; *) echo MainPID=0 ;; esac ;;
    list-units) [[ $* != *'fcops-p1@*.service'* ]] || printf '%s loaded active running x\\n' ${running.join(' ')} ;;
    *) echo "$*" ;;
  esac
}
set -euo pipefail
remove_units /etc/systemd/system/${file} ${units.join(' ')} 2>&1`;
  const { status, stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return { status, said: stdout };
};

it('a unit file that nothing runs by is removed', () => {
  const { status, said } = remove('fcops-p2.service', ['fcops-p2.service'], []);
  expect(status).toBe(0);
  expect(said).toContain('removed /etc/systemd/system/fcops-p2.service');
});

it('a unit file stays where a unit runs by it that the host is to have no more', () => {
  const { status, said } = remove('fcops-p1@.service', ['fcops-p1@1.service'], ['fcops-p1@14.service']);
  expect(status).not.toBe(0);
  expect(said).toContain('fcops-p1@14.service runs process 77 by now');
  expect(said).not.toContain('removed');
});
