import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allocateHugepages } from '../../../src/resources/hugepages/step.ts';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';

/** What the step says and how it ends, on a machine whose nodes come to have these pages. */
const allocate = (there: readonly number[], unitFails: boolean, wanted: readonly number[]) => {
  const bash = allocateHugepages.bash(
    {
      step: 'allocate-hugepages',
      unit: 'hugepages.service',
      pageKib: 1048576,
      perNode: wanted,
      users: [
        { name: 'P1-1', pages: [{ node: 0, pages: 32 }] },
        {
          name: 'P1-2',
          pages: [
            { node: 0, pages: 1 },
            { node: 1, pages: 31 },
          ],
        },
        {
          name: 'P1-3',
          pages: [
            { node: 1, pages: 2 },
            { node: 2, pages: 30 },
          ],
        },
        { name: 'P1-4', pages: [{ node: 3, pages: 29 }] },
      ],
      deadline: 900,
    },
    () => '',
  );
  const rows = there.map((pages, node) => `printf 'hugepages\\t1048576\\t${node}\\t${pages}\\t0\\n'`);
  const { status, stdout } = spawnSync(
    'bash',
    [
      '-c',
      `${STEP_SHELL}
       fcops_hugepages() { ${rows.join(';')}; }
       systemctl() { case $1 in restart) ${unitFails ? "echo 'Job for hugepages.service failed' >&2; return 1" : 'return 0'} ;; show) echo SubState=failed ;; esac; }
       set -euo pipefail
       ${bash} 2>&1`,
    ],
    { encoding: 'utf8' },
  );
  return { status, said: stdout };
};

describe('an allocation of huge pages', () => {
  it('that comes out short says what is there of each node, what can start with it, and what helps', () => {
    expect(allocate([30, 32, 32, 31], true, [33, 33, 33, 29])).toEqual({
      status: 1,
      said: `because:
125 of 128 pages of 1 GiB are there: node 0 has 30 of 33, node 1 has 32 of 33, node 2 has 32 of 33, node 3 has 31 of 29
with these can start: P1-2, P1-4
cannot start for want of pages: P1-1, P1-3
memory that has been in use is in pieces too small for more
next:
start the machine anew
where it comes out short right after a start, give the profile fewer P1 tasks
`,
    });
  });

  it('with all pages on other nodes says that', () => {
    const { said } = allocate([34, 33, 33, 28], false, [33, 33, 33, 29]);
    expect(said).toContain('the pages lie on other nodes than they shall');
  });

  it('with all its pages is done', () => {
    expect(allocate([33, 33, 33, 29], false, [33, 33, 33, 29])).toEqual({ status: 0, said: '' });
  });

  it('whose unit failed with all pages there says what the unit said', () => {
    const { status, said } = allocate([33, 33, 33, 29], true, [33, 33, 33, 29]);
    expect(status).toBe(1);
    expect(said).toContain(
      'all pages are there, and hugepages.service failed nevertheless\nJob for hugepages.service failed\n',
    );
  });
});
