import { describe, expect, it } from 'vitest';
import type { HostPlan } from '../../../../src/engine/plan.ts';
import { oldTokens } from '../../../../src/ops/rotate/old-tokens.ts';
import { onReadyHosts } from '../../../../src/ops/rotate/token-requests.ts';
import type { PlannedHost } from '../../../../src/ops/travellers.ts';
import type { AtWork } from '../../../../src/resources/process/at-work.ts';

const item = (kind: string, title: string, atWork?: AtWork): HostPlan['items'][number] => ({
  state: 'change',
  task: kind,
  kind,
  resource: `${kind}:${title}`,
  title,
  change: { action: 'run', details: [], steps: [], ...(atWork && { atWork }) },
});
const planned = (host: string, ...items: HostPlan['items'][number][]): PlannedHost => ({
  state: 'planned',
  plan: { format: 'fcops-host-plan/1', host, same: 0, items },
});
const at = (task: string, seconds: number): AtWork => ({
  type: 'tasks',
  tasks: [{ task, sector: 1017, seconds }],
});
const HOUR = 3600;

describe('who has another token', () => {
  const workers = [
    // Processes that were started last are ended first.
    planned('p1-50', item('stop', 'P1-2', at('PC1', HOUR)), item('stop', 'P1-1', at('PC1', 5 * HOUR))),
    planned('p1-51', item('stop', 'APx', at('AP', 60)), item('stop', 'P2'), item('process', 'P2')),
  ];

  it('is told in the order in which they are expected to fall idle', () => {
    const found = oldTokens(
      [planned('p1-50', item('file', '/opt/profile')), planned('p1-51')],
      workers,
      '64GiB',
    );
    expect(found.profiles).toEqual(['p1-50']);
    expect(found.workers.map(({ host, process, tasks }) => [host, process, tasks[0]?.left ?? null])).toEqual([
      ['p1-51', 'P2', null],
      ['p1-50', 'P1-1', HOUR],
      ['p1-50', 'P1-2', 5 * HOUR],
      ['p1-51', 'APx', null],
    ]);
    expect(found.seconds).toBeNull();
    expect(oldTokens([], workers.slice(0, 1), '64GiB').seconds).toBe(5 * HOUR);
    expect(oldTokens([], [], '64GiB')).toEqual({
      ...{ workers: [], profiles: [], seconds: 0 },
      ...{ seen: [], unseen: [] },
    });
  });

  it('says of whom it cannot be told, and what could not be seen, once', () => {
    const unknown = planned('p1-50', item('stop', 'P1-1', { type: 'unknown', why: 'the miner is silent' }));
    const problem = { kind: 'connect', what: 'it does not answer', where: { host: 'p1-51' } } as const;
    const ended: PlannedHost = {
      state: 'ended',
      result: {
        ...{ host: 'p1-51', state: 'unreachable', changed: 0, skipped: 0, same: 0, seconds: 1 },
        ...{ reboot: [], restart: [], idle: [], warnings: [], problems: [problem] },
      },
    };
    const found = oldTokens([ended], [unknown, ended], '64GiB');
    expect(found.workers).toEqual([
      { host: 'p1-50', process: 'P1-1', tasks: [], unknown: 'the miner is silent' },
    ]);
    expect(found).toMatchObject({
      seconds: null,
      seen: ['p1-50'],
      unseen: [{ host: 'p1-51', state: 'unreachable', problems: [problem] }],
    });
  });
});

describe('the restarts of a rotation', () => {
  const request = {
    ...{ role: 'all', limit: 'all,!miner', tags: [], start: true, batches: [], maxFail: { hosts: 0 } },
    transport: 'ssh2',
  } as const;
  const result = (host: string, state: 'same' | 'changed' | 'failed') => ({ host, state });

  it('are of hosts that have the profile', () => {
    expect(onReadyHosts(request, [result('a', 'same'), result('b', 'changed')])).toBe(request);
    expect(
      onReadyHosts(request, [result('a', 'same'), result('b', 'failed'), result('c', 'changed')]),
    ).toEqual({
      ...request,
      limit: 'a,c',
    });
    expect(onReadyHosts(request, [result('a', 'failed')])).toBeNull();
    expect(onReadyHosts(request, [])).toBeNull();
  });
});
