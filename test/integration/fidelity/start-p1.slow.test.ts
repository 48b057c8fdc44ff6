/**
 * What start_p1.sh does to the tasks that run already, and to what is none of its business.
 * @module-tag needs-namespaces
 */
import { describe, expect, it } from 'vitest';
import { p1 } from '../../../src/roles/p1.ts';
import { needs } from '../../support/needs.ts';
import { RUNNING } from '../../support/processes.ts';
import { shipped } from '../../unit/layout/shipped.ts';
import { contextOf, filesOf } from '../../unit/roles/support.ts';
import { runInSandbox } from './sandbox.ts';

const files = filesOf(p1.tasks(contextOf(shipped('amd-7532'))));
const count = (what: string) => `$(running '${what}' | wc -l)`;

const run = (workerDoes: string, commands: readonly string[]) =>
  runInSandbox({
    worker: '/opt/lotusworker/lotus-worker',
    addresses: '192.168.10.50',
    files,
    workerDoes,
    commands: [
      RUNNING,
      'bash /opt/lotusworker/start_p2.sh',
      // Has the path and the role in its arguments, and is no worker of this machine.
      "(exec -a 'lotus-miner P1 --worker-repo /opt/lotusworker/worker-1p1 run' /bin/sleep 1000) &",
      'START_PAUSE=0 bash /opt/lotusworker/start_p1.sh 2>/opt/first',
      '/bin/sleep 0.5',
      "running '--role P1' | sort >/opt/before",
      ...commands,
      'START_PAUSE=7 bash /opt/lotusworker/start_p1.sh 2>/opt/second',
      '/bin/sleep 0.5',
      "running '--role P1' | sort >/opt/after",
      `echo "$(wc -l </opt/before) before, $(wc -l </opt/after) after, $(comm -12 /opt/before /opt/after | wc -l) the same"`,
      `echo "P2 ${count('--role P2')} miner ${count('^lotus-miner')}"`,
      'cat /opt/second',
    ],
  });

/** Without another process, which would be counted while it is not yet one of its own. */
const untilStopped = 'exec 3<> <(:); while :; do read -r -t 60 -u 3 _; done';

describe('start_p1.sh', () => {
  it('stops the tasks that run, nothing else, and starts all anew', () => {
    const { stdout, sleeps, workers } = run(`trap 'exit 0' TERM; ${untilStopped}`, []);
    expect(stdout).toMatch('14 before, 14 after, 0 the same');
    expect(stdout).toMatch('P2 1 miner 1');
    expect(stdout).not.toMatch('killed');
    expect(sleeps.filter((seconds) => seconds === '7')).toHaveLength(14);
    expect([...workers.values()].filter(({ environment }) => 'START_PAUSE' in environment)).toEqual([]);
  });

  it('kills what does not end when it is asked to', () => {
    const { stdout } = run(`[[ $* != *worker-2p1* ]] || trap '' TERM; ${untilStopped}`, []);
    expect(stdout).toMatch('14 before, 14 after, 0 the same');
    expect(stdout).toMatch(/killed, since they went on for 60 s: \d+\n/);
    expect(stdout).toMatch('P2 1 miner 1');
  });

  it('deletes nothing where the huge pages are not mounted', () => {
    const { stdout } = run(`trap 'exit 0' TERM; ${untilStopped}`, [
      'touch /opt/hugepages/layer_labels/1p1/mine',
      "trap 'ls /opt/hugepages/layer_labels/1p1' EXIT",
    ]);
    expect(stdout).toMatch('/opt/hugepages/layer_labels is no mounted hugetlbfs; nothing is deleted there');
    expect(stdout).toMatch(/^mine$/m);
  });

  it('gives the huge pages of stopped tasks back', { tags: needs('root') }, () => {
    const { stdout } = run(`trap 'exit 0' TERM; ${untilStopped}`, [
      'mount -t hugetlbfs none /opt/hugepages/layer_labels',
      'mkdir /opt/hugepages/layer_labels/{1p1,20p1,other}',
      'touch /opt/hugepages/layer_labels/1p1/old',
      "trap 'cd /opt/hugepages/layer_labels; echo there: *; echo in 1p1: $(ls 1p1)' EXIT",
    ]);
    const numbers = Array.from({ length: 14 }, (_, index) => `${index + 1}p1`).toSorted();
    expect(stdout).toMatch(`there: ${[...numbers, 'other'].join(' ')}`);
    expect(stdout).toMatch('in 1p1:\n');
  });
});
