/**
 * What a dead P1 task has left in its huge pages goes when that task alone is started, and nothing else does.
 * @module-tag needs-namespaces
 */
import { describe, expect, it } from 'vitest';
import { processTasks } from '../../../src/ops/process-work.ts';
import { bashOf, STEP_SHELL } from '../../../src/resources/kinds.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { needs } from '../../support/needs.ts';
import { factsFor, shipped } from '../../unit/layout/shipped.ts';
import { CONTEXT, contextOf, filesOf, observationOf } from '../../unit/roles/support.ts';
import { runInSandbox } from './sandbox.ts';

const PAGES = '/opt/hugepages/layer_labels';
const profile = shipped('amd-7532');
const context = contextOf(profile, { checks: 'off' });
const hugetlbfs = { source: 'none', fstype: 'hugetlbfs', options: [], bytes: 0, freeBytes: 0, users: [] };
// Nothing runs.
const seen = observationOf(factsFor(profile), {
  rows: [['processes', 'seen']],
  mounts: { [PAGES]: hugetlbfs },
});

/** The steps of `fcops start p1-50 --process …`. */
const stepsOf = (...processes: readonly string[]): readonly string[] =>
  processTasks(
    'start',
    { role: 'p1', host: context.host, processes: p1.processes(context), tasks: () => [] },
    { processes },
  )
    .flatMap(({ resources }) => resources)
    .flatMap((resource) => {
      const diff = resource.diff(seen, CONTEXT);
      return diff.state === 'change' ? diff.change.steps.map((step) => bashOf(step, () => '')) : [];
    });

/** Links need a page on a hugetlbfs, and there is none here: the same on another file system that is taken for one. */
const LINKS = `umount ${PAGES}; mkdir -p ${PAGES}/{1p1,3p1,13p1,33p1,other,notes.d}; for d in 1p1 13p1 33p1 other; do touch ${PAGES}/$d/layer; done; stat() { echo hugetlbfs; }`;

/** Starts P1-3 alone in a machine with these commands before, and lists what is there then. */
const startThird = (...before: readonly string[]) => {
  const steps = stepsOf('P1-3');
  expect(steps).toHaveLength(1);
  return runInSandbox({
    worker: '/opt/lotusworker/lotus-worker',
    workerDoes: 'exec 3<> <(:); while :; do read -r -t 60 -u 3 _; done',
    addresses: '192.168.10.50',
    files: filesOf(p1.tasks(context), factsFor(profile)),
    commands: [
      `mkdir -p ${PAGES}; mount -t hugetlbfs none ${PAGES}`,
      `mkdir -p ${PAGES}/{1p1,3p1,13p1,33p1,other,notes.d}; for d in 1p1 13p1 33p1 other; do touch ${PAGES}/$d/layer; done`,
      'mkdir /opt/outside; touch /opt/outside/mine',
      ...before,
      STEP_SHELL.replace('sleep 2', 'sleep 0.2'),
      // There are no huge pages here.
      'free_pages() { free=1792; }',
      ...steps.map(
        (step) => `(${step}\n) </dev/null >/opt/said 2>&1 && echo started || { echo failed; cat /opt/said; }`,
      ),
      `cd ${PAGES}; find . /opt/outside -mindepth 1 | sort`,
    ],
  });
};

const OTHERS = ['./13p1', './13p1/layer', './1p1', './1p1/layer', './33p1', './33p1/layer'];
const WHOLE = [...OTHERS, './3p1', './notes.d', './other', './other/layer', '/opt/outside/mine'].toSorted();
const linesOf = (stdout: string) => stdout.trim().split('\n');

describe('the start of one P1 task', { tags: needs('root') }, () => {
  it('empties its own directory of huge pages, and no other', () => {
    const { stdout, stderr, workers } = startThird(
      `touch ${PAGES}/3p1/{layer-1,.hidden,'a b'}; mkdir -p ${PAGES}/3p1/sub/deep; touch ${PAGES}/3p1/sub/deep/layer`,
    );
    const [said, ...left] = linesOf(stdout);
    expect([said, stderr]).toEqual(['started', '']);
    expect(left.toSorted()).toEqual(WHOLE);
    expect([...workers.keys()].join()).toContain('/opt/lotusworker/worker-3p1');
    expect(workers.size).toBe(1);
  });

  it('follows no link, in its directory or in the place of it', () => {
    const within = startThird(LINKS, `ln -s /opt/outside ${PAGES}/3p1/link; ln -s ../1p1 ${PAGES}/3p1/other`);
    expect([within.stderr, linesOf(within.stdout)[0]]).toEqual(['', 'started']);
    expect(linesOf(within.stdout).slice(1).toSorted()).toEqual(WHOLE);
    const inPlace = startThird(LINKS, `rmdir ${PAGES}/3p1; ln -s 1p1 ${PAGES}/3p1`);
    expect(inPlace.stderr).toBe('');
    expect(linesOf(inPlace.stdout).slice(1).toSorted()).toEqual(WHOLE);
  });

  it('goes into nothing that is mounted below it', () => {
    const { stdout } = startThird(
      `mkdir ${PAGES}/3p1/mounted; mount --bind /opt/outside ${PAGES}/3p1/mounted`,
    );
    expect(stdout).toContain('/opt/outside/mine');
  });

  it('removes nothing where it runs by then, nor where its directory is on a disk', () => {
    const running = startThird(
      `touch ${PAGES}/3p1/layer; bash /opt/lotusworker/worker-3p1/start_3p1.sh; /bin/sleep 0.5`,
    );
    expect(running.stdout).toContain('./3p1/layer');
    const onDisk = startThird(`umount ${PAGES}; mkdir -p ${PAGES}/3p1; touch ${PAGES}/3p1/layer`);
    expect(onDisk.stdout).toContain('failed');
    expect(onDisk.stdout).toContain('is on no hugetlbfs');
    expect(onDisk.stdout).toContain('./3p1/layer');
  });

  it('by hand leaves the pages as they are, as the script of the handbook does', () => {
    const { stdout } = runInSandbox({
      worker: '/opt/lotusworker/lotus-worker',
      addresses: '192.168.10.50',
      files: filesOf(p1.tasks(context), factsFor(profile)),
      commands: [
        `mkdir -p ${PAGES}; mount -t hugetlbfs none ${PAGES}; mkdir ${PAGES}/3p1; touch ${PAGES}/3p1/layer`,
        `bash /opt/lotusworker/worker-3p1/start_3p1.sh; ls ${PAGES}/3p1`,
      ],
    });
    expect(stdout).toBe('layer\n');
  });
});
