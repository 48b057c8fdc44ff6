import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepsScript } from '../../../src/engine/apply/script.ts';
import type { HostPlan, PlanItem } from '../../../src/engine/plan.ts';
import {
  changesOf,
  HOST_PLAN_FORMAT,
  hostPlanSchema,
  obstaclesOf,
  planHost,
} from '../../../src/engine/plan.ts';
import type { Provision, Resource } from '../../../src/resources/resource.ts';
import { observationOf } from '../resources/answer-of.ts';
import { anyStep, reveal } from '../resources/arbitrary-steps.ts';
import { FACTS } from '../resources/cases.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const named = { task: text, kind: text, resource: text, title: text };
const change = fc.record({
  state: fc.constant('change' as const),
  ...named,
  change: fc.record(
    {
      action: fc.constantFrom('create' as const, 'update' as const, 'remove' as const, 'run' as const),
      details: fc.array(fc.record({ name: text, before: fc.option(text), after: fc.option(text) }), {
        maxLength: 3,
      }),
      text: fc.record(
        { before: fc.option(text), after: text, reason: text },
        { requiredKeys: ['before', 'after'] },
      ),
      steps: fc.array(anyStep, { maxLength: 4 }),
    },
    { requiredKeys: ['action', 'details', 'steps'] },
  ),
});
const restart = fc.record({
  state: fc.constant('restart' as const),
  ...named,
  restart: fc.record({ process: text, pid: fc.nat(), since: fc.nat(), reasons: fc.array(text) }),
});
const unknown = fc.record({ state: fc.constant('unknown' as const), ...named, reason: text });
const plan: fc.Arbitrary<HostPlan> = fc.record({
  format: fc.constant(HOST_PLAN_FORMAT),
  host: text,
  items: fc.array(fc.oneof<fc.Arbitrary<PlanItem>[]>(change, restart, unknown), { maxLength: 5 }),
  same: fc.nat(),
});

describe('a plan', () => {
  it('written to JSON and read back gives the same script, byte for byte, and has no secret', () => {
    fc.assert(
      fc.property(plan, (written) => {
        const json = JSON.stringify(written);
        expect(json).not.toContain('pl4nted');
        const read = hostPlanSchema.parse(JSON.parse(json));
        const script = (one: HostPlan) => stepsScript('r-1', 'alice', changesOf(one), reveal);
        expect(script(read)).toBe(script(written));
      }),
    );
  });

  it('of another format is not taken for one of this', () => {
    const other = { format: 'fcops-host-plan/0', host: 'a', items: [], same: 0 };
    expect(hostPlanSchema.safeParse(other).success).toBe(false);
    expect(hostPlanSchema.safeParse({ ...other, format: HOST_PLAN_FORMAT, more: 1 }).success).toBe(false);
  });
});

describe('planHost', () => {
  const SEEN = observationOf(FACTS);
  const digest = () => '';
  const path: Provision = { type: 'path', path: '/a' };
  const resource = (id: string, more: Partial<Resource>): Resource => ({
    kind: 'test',
    id,
    title: id,
    asks: [],
    diff: () => ({ state: 'same' }),
    ...more,
  });
  const changing: Resource['diff'] = () => ({
    state: 'change',
    change: { action: 'run', details: [], steps: [] },
  });
  const task = (...resources: Resource[]) => [{ name: 't', tags: [], resources }];

  it('tells a resource of what changes before it, where it needs that', () => {
    const asked: boolean[] = [];
    const needing = resource('test:needs', {
      needs: [path],
      diff: (_, { pending }) => {
        asked.push(pending(path));
        return { state: 'same' };
      },
    });
    const providing = (diff: Resource['diff']) => resource('test:provides', { provides: [path], diff });
    planHost('a', task(providing(changing), needing), SEEN, digest);
    planHost(
      'a',
      task(
        providing(() => ({ state: 'same' })),
        needing,
      ),
      SEEN,
      digest,
    );
    // What comes after it is none of its business.
    planHost('a', task(needing, providing(changing)), SEEN, digest);
    expect(asked).toEqual([true, false, false]);
  });

  it('does not let a resource ask for what it does not say that it needs', () => {
    const sly = resource('test:sly', {
      diff: (_, { pending }) => (pending(path) ? { state: 'same' } : { state: 'same' }),
    });
    expect(() => planHost('a', task(sly), SEEN, digest)).toThrow('does not say that it needs it');
  });

  it('says of a change which changes before it have to have come about', () => {
    const at = (where: string): Provision => ({ type: 'path', path: where });
    const one = (id: string, more: Partial<Resource> = {}) => resource(id, { diff: changing, ...more });
    const asking = one('test:asks', {
      needs: [at('/etc/y'), at('/etc/x')],
      diff: (seen, context) => {
        context.pending(at('/etc/y'));
        context.pending(at('/etc/x'));
        return changing(seen, context);
      },
    });
    const { items } = planHost(
      'a',
      [
        {
          name: 'first',
          tags: [],
          resources: [
            one('test:x', { provides: [at('/etc/x')] }),
            resource('test:same', { provides: [at('/etc/y')] }),
            one('test:next'),
          ],
        },
        { name: 'asks', tags: [], resources: [asking] },
        { name: 'in a directory', tags: [], resources: [one('test:in', { provides: [at('/etc/x/a/b')] })] },
        { name: 'beside it', tags: [], resources: [one('test:beside', { provides: [at('/etc/xy')] })] },
        { name: 'apart', tags: [], resources: [one('test:p1'), one('test:p2')], areApart: true },
        { name: 'says so', tags: [], resources: [one('test:says', { after: [at('/etc/x'), at('/etc/y')] })] },
      ],
      SEEN,
      digest,
    );
    expect(items.map((item) => [item.resource, item.state === 'change' ? item.after : null])).toEqual([
      ['test:x', undefined],
      ['test:next', ['test:x']],
      ['test:asks', ['test:x']],
      ['test:in', ['test:x']],
      ['test:beside', undefined],
      ['test:p1', undefined],
      ['test:p2', undefined],
      ['test:says', ['test:x']],
    ]);
  });

  it('counts what is as it shall be, and keeps debts apart from obstacles', () => {
    const planned = planHost(
      'a',
      task(
        resource('test:1', {}),
        resource('test:2', { diff: () => ({ state: 'reboot', reason: 'r' }) }),
        resource('test:3', { diff: () => ({ state: 'unknown', reason: 'u' }) }),
        resource('test:4', { diff: changing }),
      ),
      SEEN,
      digest,
    );
    expect([planned.same, planned.items.map(({ state }) => state)]).toEqual([
      1,
      ['reboot', 'unknown', 'change'],
    ]);
    expect(obstaclesOf(planned).map(({ resource }) => resource)).toEqual(['test:3']);
    expect(changesOf(planned).map(({ resource }) => resource)).toEqual(['test:4']);
  });
});
