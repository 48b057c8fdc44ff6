/** What `--start` runs: each process once, in the handbook's order, known by its repository. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyShell } from '../../../src/resources/apply-shell.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { p1 } from '../../../src/roles/p1.ts';
import type { Role } from '../../../src/roles/role.ts';
import { factsFor, shipped } from '../../unit/layout/shipped.ts';
import { contextOf, filesOf, observationOf, resourcesOf } from '../../unit/roles/support.ts';
import { runInSandbox } from './sandbox.ts';

/** What apply runs, and a line that says what came of it. */
const RUN_GUARDED = `${applyShell.replace('run_guarded()', 'apply_guarded()')}
run_guarded() {
  local guard script
  guard=$(cat <&3)
  script=$(cat <&4)
  if bash -c "$guard" </dev/null >/dev/null 2>&1; then echo "$1: runs"; return 0; fi
  if (apply_guarded "$1" 3<<<"$guard" 4<<<"$script"); then echo "$1: started"; else echo "$1: failed"; fi
}`;

const startTwice = (role: Role, profileName: string, worker: string, workerDoes: string) => {
  const profile = shipped(profileName);
  const context = contextOf(profile);
  const resources = resourcesOf(role.startTasks(context));
  const guards = new Map(
    resources.map(({ id }) => [id.replace('command:', ''), { status: 1, output: '' }] as const),
  );
  const seen = observationOf(factsFor(profile), { guards });
  const steps = resources.map((resource) => {
    const diff = resource.diff(seen, new Set());
    if (diff.state !== 'change') throw new Error(`${resource.id} is ${diff.state}`);
    return diff.change.step;
  });
  const result = runInSandbox({
    worker,
    workerDoes,
    addresses: '192.168.10.50',
    files: filesOf(role.tasks(context), factsFor(profile)),
    // A session from before the limits were set.
    commands: [
      'ulimit -S -n 512',
      RUN_GUARDED,
      ...steps,
      'pgrep -fc -- --worker-repo',
      '/bin/sleep 1',
      ...steps,
      'cat /opt/limits',
    ],
  });
  return { ...result, lines: result.stdout.trim().split('\n') };
};

/** Goes on for ever without another process, which would be counted while it is not yet one of its own. */
const stays = 'ulimit -n >>/opt/limits; exec 3<> <(:); while :; do read -r -t 60 -u 3 _; done';

describe('the start of a machine', () => {
  it('starts APx, P2 and the first P1 task, and nothing that runs', () => {
    const { lines, workers } = startTwice(p1, 'amd-7532', '/opt/lotusworker/lotus-worker', stays);
    expect(lines.filter((line) => line.startsWith('start'))).toEqual([
      'start APx: started',
      'start P2: started',
      'start P1: started',
      'start APx: runs',
      'start P2: runs',
      'start P1: runs',
    ]);
    expect(workers.size).toBe(16);
    const most = Math.min(Number(readFileSync('/proc/sys/fs/nr_open', 'utf8')), 10_000_000);
    const allowed = execFileSync('bash', [
      '-c',
      `ulimit -n ${most} 2>/dev/null || ulimit -S -n hard; ulimit -n`,
    ]);
    expect(lines.slice(-16)).toEqual(Array(16).fill(allowed.toString().trim()));
  });

  it('starts each C2 worker', () => {
    const { lines, workers } = startTwice(c2, 'intel-4216', '/opt/lotus-worker', stays);
    const numbers = [1, 2, 3, 4];
    expect(lines).toEqual([
      ...numbers.map((number) => `start C2 worker ${number}: started`),
      '4',
      ...numbers.map((number) => `start C2 worker ${number}: runs`),
      ...numbers.map(() => lines.at(-1)),
    ]);
    expect(workers.size).toBe(4);
  });

  it('shows the last lines of the log of a worker that does not stay', () => {
    const { lines, stderr } = startTwice(c2, 'intel-4216', '/opt/lotus-worker', 'echo no miner; exit 0');
    expect(lines[0]).toBe('start C2 worker 1: failed');
    expect(stderr).toMatch('no miner\nC2 worker 1 does not run\n');
  });
});
