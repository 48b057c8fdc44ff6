import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { Applied, ApplyJob } from '../../../../src/engine/apply/apply.ts';
import { Bootstrap, type BootstrapDeps } from '../../../../src/ops/bootstrap/bootstrap.ts';
import type { BootstrapEvent } from '../../../../src/ops/bootstrap/events.ts';
import type { HostState } from '../../../../src/ops/bootstrap/host-state.ts';
import { deployedHost, SUM, setupOf } from './support.ts';

const DONE: Applied = { state: 'done', succeeded: 1, problems: [] };
const SNAPSHOT = deployedHost({
  files: new Map([[`/opt/raid0/bootstrap/${SUM.slice(0, 16)}.car`, 9]]),
  parameters: null,
});
const RUN = 'r-20261122T103000Z-x7k2qbsnapshot';
const held = (run: string, seen = deployedHost()): HostState => ({
  ...seen,
  holder: { who: 'bob@ops2', run, since: '2026-11-22T10:30:00Z' },
});

/** A set-up whose host shows these states, one after the other; the last one stays. */
const setUp = (states: readonly HostState[], own: Partial<BootstrapDeps['session']> = {}) => {
  const events: BootstrapEvent[] = [];
  const jobs: ApplyJob[] = [];
  const rejoined: string[] = [];
  let asked = 0;
  const session: BootstrapDeps['session'] = {
    ask: async (query) => {
      const state = states[Math.min(asked, states.length - 1)];
      asked += 1;
      const answer = query.parse(rowsOf(state ?? deployedHost()));
      if (!answer.ok) throw new Error(answer.error);
      return answer.value;
    },
    look: () => Promise.reject(new Error('nothing is configured here')),
    apply: async (job) => {
      jobs.push(job);
      return DONE;
    },
    rejoin: async ({ run }) => {
      rejoined.push(run);
      return DONE;
    },
    close: async () => {},
    ...own,
  };
  const bootstrap = new Bootstrap(
    setupOf(),
    { digest: () => '' },
    {
      session,
      emit: (event) => events.push(event),
      now: () => 0,
      date: () => new Date('2026-11-22T10:30:00Z'),
      random: () => 0,
      pause: async () => {},
      who: 'alice@ops1',
      confirm: async () => 'unasked',
      configTasks: async () => [],
    },
  );
  return { bootstrap, events, jobs, rejoined };
};

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The rows that a host with this state prints. */
const rowsOf = ({ now, holder, entries, texts, files, parameters }: HostState): string =>
  [
    `now\t${now}`,
    ...(holder ? [`lock\t${holder.who}\t${holder.run}\t${holder.since}`] : []),
    ...(parameters === null ? [] : [`parameters\t${parameters}`]),
    ...[...entries].map(([path, { bytes, type }]) => `entry\t${path}\t${bytes}\t${type}`),
    ...[...texts].map(([path, text]) => `text\t${path}\t${base64(text)}`),
    ...[...files].map(([path, bytes]) => `file\t${path}\t${bytes}`),
    'over',
  ].join('\n');

const problemsOf = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error: unknown) => (error instanceof FcopsError ? error.problems : Promise.reject(error)),
  );

describe('a set-up', () => {
  it('only looks where that is asked for', async () => {
    const { bootstrap, jobs, events } = setUp([deployedHost()]);
    expect(await bootstrap.run(true)).toEqual({ state: 'checked', left: 12 });
    expect(jobs).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['steps']);
  });

  it('runs a step under a name of its own, and goes on with the next one', async () => {
    const { bootstrap, jobs, events } = setUp([deployedHost(), SNAPSHOT]);
    const problems = await problemsOf(bootstrap.run(false));
    expect(jobs.map(({ run, changes }) => [run, changes.length])).toEqual([
      [expect.stringMatching(/^r-20261122T103000Z-[a-z0-9]{5}bsnapshot$/), 1],
    ]);
    expect(events.flatMap((event) => (event.type === 'step-done' ? [event.step] : []))).toEqual(['snapshot']);
    // The next one cannot be told.
    expect(problems).toMatchObject([
      { kind: 'unseen', why: expect.stringContaining('FIL_PROOFS_PARAMETER_CACHE') },
    ]);
  });

  it('does not take a step for done that the host does not show', async () => {
    const { bootstrap, jobs } = setUp([deployedHost()]);
    expect(await problemsOf(bootstrap.run(false))).toMatchObject([{ kind: 'verify' }]);
    expect(jobs).toHaveLength(1);
  });

  it('says why a step failed', async () => {
    const failed: Applied = { state: 'failed', succeeded: 0, problems: [{ kind: 'step', what: 'no room' }] };
    const { bootstrap } = setUp([deployedHost()], { apply: async () => failed });
    expect(await problemsOf(bootstrap.run(false))).toEqual(failed.problems);
  });

  it('leaves a host to others who change it', async () => {
    const locked: Applied = { state: 'locked', succeeded: 0, problems: [] };
    const states = [deployedHost(), held('r-20261122T103000Z-x7k2q')];
    const { bootstrap } = setUp(states, { apply: async () => locked });
    expect(await problemsOf(bootstrap.run(false))).toMatchObject([
      { kind: 'locked', holder: { who: 'bob@ops2' } },
    ]);
  });
});

describe('a step that another controller has begun', () => {
  it('is followed to its end', async () => {
    const { bootstrap, jobs, rejoined, events } = setUp([held(RUN), SNAPSHOT]);
    await problemsOf(bootstrap.run(false));
    expect(rejoined).toEqual([RUN]);
    expect(jobs).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'step-begin', step: 'snapshot', takenUp: true }),
    );
  });

  it('is waited for where its runner was killed', async () => {
    const broken: Applied = { state: 'failed', succeeded: 0, problems: [{ kind: 'run', what: 'broke off' }] };
    const states = [held(RUN), held(RUN), held(RUN), held(RUN), SNAPSHOT];
    const { bootstrap, jobs, events } = setUp(states, { rejoin: async () => broken });
    expect(await problemsOf(bootstrap.run(false))).toMatchObject([{ kind: 'unseen' }]);
    expect(jobs).toEqual([]);
    expect(events.filter(({ type }) => type === 'step-begin')).toHaveLength(1);
  });

  it('is told where it failed', async () => {
    const failed: Applied = { state: 'failed', succeeded: 0, problems: [{ kind: 'step', what: 'no room' }] };
    const { bootstrap } = setUp([held(RUN), deployedHost()], { rejoin: async () => failed });
    expect(await problemsOf(bootstrap.run(false))).toEqual(failed.problems);
  });
});
