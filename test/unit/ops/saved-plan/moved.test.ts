import { describe, expect, it } from 'vitest';
import type { ChangeItem, HostPlan, PlanItem } from '../../../../src/engine/plan.ts';
import { HOST_PLAN_FORMAT } from '../../../../src/engine/plan.ts';
import type { HostState } from '../../../../src/ops/saved-plan/moved.ts';
import { movedReasons } from '../../../../src/ops/saved-plan/moved.ts';

const planOf = (...items: PlanItem[]): HostPlan => ({
  format: HOST_PLAN_FORMAT,
  host: 'p1-50',
  items,
  same: 3,
});
const put = (path: string, text: string, seen = 'absent', after?: readonly string[]): ChangeItem => ({
  state: 'change',
  task: 'files',
  kind: 'file',
  resource: `file:${path}`,
  title: `file ${path}`,
  change: {
    action: 'update',
    details: [],
    text: { before: seen, after: text },
    steps: [
      {
        ...{ step: 'put-file', path, content: [text], seen, deadline: 120 },
        ...{ mode: '0644', owner: 'root', group: 'root' },
      },
    ],
  },
  ...(after && { after }),
});
const restart = (process: string, reason: string): PlanItem => ({
  state: 'restart',
  ...{ task: 'processes', kind: 'process', resource: `restart:${process}`, title: process },
  restart: { process, pid: 7, since: 1, reasons: [reason] },
});
const warning = (message: string): PlanItem => ({
  state: 'violated',
  ...{ task: 'checks', kind: 'assertion', resource: 'assertion:disk', title: 'disk' },
  violation: { message, severity: 'warn' },
});

const INPUTS = { 'versions.p1': '"1.11.1"', profile: '"amd-7532"', 'profile memoryGiB': '2048' };
const reasons = (
  then: HostPlan,
  now: HostPlan,
  { inputs = INPUTS, templates = [] }: { inputs?: HostState['inputs']; templates?: readonly string[] } = {},
) =>
  movedReasons(
    { plan: then, inputs: INPUTS },
    { plan: now, inputs },
    { templates, inventory: 'inventories/f0494733.yaml' },
  );

describe('what has moved since a plan was saved', () => {
  it('is nothing where it would do the same, or less as a part is done', () => {
    const then = planOf(
      put('/a', 'x'),
      put('/b', 'y', 'absent', ['file:/a']),
      restart('P1-3', '/a changes in this run'),
    );
    expect(reasons(then, then)).toEqual([]);
    expect(reasons(then, planOf())).toEqual([]);
    expect(reasons(then, planOf(put('/b', 'y'), restart('P1-3', '/a is newer')))).toEqual([]);
    expect(reasons(planOf(warning('3 GiB free')), planOf(warning('2 GiB free')))).toEqual([]);
  });

  it('is the host, where what is there is not what it was', () => {
    expect(reasons(planOf(put('/a', 'x', 'one')), planOf(put('/a', 'x', 'two')))).toEqual([
      'file /a: changed on the host since',
    ]);
    expect(reasons(planOf(), planOf(put('/a', 'x')))).toEqual([
      'file /a: changed on the host since; it was as required',
    ]);
    expect(reasons(planOf(), planOf(restart('P1-3', '/a is newer')))).toEqual([
      'P1-3: owes a restart now (/a is newer)',
    ]);
  });

  it('may be the value of a secret, which nobody has changed on the host', () => {
    const item = put('/opt/profile', 'the mask', 'the mask');
    const details = [{ name: 'the value of age token differs', before: null, after: null }];
    expect(reasons(planOf(), planOf({ ...item, change: { ...item.change, details } }))).toEqual([
      'file /opt/profile: the value of age token differs, and did not: it was changed where it is kept, or on the host',
    ]);
    const also = [...details, { name: 'mode', before: '0644', after: '0600' }];
    expect(reasons(planOf(), planOf({ ...item, change: { ...item.change, details: also } }))).toEqual([
      'file /opt/profile: changed on the host since; it was as required',
    ]);
  });

  it('is an input, where that is not what it was', () => {
    const inputs = { ...INPUTS, 'versions.p1': '"1.11.2"', 'profile memoryGiB': '1024' };
    expect(reasons(planOf(put('/a', 'x')), planOf(put('/a', 'y')), { inputs })).toEqual([
      'inventory inventories/f0494733.yaml: versions.p1 is 1.11.2 now, and was 1.11.1',
      'profile amd-7532: memoryGiB is 1024 now, and was 2048',
      'file /a: something else would be made of it now',
    ]);
    // Whatever follows from it: what was reviewed is not what the files say.
    expect(reasons(planOf(put('/a', 'x')), planOf(), { inputs })).toHaveLength(2);
  });

  it('is a template, where that makes a difference to the host', () => {
    const templates = ['p1/profile'];
    expect(reasons(planOf(put('/a', 'x')), planOf(put('/a', 'x')), { templates })).toEqual([]);
    expect(reasons(planOf(put('/a', 'x')), planOf(put('/a', 'y')), { templates })).toEqual([
      'template p1/profile: changed since',
      'file /a: something else would be made of it now',
    ]);
    expect(reasons(planOf(put('/a', 'x', 'one')), planOf(put('/a', 'x', 'two')), { templates })).toEqual([
      'file /a: changed on the host since',
    ]);
  });

  it('names some, and counts the others', () => {
    const many = Array.from({ length: 40 }, (_, index) => put(`/${index}`, 'x'));
    expect(reasons(planOf(), planOf(...many)).at(-1)).toBe('and 36 more of this kind');
  });
});
