import { describe, expect, it } from 'vitest';
import { again, edit, fcopsCommand, look } from '../../../src/core/next.ts';
import type { HostSession } from '../../../src/ops/deploy-host.ts';
import { DeployHost } from '../../../src/ops/deploy-host.ts';
import { repeatsAll } from '../../../src/ops/deploy-request.ts';
import { GivenSecrets } from '../../../src/ops/given-secrets.ts';
import type { RoleWork } from '../../../src/ops/role-work.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { SAME } from '../../../src/resources/resource.ts';
import { clusterFile, clusterOf } from '../inventory/support.ts';
import { observationOf } from '../resources/answer-of.ts';
import { FACTS } from '../resources/cases.ts';
import { noTemplates } from './no-templates.ts';

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
    given: new GivenSecrets(),
    renderer: noTemplates,
    tasksOf: () => [{ name: 't', tags: [], resources }],
    processesOf: () => [],
  };
};

const unasked = () => Promise.reject(new Error('nobody asks for it here'));
const session: HostSession = {
  open: unasked,
  warm: unasked,
  ask: unasked,
  apply: unasked,
  hold: unasked,
  rejoin: unasked,
  reboot: unasked,
  comeBack: unasked,
  close: async () => {},
  look: async () => ({ seen: observationOf(FACTS), lockedBy: null }),
};

it('a host that another run has is not advised to be started: that run may be at it', async () => {
  const dead = { message: 'P1-1 does not run', next: [look('see log.txt')], severity: 'warn' } as const;
  const process = (id: string, diff: ReturnType<Resource['diff']>): Resource => ({
    kind: 'process',
    id,
    title: id,
    asks: [],
    diff: () => diff,
  });
  const idle = { processes: ['APx', 'P2'], next: [look('start them')] };
  const work: RoleWork = {
    ...workOf(0, 0),
    tasksOf: () => [
      {
        name: 'processes',
        tags: [],
        resources: [
          process('process:P1-1', { state: 'violated', violation: dead }),
          process('process:APx', { state: 'idle', idle }),
        ],
      },
    ],
  };
  const lockedBy = { who: 'alice@ops1', run: 'r-1', since: '' };
  const seen = observationOf(FACTS);
  const held = new DeployHost(host, { ...session, look: async () => ({ seen, lockedBy }) });
  const next =
    'run r-1 of alice@ops1 is changing this host, and may be starting it: wait for it to end, then look again';
  expect((await held.look(work)).plan.items).toMatchObject([
    { violation: { message: 'P1-1 does not run', next: [look(next)] } },
    { violation: { message: 'none of the 2 processes of this host runs yet', next: [{ text: next }] } },
  ]);
  // At the second look it is this run that has it.
  expect((await held.look(work)).plan.items).toMatchObject([{ violation: dead }, { idle }]);
});

describe('the result of a host', () => {
  it('names the run to take up where the same command would do all of it again, whatever went wrong', () => {
    const stopped = { kind: 'stopped', what: 'stopped', next: [look('see'), again('run again')] } as const;
    const tooLong = {
      kind: 'check',
      what: 'tasks go on',
      next: [again('run again to go on waiting')],
    } as const;
    const refused = { kind: 'check', what: 'at a task', next: [edit('add --drain')] } as const;
    const locked = { kind: 'locked', what: 'another run', next: [again('wait for it to end')] } as const;
    const all = [stopped, tooLong, refused, locked];
    const traveller = new DeployHost(host, session);
    expect(traveller.result('failed', all).problems).toEqual(all);
    traveller.goesOnBy = 'r-1';
    const goOn = (before = 'to go on') => fcopsCommand(['resume', 'r-1'], before);
    expect(traveller.result('failed', all).problems).toEqual([
      { ...stopped, next: [look('see'), goOn()] },
      { ...tooLong, next: [goOn()] },
      // With other words it is another run.
      refused,
      { ...locked, next: [goOn('wait for it to end, then go on')] },
    ]);
  });

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

it.each([
  [{ operation: 'reboot' }, true],
  [{ operation: 'restart' }, true],
  // Only what has another token still is restarted.
  [{ operation: 'restart', otherToken: true }, false],
  [{ operation: 'stop' }, false],
  [{ operation: 'upgrade' }, false],
  [{}, false],
] as const)('what a request does that is made anew: %o', (request, expected) => {
  expect(repeatsAll(request)).toBe(expected);
});
