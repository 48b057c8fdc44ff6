import type { AddressBook } from '../../../../src/cli/text/addresses.ts';
import { fcopsCommand, look } from '../../../../src/core/next.ts';
import type { HostResult } from '../../../../src/engine/events.ts';
import type { HostPlan, PlanItem } from '../../../../src/engine/plan.ts';
import { HOST_PLAN_FORMAT } from '../../../../src/engine/plan.ts';
import type { PlannedHost } from '../../../../src/ops/travellers.ts';
import type { Step } from '../../../../src/resources/kinds.ts';
import type { Change, RestartOwed } from '../../../../src/resources/resource.ts';

/** What stands in a step is for the host alone, and must never be shown. */
const HIDDEN: Step = {
  step: 'run-command',
  name: 'hidden',
  guard: 'true',
  run: 'hidden-in-a-step',
  deadline: 60,
};

/** Of what a resource with this id is; the title where it is more than that. */
export const named = (task: string, resource: string, title = resource.replace(':', ' ')) => ({
  task,
  kind: resource.slice(0, resource.indexOf(':')),
  resource,
  title,
});

/** A planned change of `<kind>:<name>`, in the words of its kind where `title` is given. */
export const change = (
  task: string,
  resource: string,
  { title, ...change }: Omit<Change, 'steps'> & { readonly title?: string },
): PlanItem => ({
  ...named(task, resource, title),
  state: 'change',
  change: { ...change, steps: [HIDDEN] },
});

export const directoryItem: PlanItem = change('scripts', 'directory:/opt/worker', {
  action: 'create',
  details: [{ name: 'mode', before: null, after: '0755' }],
});

export const scriptItem = (address: string): PlanItem =>
  change('scripts', 'file:/opt/worker/start.sh', {
    action: 'create',
    details: [{ name: 'mode', before: null, after: '0755' }],
    text: {
      before: null,
      after: `#!/bin/bash\nset -eu\nexport A=1\nexport B=2\nexport C=3\nrun --listen ${address}:10001\n`,
    },
  });

export const sysctlItem: PlanItem = change('tuning', 'file:/etc/sysctl.conf', {
  action: 'update',
  details: [{ name: 'mode', before: '0600', after: '0644' }],
  text: {
    before: 'a = 1\nb = 2\nc = 3\nd = 4\nvm.swappiness = 60\ne = 5\nf = 6\ng = 7\nh = 8\n',
    after: 'a = 1\nb = 2\nc = 3\nd = 4\nvm.swappiness = 0\ne = 5\nf = 6\ng = 7\nh = 8\n',
  },
});

export const violatedItem = (severity: 'enforce' | 'warn'): PlanItem => ({
  ...named('machine checks', 'assertion:kernel'),
  state: 'violated',
  violation: {
    message: 'the machine runs kernel 4.9, at least 4.15 is needed',
    next: [look('install it')],
    severity,
  },
});

export const unknownItem: PlanItem = {
  ...named('packages', 'packages:bc'),
  state: 'unknown',
  reason: 'dpkg-query did not answer',
};

export const rebootItem: PlanItem = {
  ...named('kernel', 'kernel-arguments:hugepagesz'),
  state: 'reboot',
  reason: 'the kernel runs without hugepagesz=1G',
};

export const restartItem = (process: string, more: Partial<RestartOwed> = {}): PlanItem => ({
  ...named('processes', `process:${process}`, process),
  state: 'restart',
  restart: {
    process,
    pid: 1234,
    since: Date.parse('2026-11-22T04:30:00Z') / 1000,
    reasons: ['/opt/profile is newer than it'],
    ...more,
  },
});

export const idleItem = (...processes: readonly string[]): PlanItem => ({
  ...named('processes', 'process:APx', 'APx'),
  state: 'idle',
  idle: { processes, next: [fcopsCommand(['deploy', 'p1', '--start'], 'to start them')] },
});

export const planOf = (host: string, items: readonly PlanItem[], same = 5): HostPlan => ({
  format: HOST_PLAN_FORMAT,
  host,
  items,
  same,
});

export const planned = (host: string, items: readonly PlanItem[], same = 5): PlannedHost => ({
  state: 'planned',
  plan: planOf(host, items, same),
});

export const result = (host: string, more: Partial<HostResult> = {}): HostResult => ({
  host,
  state: 'same',
  changed: 0,
  skipped: 0,
  same: 9,
  seconds: 0.4,
  reboot: [],
  restart: [],
  idle: [],
  warnings: [],
  problems: [],
  ...more,
});

export const failedResult = (host: string): HostResult =>
  result(host, {
    state: 'failed',
    changed: 2,
    skipped: 4,
    seconds: 12.3,
    problems: [
      {
        kind: 'step',
        what: 'archive:/opt/lotus failed (status 22)',
        where: { host, task: 'lotus-worker' },
        why: 'curl: (22) The requested URL returned error: 404\nnothing was unpacked',
        next: [look('mend the cause and run again')],
      },
    ],
  });

export const ADDRESSES: AddressBook = new Map([
  ['p1-50', { address: '192.168.10.50' }],
  ['p1-51', { address: '192.168.10.51' }],
  ['p1-52', { address: '192.168.10.52' }],
]);

/** A text for an inline snapshot: lines as they are, colours as `{code}`. */
export const visible = (text: string): string =>
  text.replaceAll('\u001b[', '{').replaceAll(/\{([0-9;]+)m/g, '{$1}');
