/**
 * What `--start` runs: each process once, in the handbook's order, known by its repository.
 * @module-tag needs-namespaces
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bashOf, STEP_SHELL } from '../../../src/resources/kinds.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { processTask } from '../../../src/roles/processes.ts';
import type { Role } from '../../../src/roles/role.ts';
import { RUNNING } from '../../support/processes.ts';
import { factsFor, shipped } from '../../unit/layout/shipped.ts';
import { CONTEXT, contextOf, filesOf, observationOf } from '../../unit/roles/support.ts';
import { runInSandbox } from './sandbox.ts';

/** What apply runs, each step in a subshell, and a line that says what came of it. */
const started = ({ title, step }: { readonly title: string; readonly step: string }): string =>
  `(${step}\n) </dev/null && echo "${title}: started" || echo "${title}: failed"`;

const startTwice = (
  role: Role,
  profileName: string,
  worker: string,
  workerDoes: string,
  /** Instead of two seconds, in which a worker that does not stay has ended: nobody here has them sixteen times. */
  pause = 'sleep 0.2',
) => {
  const profile = shipped(profileName);
  const variables = { ...contextOf(profile).host.variables, startPause: 0 };
  const context = contextOf(profile, { variables, checks: 'off' });
  const resources = processTask('p1', context.host, role.processes(context), true).resources.filter(
    ({ kind }) => kind === 'process',
  );
  // Nothing runs.
  const seen = observationOf(factsFor(profile), {
    rows: [['processes', 'seen']],
    mounts: {
      '/opt/hugepages/layer_labels': {
        source: 'none',
        fstype: 'hugetlbfs',
        options: [],
        bytes: 0,
        freeBytes: 0,
        users: [],
      },
    },
  });
  const steps = resources.map((resource) => {
    const diff = resource.diff(seen, CONTEXT);
    if (diff.state !== 'change') throw new Error(`${resource.id} is ${diff.state}`);
    const step = diff.change.steps.map((one) => bashOf(one, () => '')).join('\n');
    return started({ title: resource.title, step });
  });
  const result = runInSandbox({
    worker,
    workerDoes,
    addresses: '192.168.10.50',
    files: filesOf(role.tasks(context), factsFor(profile)),
    // A session from before the limits were set.
    commands: [
      'ulimit -S -n 512',
      // There are no huge pages here, nor what a task left in them.
      STEP_SHELL.replace('sleep 2', pause).replaceAll('sleep 0.5', 'sleep 0.1'),
      'free_pages() { free=1792; }; remove_leftovers() { :; }',
      ...steps,
      RUNNING,
      'running --worker-repo | wc -l',
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
  it('starts APx, P2 and every P1 task, and nothing that runs', () => {
    const { lines, workers } = startTwice(p1, 'amd-7532', '/opt/lotusworker/lotus-worker', stays);
    const names = ['APx', 'P2', ...Array.from({ length: 14 }, (_, n) => `P1-${n + 1}`)];
    expect(lines.filter((line) => /: |runs by now/.test(line))).toEqual([
      ...names.map((name) => `${name}: started`),
      ...names.flatMap((name) => [`${name} runs by now`, `${name}: started`]),
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
      ...numbers.map((number) => `C2-${number}: started`),
      '4',
      ...numbers.flatMap((number) => [`C2-${number} runs by now`, `C2-${number}: started`]),
      ...numbers.map(() => lines.at(-1)),
    ]);
    expect(workers.size).toBe(4);
  });

  it('shows the last lines of the log of a worker that does not stay', () => {
    // Twice, as a process that just becomes another program has no arguments for a moment.
    const gone = '[[ -z $(worker_pids "$repository") ]]';
    const ended = `until ${gone} && /bin/sleep 0.2 && ${gone}; do /bin/sleep 0.02; done`;
    const does = 'echo no miner; exit 0';
    const { lines, stderr } = startTwice(c2, 'intel-4216', '/opt/lotus-worker', does, ended);
    expect(lines[0]).toBe('C2-1: failed');
    expect(stderr).toMatch('no miner\nC2-1 does not run\n');
  });
});
