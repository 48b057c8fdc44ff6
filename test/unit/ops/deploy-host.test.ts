import { describe, expect, it } from 'vitest';
import type { HostSession } from '../../../src/ops/deploy-host.ts';
import { DeployHost } from '../../../src/ops/deploy-host.ts';
import type { RoleWork } from '../../../src/ops/role-work.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { SAME } from '../../../src/resources/resource.ts';
import { clusterFile, clusterOf } from '../inventory/support.ts';
import { observationOf } from '../resources/answer-of.ts';
import { FACTS } from '../resources/cases.ts';

const cluster = clusterOf(clusterFile());
const [host] = cluster.hosts;
if (!host) throw new Error('the sample cluster has no host');

/** `same` resources that are as they shall be, and `others` that are not. */
const workOf = (same: number, others: number): RoleWork => {
  const resource = (id: string, diff: Resource['diff']): Resource => ({
    kind: 'file',
    id,
    title: id,
    asks: [],
    diff,
  });
  const change = { action: 'create', details: [], text: { before: null, after: '' }, steps: [] } as const;
  const resources = [
    ...Array.from({ length: same }, (_, i) => resource(`same${i}`, () => SAME)),
    ...Array.from({ length: others }, (_, i) => resource(`other${i}`, () => ({ state: 'change', change }))),
  ];
  return {
    role: 'p1',
    cluster,
    hosts: cluster.hosts,
    reveal: () => '',
    digest: () => '',
    showReplaced: false,
    redact: (text) => text,
    tasksOf: () => [{ name: 't', tags: [], resources }],
  };
};

const unasked = () => Promise.reject(new Error('nobody asks for it here'));
const session: HostSession = {
  open: unasked,
  warm: unasked,
  apply: unasked,
  hold: unasked,
  rejoin: unasked,
  close: async () => {},
  look: async () => ({ seen: observationOf(FACTS), lockedBy: null }),
};

describe('the result of a host', () => {
  it('counts the time of the work that it ends', async () => {
    let now = 0;
    const traveller = new DeployHost(host, session);
    const clock = () => now;
    await traveller.timed(clock, async () => {
      now += 2_000;
    });
    now += 60_000;
    const result = await traveller.timed(clock, async () => {
      now += 22_000;
      return traveller.result('failed');
    });
    expect(result.seconds).toBe(24);
    expect(traveller.result('failed').seconds).toBe(24);
  });

  it('counts what a run that is taken up has changed once: as changed, and not as found so', async () => {
    const traveller = new DeployHost(host, session);
    traveller.succeeded = 1;
    await traveller.look(workOf(26, 61));
    expect(traveller.result('stopped')).toMatchObject({ changed: 1, same: 25, skipped: 61 });
    traveller.succeeded += 61;
    expect(traveller.result('changed')).toMatchObject({ changed: 62, same: 25, skipped: 0 });
  });
});
