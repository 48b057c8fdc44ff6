import { expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { stopStage } from '../../../../src/ops/stop/stages.ts';
import { upgradeStages } from '../../../../src/ops/upgrade/stages.ts';
import type { Resource } from '../../../../src/resources/resource.ts';
import { SAME } from '../../../../src/resources/resource.ts';
import { contextOf, host, sessionOf, workOf } from './support.ts';

/** What is said of a host whose upgrade is interrupted when its processes have ended. */
const interruptedAfterStop = async (isAsked: boolean) => {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = workOf(['stop', 'P1-1'], ['link', '/opt/lotus-worker']);
  const tasks = stop.tasksOf(host).map((task) => ({
    ...task,
    resources: task.resources.map(
      (one): Resource => ({ ...one, diff: (...given) => (signal.aborted ? SAME : one.diff(...given)) }),
    ),
  }));
  const work = { ...stop, tasksOf: () => tasks };
  const session = sessionOf({
    apply: async ({ changes }) => {
      controller.abort();
      return { state: 'done', succeeded: changes.length, problems: [] };
    },
  });
  const look = session.look;
  const one = new DeployHost(host, {
    ...session,
    look: async (asked) => {
      if (isAsked && signal.aborted)
        throw new FcopsError({ kind: 'stopped', what: 'interrupted while it was asked; nothing was done' });
      return look(asked);
    },
  });
  await one.look(work);
  const context = contextOf({
    ...{ signal, work: async () => work, startWork: async () => workOf(['process', 'P1-1']) },
    guard: { waits: false, atFirst: async () => [], atLast: async () => [], wait: async () => [] },
    mode: { loseTasks: true, drain: null },
  });
  for (const stage of upgradeStages(context, [])) {
    const result = await stage.work(one);
    if (result) return [result.state, ...result.problems.map(({ what }) => what)];
  }
  return [];
};

const SAID = [
  'stopped',
  'stopped between two steps, as asked: its processes were ended, and are not started again',
];

it('an interrupt between stop and start is told as that', async () => {
  expect(await interruptedAfterStop(false)).toEqual(SAID);
});

it('and so is one while the host is looked at between them', async () => {
  expect(await interruptedAfterStop(true)).toEqual(SAID);
});

it('a host that cannot be looked at between them has its ended processes named', async () => {
  const session = sessionOf({
    apply: async ({ changes }) => ({ state: 'done', succeeded: changes.length, problems: [] }),
  });
  let looks = 0;
  const one = new DeployHost(host, {
    ...session,
    look: async (asked) => {
      looks += 1;
      if (looks === 3) throw new FcopsError({ kind: 'unseen', what: 'the host could not be looked at' });
      return session.look(asked);
    },
  });
  const work = workOf(['stop', 'P1-1'], ['link', '/opt/lotus-worker']);
  await one.look(work);
  const context = contextOf({
    work: async () => work,
    guard: { waits: false, atFirst: async () => [], atLast: async () => [], wait: async () => [] },
    mode: { loseTasks: true, drain: null },
  });
  const result = await stopStage(context).work(one);
  expect(result?.problems.map(({ what }) => what)).toEqual([
    'the host could not be looked at',
    'P1-1 was ended, and is not started again',
  ]);
});
