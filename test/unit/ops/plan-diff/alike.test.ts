import { expect, it } from 'vitest';
import type { Cluster } from '../../../../src/inventory/cluster.ts';
import type { PlanDiff } from '../../../../src/ops/plan-diff/plan-diff.ts';
import { madeUpCluster, madeUpDiff } from '../../../support/plan-comment.ts';
import { factsFor, shipped } from '../../layout/shipped.ts';

const ofHosts = ({ groups }: Pick<PlanDiff, 'groups'>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    groups.flatMap((group) =>
      group.hosts.map(({ name }) => [
        name,
        group.state === 'compared'
          ? group.diff.items.map(({ state, resource }) => `${state} ${resource}`)
          : [group.state],
      ]),
    ),
  );

it('gives each host what it would have by itself, alike or not', async () => {
  const before = madeUpCluster(8, {
    at: (index) => (index === 2 ? ', variables: { environment: { OWN: one } }' : ''),
  });
  const after = madeUpCluster(8, {
    more: 'variables: { ntpServer: ntp.example.com }\n',
    at: (index) =>
      index % 3 === 0
        ? ', versions: { p1: 1.11.2-84d1b1c5e }'
        : index === 4
          ? ', facts: { os: { id: ubuntu, version: "20.04" } }, variables: { supervisor: systemd }'
          : '',
  });
  const all = await madeUpDiff(before, after);
  const together = ofHosts(all);
  expect(Object.keys(together)).toHaveLength(10);
  expect(all.groups.length).toBeLessThan(7);
  for (const [name, items] of Object.entries(together))
    expect([name, ofHosts(await madeUpDiff(before, after, {}, name))]).toEqual([name, { [name]: items }]);
});

it('keeps hosts apart whose changes follow from machines that differ', async () => {
  const gpu = (busId: number) => ({ address: `0000:${busId.toString(16)}:00.0`, busId, numaNode: 0 });
  const facts = factsFor(shipped('intel-4216'));
  const cluster = (environment: string): Cluster => {
    const made = madeUpCluster(1, { more: `variables: { environment: { ${environment} } }\n` });
    const hosts = made.hosts.map((host) => {
      const first = host.name === 'c2-1' ? 16 : 64;
      return { ...host, savedFacts: { ...facts, gpus: [0, 1, 2, 3].map((number) => gpu(first + number)) } };
    });
    return { ...made, hosts };
  };
  const { groups } = await madeUpDiff(cluster('RUST_LOG: info'), cluster('RUST_LOG: debug'));
  const c2 = groups.filter(({ hosts }) => hosts.some(({ name }) => name.startsWith('c2')));
  expect(c2).toHaveLength(2);
  const texts = c2.map((group) => JSON.stringify(group.state === 'compared' && group.diff.items));
  expect(texts[0]).toContain('BELLMAN_GPU_BUS_ID=16');
  expect(texts[1]).toContain('BELLMAN_GPU_BUS_ID=64');
});

it('tells hosts apart by whether they listen on an address of their own', async () => {
  const listen = (index: number) => `, listen: 172.16.0.${index + 1}`;
  const before = madeUpCluster(4);
  const after = madeUpCluster(4, { at: (index) => (index < 2 ? listen(index) : '') });
  const { groups } = await madeUpDiff(before, after);
  const changes = ofHosts({ groups });
  expect(changes['p1-3']).toEqual([]);
  expect(changes['p1-1']).toContain('change file:/opt/lotusworker/worker-3p1/start_3p1.sh');
  expect(changes['p1-1']).toContain('restart process:P1-3');
  expect(changes['p1-1']).toContain('change hostname:f0494733-p1-172-16-0-1');
  expect(groups.map(({ hosts }) => hosts.map(({ name }) => name))).toEqual([
    ['p1-1', 'p1-2'],
    ['p1-3', 'p1-4'],
    ['c2-1', 'c2-2'],
  ]);
  // That SSH connects to another one changes nothing of it.
  const moved = madeUpCluster(4, { at: (index) => `${listen(index)}, ssh: { port: 2222 }` });
  const back = madeUpCluster(4, { at: listen });
  expect(Object.values(ofHosts(await madeUpDiff(back, moved))).flat()).toEqual([]);
});
