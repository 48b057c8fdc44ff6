import { describe, expect, it } from 'vitest';
import type { ChangeItem, HostPlan, PlanItem } from '../../../../src/engine/plan.ts';
import { HOST_PLAN_FORMAT } from '../../../../src/engine/plan.ts';
import { driftKeys, onlyDrift } from '../../../../src/ops/drift/drift.ts';
import { parseLeft } from '../../../../src/ops/drift/look.ts';
import type { Step } from '../../../../src/resources/kinds.ts';

const RUN = 'r-20261122T103000Z-x7k2q';
const owned = { mode: '0644', owner: 'root', group: 'root', deadline: 120 } as const;
const put = (path: string): Step => ({ step: 'put-file', path, content: ['x'], seen: 'b', ...owned });
const edit = (path: string): Step => ({ step: 'edit-lines', path, line: 'x', drop: [], deadline: 120 });
const changing = (resource: string, ...steps: Step[]): ChangeItem => ({
  state: 'change',
  ...{ task: 't', kind: 'file', resource, title: resource },
  change: { action: 'update', details: [{ name: 'vm.swappiness', before: '60', after: '1' }], steps },
});
const reboot: PlanItem = {
  ...{ state: 'reboot', task: 't', kind: 'x', resource: 'x', title: 'x', reason: 'a kernel' },
};
const planOf = (...items: PlanItem[]): HostPlan => ({ format: HOST_PLAN_FORMAT, host: 'a', items, same: 1 });
const row = (key: string, left: string, now: string, run = RUN) =>
  [
    'left',
    key,
    run,
    'a',
    '0644',
    'root',
    'root',
    left,
    '0644',
    'root',
    'root',
    now,
    '0644',
    'root',
    'root',
  ].join('\t');
const leftOf = (...rows: string[]) => {
  const parsed = parseLeft([...rows, 'end', ''].join('\n'));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

describe('what of a plan is drift', () => {
  const plan = planOf(
    changing('file:/hand', put('/hand')),
    changing('file:/pending', put('/pending')),
    changing('file:/new', put('/new')),
    changing('fstab', edit('/etc/fstab')),
    changing('sysctl', {
      step: 'set-sysctl',
      settings: { 'vm.swappiness': '1', 'vm.other': '2' },
      deadline: 1,
    }),
    changing('grub', { step: 'update-grub', family: 'debian', arguments: [], deadline: 1 }),
    reboot,
  );

  it('asks for what the changes touch', () => {
    expect(driftKeys(plan)).toEqual(['/hand', '/pending', '/new', '/etc/fstab', 'sysctl:vm.swappiness']);
  });

  it('is what is not as it was left; what is, is pending; of the rest nobody knows', () => {
    const left = leftOf(
      'stamp',
      row('/hand', 'b', 'c', `${RUN}s`),
      row('/pending', 'b', 'b'),
      row('/etc/fstab', 'b', 'c'),
      row('sysctl:vm.swappiness', '1', '-').replaceAll('0644\troot\troot', '-\t-\t-'),
    );
    const { plan: shown, drift } = onlyDrift(plan, left);
    expect([...drift.states]).toEqual([
      ['file:/hand', 'changed'],
      ['file:/new', 'unknown'],
      ['fstab', 'unknown'],
      ['sysctl', 'changed'],
      ['grub', 'unknown'],
    ]);
    expect(drift.pending).toBe(1);
    const said = shown.items.flatMap((item) =>
      item.state === 'change' ? [item.change.details[0]?.name] : [],
    );
    expect(said[0]).toBe(`changed since ${RUN} left it`);
    expect(said[1]).toBe('not known by whom: no run that the host keeps has changed it');
    expect(shown.items).toHaveLength(5);
  });

  it('is nothing where fcops has never deployed, and all of it where the host does not tell', () => {
    expect(onlyDrift(plan, leftOf()).drift).toEqual({ states: new Map(), pending: 6 });
    const { drift } = onlyDrift(plan, { why: 'lost' });
    expect([...drift.states.values()]).toEqual(Array.from({ length: 6 }, () => 'unknown'));
  });

  it('is not read from an answer that broke off', () => {
    expect(parseLeft('stamp\n').ok).toBe(false);
    expect(parseLeft('').ok).toBe(false);
  });
});
