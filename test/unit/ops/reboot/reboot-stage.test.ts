import { expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { HostSession } from '../../../../src/ops/deploy-host.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { rebootStage } from '../../../../src/ops/reboot/reboot-stage.ts';
import type { RoleWork } from '../../../../src/ops/role-work.ts';
import type { Resource } from '../../../../src/resources/resource.ts';
import { contextOf, host, sessionOf, workOf } from '../upgrade/support.ts';

/** Work that reboots the machine from this boot, and starts these processes, none of which runs. */
const rebooting = (boot: string | null, ...idle: readonly string[]): RoleWork => {
  const starts = workOf(...idle.map((name) => ['process', name] as const));
  const machine: Resource = {
    ...{ kind: 'reboot', id: 'reboot:machine', title: 'the machine', asks: [] },
    diff: () => ({
      state: 'change',
      change: { action: 'run', details: [], steps: [{ step: 'reboot', boot: boot ?? '', deadline: 60 }] },
    }),
  };
  const tasks = starts.tasksOf(host);
  return {
    ...starts,
    tasksOf: () => [...(boot === null ? [] : [{ name: 'reboot', tags: [], resources: [machine] }]), ...tasks],
  };
};

const atStage = async (
  work: RoleWork,
  more: Partial<HostSession> = {},
  signal = new AbortController().signal,
) => {
  const one = new DeployHost(host, sessionOf({ ask: () => Promise.reject(new FcopsError([])), ...more }));
  await one.look(work);
  const context = { ...contextOf({ signal, work: async () => work }), timeout: 60 };
  const stage = rebootStage({ ...context, startWork: async () => work, verify: async () => [] });
  const result = await stage.work(one);
  return result && [result.state, ...result.problems.map(({ what }) => what)];
};

const refused = () => Promise.reject(new FcopsError({ kind: 'run', what: 'the machine was not rebooted' }));

it('an order to reboot that fails tells what was ended for it, and does not run', async () => {
  expect(await atStage(rebooting('b', 'C2-1', 'C2-2'), { reboot: refused })).toEqual([
    'failed',
    'the machine was not rebooted',
    'C2-1, C2-2 do not run: nothing is started where that went wrong',
  ]);
});

it('and nothing of that where nothing was to be started', async () => {
  expect(await atStage(rebooting('b'), { reboot: refused })).toEqual([
    'failed',
    'the machine was not rebooted',
  ]);
});

it('an interrupt before the order says what does not run, and one after it that it was rebooted', async () => {
  const interrupted = (work: RoleWork) => atStage(work, {}, AbortSignal.abort());
  expect(await interrupted(rebooting('b', 'C2-1'))).toEqual([
    'stopped',
    'stopped between two steps, as asked: the machine was not rebooted, and C2-1 does not run',
  ]);
  expect(await interrupted(rebooting('b'))).toEqual([
    'stopped',
    'stopped between two steps, as asked: the machine was not rebooted',
  ]);
  expect(await interrupted(rebooting(null, 'C2-1'))).toEqual([
    'stopped',
    'stopped between two steps, as asked: the machine has been rebooted, and C2-1 does not run',
  ]);
  // Of a run that is taken up all of it may run already.
  expect(await interrupted(rebooting(null))).toEqual([
    'stopped',
    'stopped between two steps, as asked: the machine has been rebooted',
  ]);
});
