import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/inventory/cluster.ts';
import { presentSecrets } from '../../../src/inventory/secrets.ts';
import { defaultVariables } from '../../../src/inventory/variables.ts';
import { valueAt } from '../../../src/inventory/yaml-file.ts';
import { firstOf, HOSTS, PATHS, values } from './host-values.ts';
import { clusterFile, clusterOf } from './support.ts';

describe('values of hosts in groups', () => {
  const grouped = fc.record({
    ofCluster: values,
    groups: fc.tuple(values, values),
    own: fc.array(values, { minLength: HOSTS.length, maxLength: HOSTS.length }),
  });

  it('are those of the host, else of its group, else of the cluster, key by key', () => {
    fc.assert(
      fc.property(grouped, ({ ofCluster, groups: [a, b], own }) => {
        const { hosts } = clusterOf(
          clusterFile({
            ssh: {},
            ...ofCluster,
            versions: { p1: '1.11.1-3079a405a', ...ofCluster.versions },
            groups: {
              'rack-a': { hosts: 'p1-[50:52]', ...a },
              'rack-b': { hosts: ['p1-53', 'p1-54'], ...b },
            },
            hosts: HOSTS.map((host, index) => ({ ...host, ...own[index] })),
          }),
        );
        const inGroups = [a, a, a, b, b, {}];
        for (const [index, host] of hosts.entries()) {
          const layers = [own[index], inGroups[index], ofCluster];
          const os = firstOf(layers, ['os']) ?? 'ubuntu-18.04';
          expect(`${host.os.id}-${host.os.version}`).toBe(os);
          const defaults = { checks: 'enforce', variables: defaultVariables(host.os) };
          for (const path of PATHS) expect(valueAt(host, path)).toEqual(firstOf([...layers, defaults], path));
        }
        expect(hosts.map(({ groups }) => groups.join())).toEqual([
          'rack-a',
          'rack-a',
          'rack-a',
          'rack-b',
          'rack-b',
          '',
        ]);
      }),
      { numRuns: 40 },
    );
  });

  it('are the same as without groups, where groups set nothing', () => {
    fc.assert(
      fc.property(
        values,
        fc.array(values, { minLength: HOSTS.length, maxLength: HOSTS.length }),
        (ofCluster, own) => {
          const file = {
            ...ofCluster,
            versions: { p1: '1.11.1-3079a405a' },
            hosts: HOSTS.map((host, index) => ({ ...host, ...own[index] })),
          };
          const alone = ({ hosts }: { readonly hosts: readonly Host[] }) =>
            JSON.stringify(hosts.map(({ groups: _, ...host }) => host));
          const plain = clusterOf(clusterFile(file));
          expect(plain.hosts.every(({ groups }) => groups.length === 0)).toBe(true);
          expect(alone(clusterOf(clusterFile({ ...file, groups: { rack: { hosts: 'p1' } } })))).toBe(
            alone(plain),
          );
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('secrets of a group', () => {
  it('are masked, and told where they stand', () => {
    const cluster = clusterOf(
      clusterFile({
        groups: { 'rack-a': { hosts: 'p1-[50:51]', ssh: { password: { env: 'RACK' } } } },
        hosts: HOSTS,
      }),
      {},
      { TOKEN: 'a-token-of-some-length', RACK: 'password-of-a-rack' },
    );
    expect(presentSecrets(cluster)).toContain('password-of-a-rack');
    expect(cluster.hosts.map(({ ssh }) => ssh.password?.name)).toEqual([
      'env RACK',
      'env RACK',
      ...[undefined, undefined, undefined, undefined],
    ]);
    const named = cluster.secrets.find(({ secret }) => secret.name === 'env RACK');
    expect(named).toMatchObject({ use: 'ssh', where: { file: 'inventories/f0494733.yaml' } });
    expect(named?.where).not.toHaveProperty('host');
  });

  it('is told at the group where it is missing', () => {
    const { hosts } = clusterOf(
      clusterFile({
        hosts: HOSTS,
        groups: { 'rack-a': { hosts: 'p1-50', ssh: { password: { env: 'RACK' } } } },
      }),
    );
    const line = (name: string) => {
      try {
        return hosts.find((host) => host.name === name)?.ssh.password?.reveal();
      } catch (error) {
        return String(error);
      }
    };
    expect(line('p1-50')).toMatch(/f0494733\.yaml:\d+:\d+, p1-50: the secret RACK is missing/);
    expect(line('p1-51')).toBeUndefined();
  });
});

it('hosts are in a group by what they listen on too, as --limit finds them', () => {
  const { hosts } = clusterOf(
    clusterFile({
      groups: { 'rack-a': { hosts: '10.0.0.[50:51]' } },
      hosts: HOSTS.map((host) => ({ ...host, listen: `10.0.0.${host.name.slice(3)}` })),
    }),
  );
  expect(hosts.filter(({ groups }) => groups.length > 0).map(({ name }) => name)).toEqual(['p1-50', 'p1-51']);
});
