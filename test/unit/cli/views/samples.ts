import type { HostResult } from '../../../../src/engine/events.ts';
import type { HostPlan, PlanItem } from '../../../../src/engine/plan.ts';
import type { PlannedHost } from '../../../../src/ops/deploy.ts';
import type { Change } from '../../../../src/resources/resource.ts';

/** A planned change; its step is what must never be shown. */
export const change = (task: string, resource: string, change: Omit<Change, 'step'>): PlanItem => ({
  task,
  resource,
  state: 'change',
  change: { ...change, step: 'put_file s3cr3t-in-a-step' },
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
  task: 'machine checks',
  resource: 'assertion:kernel',
  state: 'violated',
  violation: {
    message: 'the machine runs kernel 4.9, at least 4.15 is needed',
    next: 'install it',
    severity,
  },
});

export const unknownItem: PlanItem = {
  task: 'packages',
  resource: 'packages:bc',
  state: 'unknown',
  reason: 'dpkg-query did not answer',
};

export const rebootItem: PlanItem = {
  task: 'kernel',
  resource: 'kernel-arguments:hugepagesz',
  state: 'reboot',
  reason: 'the kernel runs without hugepagesz=1G',
};

export const planOf = (host: string, items: readonly PlanItem[], same = 5): HostPlan => ({
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
        what: 'archive:/opt/lotus failed (status 22)',
        where: { host, task: 'lotus-worker' },
        why: 'curl: (22) The requested URL returned error: 404\n        nothing was unpacked',
        next: 'mend the cause and run again',
      },
    ],
  });

export const ADDRESSES: ReadonlyMap<string, string> = new Map([
  ['p1-50', '192.168.10.50'],
  ['p1-51', '192.168.10.51'],
  ['p1-52', '192.168.10.52'],
]);

/** A text for an inline snapshot: lines as they are, colours as `{code}`. */
export const visible = (text: string): string =>
  text.replaceAll('\u001b[', '{').replaceAll(/\{([0-9;]+)m/g, '{$1}');
