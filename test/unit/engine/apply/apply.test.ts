import { expect, test } from 'vitest';
import { applyChanges } from '../../../../src/engine/apply/apply.ts';
import type { ChangeItem } from '../../../../src/engine/plan.ts';

const change: ChangeItem = {
  state: 'change',
  task: 'test',
  kind: 'directory',
  resource: 'directory:/opt/a',
  title: 'directory /opt/a',
  change: {
    action: 'create',
    details: [],
    steps: [
      { step: 'put-directory', path: '/opt/a', mode: '0755', owner: 'root', group: 'root', deadline: 1 },
    ],
  },
};

/** What comes of a run whose journal is this text. */
const appliedOf = (journal: string) => {
  async function* stdout() {
    yield Buffer.from(journal);
  }
  const exit = { status: 0, signal: null, lost: false, stderr: '' };
  const holder = { who: 'alice@ops1', run: 'r-1', since: '2026-01-02T03:04:05Z' };
  return applyChanges(
    { run: 'r-1', host: 'p1-50', holder, changes: [change] },
    {
      exec: () => ({ stdout: stdout(), exit: Promise.resolve(exit) }),
      reconnect: () => Promise.resolve(),
      pause: () => Promise.resolve(),
      reveal: () => '',
      mask: (text) => text,
      emit: () => {},
      signal: new AbortController().signal,
    },
  );
};

test('done is what every step has said of itself', async () => {
  expect(await appliedOf('begin\t1\t1.0\nend\t1\t1.1\t0\ndone\t0\n')).toEqual({
    state: 'done',
    succeeded: 1,
    problems: [],
  });
  expect(await appliedOf('done\t0\n')).toMatchObject({ state: 'failed', problems: [{ kind: 'run' }] });
});

test('a run that is over, and does not say what failed, is no failure without a reason', async () => {
  expect(await appliedOf('begin\t1\t1.0\nend\t1\t1.1\t0\nover\t1\n')).toMatchObject({
    state: 'failed',
    succeeded: 1,
    problems: [
      { what: 'the run ended on the host without saying how', where: { host: 'p1-50' }, why: 'over\t1' },
    ],
  });
});
