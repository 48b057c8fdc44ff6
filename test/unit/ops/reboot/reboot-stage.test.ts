import { describe, expect, it } from 'vitest';
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
  const pause = async () => {};
  const context = { ...contextOf({ signal, work: async () => work, pause }), timeout: 60 };
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

describe('a machine that has come back', () => {
  /** What is said of it where it gives these answers, one a question, when it is asked how far its boot is. */
  const booting = async (...answers: readonly (string | FcopsError)[]) => {
    const left = [...answers];
    let held = 0;
    const result = await atStage(rebooting('b'), {
      reboot: async () => ({ state: 'back', boot: 'c' }),
      hold: async () => {
        held += 1;
        // Of the reboot itself, and then of what comes after it: that is not looked at here.
        if (held > 1) throw new FcopsError({ kind: 'check', what: 'it was held again' });
      },
      ask: async ({ name, parse }) => {
        if (name === 'what may keep it from booting') throw new FcopsError([]);
        const answer = left.shift() ?? 'running';
        if (answer instanceof FcopsError) throw answer;
        const state = parse(`${answer}\nover\n`);
        if (!state.ok) throw new Error(state.error);
        return state.value;
      },
    });
    return [...(result ?? []), `${left.length} answers left`];
  };
  const away = new FcopsError({ kind: 'connect', what: 'the connection was lost' });

  it('is waited for until its services are up, also where its network goes once more on the way', async () => {
    expect(await booting('starting', away, away, 'starting', 'running')).toEqual([
      ...['failed', 'it was held again', '0 answers left'],
    ]);
  });

  it('is not asked on where something else is wrong', async () => {
    const defect = new FcopsError({ kind: 'refused-host-key', what: 'its host key is another one' });
    expect(await booting(defect, 'running')).toEqual([
      ...['failed', 'its host key is another one', '1 answers left'],
    ]);
  });
});
