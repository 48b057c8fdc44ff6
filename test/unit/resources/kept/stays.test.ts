import { expect, it } from 'vitest';
import { keptTasks } from '../../../../src/resources/kept/tasks.ts';
import { observationOf } from '../answer-of.ts';
import { FACTS } from '../cases.ts';

/** What a rollback says that it does not undo, of what a run has noted. */
const staysOf = (did: readonly { readonly what: string; readonly why: string }[]) =>
  keptTasks(
    { found: [{ run: 'r-1', hasRecord: true }], changes: [], did, later: new Map(), runsSince: 0 },
    {
      ...{ run: 'r-1', later: new Map(), oursAt: () => null, versionGone: () => [] },
      ...{ family: 'debian', changed: true, own: '/var/lib/fcops', processes: [] },
    },
  )
    .flatMap(({ resources }) => resources)
    .filter(({ kind }) => kind === 'stays')
    .map((resource) => {
      const diff = resource.diff(observationOf(FACTS, {}), { pending: () => false, digest: () => '' });
      return diff.state === 'violated' ? diff.violation.message : diff.state;
    });

it('tells of a process that was stopped, and started again, what it is now', () => {
  const stopped = 'stays stopped: a rollback starts nothing';
  const started = 'runs on: a rollback stops nothing';
  expect(
    staysOf([
      { what: 'APx', why: stopped },
      { what: 'P2', why: stopped },
      { what: 'APx', why: started },
      { what: 'P1-1', why: started },
    ]),
  ).toEqual([`APx, P1-1 ${started}`, `P2 ${stopped}`]);
});
