import { describe, expect, it } from 'vitest';
import type { Storage } from '../../../../src/inventory/cluster.ts';
import { hostDiff } from '../../../../src/ops/plan-diff/host-diff.ts';
import type { RoleContext } from '../../../../src/roles/role.ts';
import { factsFor, shipped } from '../../layout/shipped.ts';
import { contextFor, ROLES, secretOf, wanted, withApi, withVariables } from './wanted.ts';

const names = ['p1', 'c2', 'apx', 'miner'] as const;
const diffOf = (before: RoleContext, after: RoleContext) => hostDiff(wanted(before), wanted(after));
const changesIn = (diff: ReturnType<typeof hostDiff>) =>
  diff.items.map(({ state, resource }) => `${state} ${resource}`);

const storage: Storage[] = [
  {
    ...{ name: 'nas', type: 'nfs', path: '/opt/nas', source: 'nas:/export', options: ['hard'] },
    ...{ on: ['miner', 'p1', 'apx'], sectors: true },
  },
  {
    ...{ name: 'ceph', type: 'ceph', path: '/opt/ceph', source: '/', options: ['noatime'], sectors: true },
    ...{ on: ['miner', 'p1', 'apx'], monitors: ['10.0.0.1'], user: 'fcops', key: secretOf('env CEPH_KEY') },
  },
];

describe.each(names)('a host of the role %s', (name) => {
  const context = contextFor(name, {}, { packing: 14, storage: [...storage] });

  it('changes in nothing where nothing changes, whoever runs its processes and whatever is known of it', () => {
    for (const supervisor of ['nohup', 'systemd'] as const) {
      const one = withVariables(context, { supervisor });
      const known = {
        ...one,
        host: { ...one.host, savedFacts: factsFor(shipped(name === 'c2' ? 'intel-4216' : 'amd-7532')) },
      };
      for (const each of [one, known]) {
        const diff = diffOf(each, each);
        expect(diff.items).toEqual([]);
        expect(diff.left).toEqual([]);
        expect(diff.added).toEqual([]);
      }
    }
  });

  it('has a change of a secret by its names', () => {
    const diff = diffOf(context, withApi(context, 'env OTHER_TOKEN'));
    if (name === 'miner') expect(diff.items).toEqual([]);
    else {
      const [profile] = diff.items;
      expect(profile).toMatchObject({
        state: 'change',
        change: { details: [{ name: 'secret', before: 'env TOKEN', after: 'env OTHER_TOKEN' }] },
      });
      expect(JSON.stringify(profile)).toContain('<env OTHER_TOKEN>');
      expect(
        changesIn(diff)
          .slice(1)
          .every((one) => one.startsWith('restart process:')),
      ).toBe(true);
      expect(diff.items).toHaveLength(1 + ROLES[name].processes(context).length);
    }
  });

  it('has another supervisor', () => {
    const diff = diffOf(context, withVariables(context, { supervisor: 'systemd' }));
    expect(changesIn(diff)).toMatchSnapshot();
    const back = diffOf(withVariables(context, { supervisor: 'systemd' }), context);
    expect(changesIn(back)).toMatchSnapshot();
    expect(back.left).toEqual([]);
  });
});

it('does not change where nothing changes, though what its machine is keeps its scripts from being worked out', () => {
  const facts = factsFor(shipped('intel-4216'));
  const context = contextFor('c2', { savedFacts: { ...facts, gpus: facts.gpus.slice(0, 1) } });
  expect(diffOf(context, context).items).toEqual([]);
  const other = withVariables(context, { ntpServer: 'ntp.example.com' });
  expect(changesIn(diffOf(context, other))).toEqual(['change cron:root:/usr/sbin/ntpdate ']);
  const scripts = [1, 2, 3, 4].map((n) => `unknown file:/opt/worker-${n}c2/start_${n}c2.sh`);
  // What they would be on another machine changes, so it is not known what they are on this one.
  expect(changesIn(diffOf(context, withVariables(context, { supervisor: 'systemd' })))).toEqual(
    expect.arrayContaining(scripts),
  );
  // The machine has lost what it had.
  expect(changesIn(diffOf(contextFor('c2', { savedFacts: facts }), context))).toEqual(
    expect.arrayContaining(scripts),
  );
});
