import { describe, expect, it } from 'vitest';
import type { HostPlan } from '../../../../src/engine/plan.ts';
import type { Host } from '../../../../src/inventory/cluster.ts';
import { hadBefore } from '../../../../src/ops/upgrade/begin.ts';
import type { Versions } from '../../../../src/ops/upgrade/versions.ts';
import { hostsByVersion, versionsIn, withVersions } from '../../../../src/ops/upgrade/versions.ts';
import { shipped } from '../../layout/shipped.ts';
import { contextOf } from '../../roles/support.ts';

const { cluster, host: p1 } = contextOf(shipped('amd-7532'), {});
const upgradeOf = (...hosts: readonly string[]) => ({
  versions: [{ key: 'p1', version: '1.11.1-new', hosts }] as const,
});
const UPGRADE = upgradeOf(p1.name);
const named = (name: string): Host => ({ ...p1, name });

/** A plan that would switch a link over, as it was seen. */
const planOf = (seen: string | null): HostPlan => ({
  format: 'fcops-host-plan/1',
  host: 'p1-50',
  same: 0,
  items:
    seen === null
      ? []
      : [
          {
            state: 'change',
            task: 'lotus-worker',
            kind: 'link',
            resource: 'link:/opt/lotusworker/lotus-worker',
            title: 'link',
            change: {
              action: 'update',
              // A plan that was kept has no present values of hosts.
              details: [{ name: 'target', before: null, after: '…' }],
              steps: [
                {
                  step: 'put-link',
                  path: '/opt/lotusworker/lotus-worker',
                  target: '/opt/lotusworker/versions/p1/1.11.1-new/lotus-worker',
                  mustExist: false,
                  seen,
                  deadline: 120,
                },
              ],
            },
          },
        ],
});

describe('the version that a host has', () => {
  it.each([
    ['link:/opt/lotusworker/versions/p1/1.11.1-old/lotus-worker', '1.11.1-old'],
    ['absent', null],
    ['link:/usr/local/bin/lotus-worker', null],
    ['0123456789abcdef', null],
    [null, '1.11.1-new'],
  ])('is told by what its link led to: %s', (seen, expected) => {
    expect([...versionsIn(planOf(seen), UPGRADE, p1)]).toEqual([['p1', expected]]);
  });

  it('is another one in what it is to be, and what is not known is left', () => {
    expect(withVersions(p1, new Map([['p1', '1.11.1-old']])).versions.p1).toBe('1.11.1-old');
    expect(withVersions(p1, new Map([['p1', null]])).versions).toEqual(p1.versions);
  });
});

it('what a host had is what the newest run has seen that came to it before its link was moved, else the inventory', () => {
  const stated = { ...cluster, hosts: [{ ...p1, versions: { ...p1.versions, p1: '1.11.1-stated' } }] };
  const had = (...seen: readonly (string | null)[]) => {
    const plans = seen.map((one) => new Map([[p1.name, { ...planOf(one), host: p1.name }]]));
    return hadBefore(p1, { cluster, stated }, plans, UPGRADE).get('p1');
  };
  const link = (version: string) => `link:/opt/lotusworker/versions/p1/${version}/lotus-worker`;
  expect(had(link('1.11.1-old'))).toBe('1.11.1-old');
  // The run that was taken up last had found the link moved.
  expect(had(null, link('1.11.1-old'))).toBe('1.11.1-old');
  expect(had(null)).toBe('1.11.1-stated');
  expect(had()).toBe('1.11.1-stated');
});

it('hosts are told by their versions, the most first, and those of which nothing is known', () => {
  const [a, b, c, d] = ['p1-50', 'p1-51', 'p1-52', 'p1-53'].map(named) as [Host, Host, Host, Host];
  const standing = new Map<Host, Versions>([
    [a, new Map([['p1', '1.11.1-new']])],
    [b, new Map([['p1', '1.11.1-old']])],
    [c, new Map([['p1', '1.11.1-new']])],
  ]);
  expect(hostsByVersion([a, b, c, d], standing, upgradeOf(...[a, b, c, d].map(({ name }) => name)))).toEqual([
    {
      program: 'lotus-worker',
      on: [
        { version: '1.11.1-new', hosts: ['p1-50', 'p1-52'] },
        { version: '1.11.1-old', hosts: ['p1-51'] },
        { version: null, hosts: ['p1-53'] },
      ],
    },
  ]);
});
