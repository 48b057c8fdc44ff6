import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import type { HostResult, RunEvent } from '../../../src/engine/events.ts';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { RunJournal } from '../../../src/engine/runs/journal.ts';
import type { RunRecord } from '../../../src/engine/runs/record.ts';
import { DeployHost } from '../../../src/ops/deploy-host.ts';
import { agreedTo, resumable, runNamed, takenUpBy } from '../../../src/ops/resume.ts';
import { contextOf, host, sessionOf } from './upgrade/support.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-resume-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const RUN = 'r-20260102T030405Z-aaaaa';
const SIZES = [{ hosts: 1 }, { percent: 50 }, { percent: 100 }];
const WORKERS = ['apx-1', 'apx-2', 'apx-3', 'apx-4'];

const changed = (host: string): RunEvent => {
  const result: HostResult = {
    ...{ host, state: 'changed', changed: 1, skipped: 0, same: 0, seconds: 1 },
    ...{ reboot: [], restart: [], idle: [], warnings: [], problems: [] },
  };
  return { type: 'host-end', result };
};
const begun = (batch: number, batches: number, ...hosts: string[]): RunEvent => ({
  ...{ type: 'batch-begin', batch, batches, hosts },
});

/** A run of all roles. */
const recordOf = (more: Partial<RunRecord> = {}): RunRecord => ({
  ...{ format: 'fcops-run/1', run: RUN, operation: 'deploy' },
  request: {
    ...{ role: 'all', miner: 'f0494733', tags: [], start: false, batches: SIZES },
    ...{ maxFail: { hosts: 0 }, inventory: '/clusters', transport: 'ssh2' },
  },
  ...{ who: 'alice@ops1', since: '2026-01-02T03:04:05Z', version: '0.1.0' },
  hosts: ['miner-1', ...WORKERS],
  process: { pid: 1, started: '0', boot: 'another' },
  ...more,
});

/** Keeps what is known of a run whose controller was killed after these events. */
const killed = (record: RunRecord, events: readonly RunEvent[], plans: readonly HostPlan[] = []): void => {
  const journal = RunJournal.begin(record, {
    directory,
    redact: (text) => text,
    date: () => new Date('2026-01-02T03:04:05.678Z'),
    complain: (error) => {
      throw error;
    },
  });
  if (plans.length > 0) journal.plans(plans);
  for (const event of events) journal.event(event);
};

const takenUp = (run: string) =>
  resumable(directory, runNamed(directory, run), { packageRoot: '/', env: {}, home: '/' });

/** What is left of a run that was killed after these events. */
const left = (events: readonly RunEvent[], more: Partial<Pick<RunRecord, 'operation' | 'hosts'>> = {}) => {
  rmSync(join(directory, RUN), { recursive: true, force: true });
  killed(recordOf(more), events);
  const { hosts, request } = takenUp(RUN);
  return { hosts, batches: request.batches };
};

test('before the first batch all of it is left', () => {
  expect(left([])).toEqual({ hosts: ['miner-1', ...WORKERS], batches: SIZES });
});

test('after the miner, the workers begin with their first batch', () => {
  expect(left([begun(1, 1, 'miner-1'), changed('miner-1')])).toEqual({ hosts: WORKERS, batches: SIZES });
});

test('of a batch that was begun the rest comes first, then the batches after it', () => {
  const events = [
    ...[begun(1, 1, 'miner-1'), changed('miner-1'), begun(1, 3, 'apx-1'), changed('apx-1')],
    ...[begun(2, 3, 'apx-2', 'apx-3'), changed('apx-3')],
  ];
  expect(left(events)).toEqual({
    hosts: ['apx-2', 'apx-4'],
    batches: [{ hosts: 1 }, { percent: 100 }],
  });
});

test('of an upgrade the version was brought to all hosts first, and each part has one that shows that it runs', () => {
  const of = (...events: RunEvent[]) => left(events, { operation: 'upgrade', hosts: WORKERS }).batches;
  const fetched = begun(1, 1, ...WORKERS);
  expect(of(fetched)).toEqual(SIZES);
  expect(of(fetched, begun(1, 4, 'apx-1'))).toEqual(SIZES);
  expect(of(fetched, begun(1, 4, 'apx-1'), changed('apx-1'))).toEqual(SIZES);
  const second = [fetched, begun(1, 3, 'apx-1'), changed('apx-1'), begun(2, 3, 'apx-2')];
  // The one that is left shows it.
  expect(of(...second)).toEqual(SIZES.slice(1));
  expect(of(...second, changed('apx-2'))).toEqual(SIZES.slice(1));
  const third = [...second, changed('apx-2'), begun(3, 3, 'apx-3', 'apx-4')];
  expect(of(...third)).toEqual([{ hosts: 1 }, { percent: 100 }]);
});

test('of an upgrade that was at its first part the others have all of their batches', () => {
  const fetched = begun(1, 1, 'miner-1', ...WORKERS);
  const upgrade = { operation: 'upgrade' } as const;
  expect(left([fetched, begun(1, 1, 'miner-1'), changed('miner-1')], upgrade).batches).toEqual(SIZES);
});

/** The plan of a stop of one process, which is at these sectors. */
const stopAt = (...sectors: readonly number[]): HostPlan => ({
  ...{ format: 'fcops-host-plan/1', host: 'p1-50', same: 0 },
  items: [
    {
      ...{ state: 'change', task: 'stop', kind: 'stop', resource: 'stop:P1-3', title: 'P1-3' },
      change: {
        ...{ action: 'run', details: [], steps: [] },
        atWork: { type: 'tasks', tasks: sectors.map((sector) => ({ task: 'PC1', sector, seconds: 60 })) },
      },
    },
  ],
});

test('a stop that is taken up is asked for again where it would lose a task that has begun since', () => {
  const plans = new Map([['p1-50', stopAt(1017)]]);
  const now = (...sectors: readonly number[]) => [{ state: 'planned', plan: stopAt(...sectors) } as const];
  expect(agreedTo(plans)(now(1017))).toBe(true);
  expect(agreedTo(plans)(now())).toBe(true);
  expect(agreedTo(plans)(now(1018))).toBe(false);
  // What is waited for is not lost.
  expect(agreedTo(plans, { drain: 'all' })(now(1018))).toBe(true);
  expect(agreedTo(plans, { drain: 'finalize' })(now(1018))).toBe(false);
});

describe('a run that was taken up by one which was killed before it came to a plan', () => {
  const SECOND = 'r-20260102T040000Z-bbbbb';
  const reboot: RunRecord['request'] = { ...recordOf().request, reboot: { timeout: 1800 } };
  /** The plan of a machine that is rebooted; null: it was by then. */
  const rebooting = (boot: string | null): HostPlan => ({
    ...{ format: 'fcops-host-plan/1', host: 'apx-1', same: 0 },
    items:
      boot === null
        ? []
        : [
            {
              ...{ state: 'change', task: 'reboot', kind: 'reboot', resource: 'reboot:machine', title: 'it' },
              change: { action: 'run', details: [], steps: [{ step: 'reboot', boot, deadline: 60 }] },
            },
          ],
  });
  const at = (phase: string): RunEvent => ({ type: 'phase', host: 'apx-1', phase });
  const both = (second: readonly RunEvent[], plans: readonly HostPlan[] = []) => {
    const about = { operation: 'reboot', request: reboot, hosts: ['apx-1'] } as const;
    killed(recordOf(about), [at('look'), at('reboot')], [rebooting('boot-a')]);
    killed(recordOf({ ...about, run: SECOND, resumes: RUN }), second, plans);
    return takenUp(SECOND);
  };
  /** Whether the machine is waited for before it is looked at, as one that was rebooting. */
  const waits = async ({ takenUp: { before } }: ReturnType<typeof takenUp>): Promise<boolean> => {
    let isWaitedFor = false;
    const comeBack = async () => {
      isWaitedFor = true;
      throw new FcopsError({ kind: 'stopped', what: 'that is all' });
    };
    const session = sessionOf({ comeBack, ask: () => Promise.reject(new FcopsError([])) });
    const one = new DeployHost({ ...host, name: 'apx-1' }, session);
    for (const stage of before(contextOf({}))) await stage.work(one).catch(() => null);
    return isWaitedFor;
  };

  test('reboots no machine again that the first one has rebooted, and waits for those that it had sent down', async () => {
    const found = both([at('find')]);
    expect([...(found.request.boots ?? [])]).toEqual([['apx-1', 'boot-a']]);
    expect(found.wasAgreedTo([{ state: 'planned', plan: rebooting('boot-a') }])).toBe(true);
    expect(await waits(found)).toBe(true);
  });

  test('goes by what the second one has planned, and seen, where it came so far', async () => {
    const found = both([at('find'), at('look')], [rebooting(null)]);
    expect([...(found.request.boots ?? [])]).toEqual([['apx-1', '']]);
    expect(await waits(found)).toBe(false);
  });

  test('knows what all of them have planned, the newest first', () => {
    const plans = both([], [rebooting(null)]).takenUp.plans.map((of) => of.get('apx-1'));
    expect(plans.map((plan) => plan?.items.length)).toEqual([0, 1]);
  });
});

test('each run is told with the command that does what is left of it', () => {
  left([]);
  const run = runNamed(directory, RUN);
  const { record } = run;
  expect(takenUpBy(run)).toEqual(['resume', RUN]);
  const request = { ...record.request, saved: { file: '/reviewed/all.plan', digest: 'sha256:0' } };
  expect(takenUpBy({ ...run, record: { ...record, request } })).toEqual(['apply', '/reviewed/all.plan']);
  const undoing = { ...record, operation: 'rollback', undoes: 'r-1' } as const;
  expect(takenUpBy({ ...run, record: undoing })).toEqual(['rollback', 'r-1']);
});
