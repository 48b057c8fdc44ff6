import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Explained, explained, keysIn, rowsOf } from '../../../src/inventory/explain.ts';
import { readCluster } from '../../../src/inventory/read-cluster.ts';
import { valueAt } from '../../../src/inventory/yaml-file.ts';
import { firstOf, HOSTS, PATHS, values } from './host-values.ts';
import { clusterFile, memoryFiles, shippedProfiles } from './support.ts';

const FILE = 'inventories/f0494733.yaml';

const explain = (text: string, name: string): readonly Explained[] => {
  const { cluster, checking, problems } = readCluster(FILE, {
    profiles: shippedProfiles,
    files: memoryFiles({ [FILE]: text }),
    env: {},
    home: '/home/op',
  });
  expect(problems).toEqual([]);
  const host = cluster?.hosts.find((one) => one.name === name);
  if (!cluster || !host) throw new Error(`no ${name} was read`);
  return explained({ cluster, host, checking });
};

/** `45 at 12 (group rack-a), over 30 at 7 (cluster)` */
const sayAll = (all: readonly Explained[], key: string): string => {
  const say = ({ value, from: { scope, group, place } }: Pick<Explained, 'value' | 'from'>) =>
    `${JSON.stringify(value)} at ${place?.line ?? '-'} (${group ?? scope})`;
  return rowsOf(all, key)
    .map((row) => [`${row.key} ${say(row)}`, ...row.over.map(say)].join(', over '))
    .join('\n');
};

const TEXT = `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: TOKEN } }
versions: { p1: 1.11.1-3079a405a, c2: 1.11.1-39c692f52-intel }
artifacts:
  url: http://artifacts.example.com/filecoin
  sha256:
    lotus-worker-1.11.1-3079a405a.tar.gz: ${'deadbeef'.repeat(8)}
    lotus-worker-1.11.1-39c692f52-intel.tar.gz: ${'deadbeef'.repeat(8)}
ssh: { user: ops, password: { env: CLUSTER } }
variables:
  startPause: 30
  sysctl: { vm.swappiness: 1, vm.a: 2 }
  environment: { RUST_LOG: info, AWS_SECRET_KEY: abcdefgh12345678, HTTPS_PROXY: "http://ops:in-clear@10.0.0.2:3128" }
storage:
  - { name: ceph, type: ceph, path: /ceph, monitors: [10.0.0.1], user: a, key: { env: CEPH } }
  - { name: backup, type: nfs, path: /backup, source: "10.0.0.1:/x", on: [miner], sectors: false }
groups:
  rack-a:
    hosts: p1-[50:51]
    ssh: { password: { env: RACK } }
    variables: { startPause: 45 }
  also: { hosts: p1-50, variables: { startPause: 45, sysctl: { vm.swappiness: 2 } } }
  other: { hosts: p1-51, variables: { logDays: 3 } }
hosts:
  - name: p1-50
    address: 192.168.10.50
    roles: [p1]
    profile: amd-7532
    variables: { sysctl: { vm.swappiness: 3 } }
    overrides: { p1Tasks: 12, until: "2099-01-01", reason: lent out }
  - { name: p1-51, address: 192.168.10.51, roles: [p1], profile: amd-7532, variables: { startPause: 60 } }
`;

describe('where the values of a host come from', () => {
  const all = explain(TEXT, 'p1-50');

  it.each([
    ['miner', 'miner "f0494733" at 1 (cluster)'],
    ['address', 'address "192.168.10.50" at 27 (host)'],
    ['listen', 'listen "192.168.10.50" at - (default)'],
    ['groups', 'groups.rack-a.hosts "p1-[50:51]" at 20 (rack-a)\ngroups.also.hosts "p1-50" at 23 (also)'],
    ['checks', 'checks "enforce" at - (default)'],
    ['ssh.user', 'ssh.user "ops" at 10 (cluster)'],
    [
      'variables.startPause',
      'variables.startPause 45 at 23 (also), over 45 at 22 (rack-a), over 30 at 12 (cluster)',
    ],
    ['variables.logDays', 'variables.logDays 30 at - (default)'],
    [
      'variables.sysctl',
      `variables.sysctl.vm.swappiness "3" at 30 (host), over "2" at 23 (also), over "1" at 13 (cluster)
variables.sysctl.vm.a "2" at 13 (cluster)`,
    ],
    ['startRate', 'startRate 12 at - (default)'],
    ['overrides.p1Tasks', 'overrides.p1Tasks 12 at 31 (host)'],
    ['versions.c2', 'versions.c2 "1.11.1-39c692f52-intel" at 4 (cluster)'],
    ['ssh.port', 'ssh.port null at - (unset)'],
    ['storage[0].path', 'storage[0].path "/ceph" at 16 (cluster)'],
    ['storage[1]', ''],
    ['backup', ''],
  ])('%s', (key, expected) => expect(sayAll(all, key)).toBe(expected));

  it('is told of the hardware model too, and of what the machine lacks for a while', () => {
    expect(sayAll(all, 'profile.memoryGiB')).toMatch(/^profile\.memoryGiB 2048 at \d+ \(profile\)$/);
    expect(sayAll(all, 'profile.p1.tasks.64GiB')).toMatch(
      /^.* 12 at 31 \(host\), over 14 at \d+ \(profile\)$/,
    );
  });

  it('shows no secret, and nothing that calls itself one', () => {
    expect(sayAll(all, 'ssh.password')).toBe(
      'ssh.password "(secret: env RACK)" at 21 (rack-a), over "(secret: env CLUSTER)" at 10 (cluster)',
    );
    expect(sayAll(all, 'variables.environment.HTTPS_PROXY')).toBe(
      'variables.environment.HTTPS_PROXY "http://********@10.0.0.2:3128" at 14 (cluster)',
    );
    expect(sayAll(all, 'storage[0].key')).toBe('storage[0].key "(secret: env CEPH)" at 16 (cluster)');
    expect(JSON.stringify(all)).not.toContain('abcdefgh12345678');
  });

  it('leaves out what matters little until it is asked for', () => {
    const keys = rowsOf(all, undefined).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['versions.p1', 'profile', 'profile.p1.tasks.64GiB']));
    for (const key of ['versions.c2', 'profile.memoryGiB', 'ssh.port', 'artifacts.sha256']) {
      expect(keys.filter((one) => one.startsWith(key))).toEqual([]);
      expect(rowsOf(all, key)).not.toEqual([]);
    }
    expect(rowsOf(all, 'artifacts.sha256')).toHaveLength(1);
    expect(rowsOf(all, 'variables.time')).toEqual([]);
    expect(keysIn(all)).toEqual(
      expect.arrayContaining(['ssh', 'ssh.port', 'variables.sysctl', 'profile.p1']),
    );
  });
});

describe('what is explained', () => {
  it('is what counts, from the place that says it', () => {
    const layered = fc.record({
      ofCluster: values,
      ofGroup: values,
      own: values,
    });
    fc.assert(
      fc.property(layered, ({ ofCluster, ofGroup, own }) => {
        const [first, ...others] = HOSTS;
        const file = clusterFile({
          ssh: {},
          ...ofCluster,
          versions: { p1: '1.11.1-3079a405a', ...ofCluster.versions },
          groups: { 'rack-a': { hosts: 'p1-50', ...ofGroup } },
          hosts: [{ ...first, ...own }, ...others],
        });
        const all = explain(stringify(file), 'p1-50');
        const layers = [own, ofGroup, ofCluster];
        for (const path of PATHS) {
          const row = all.find(({ key }) => key === path.join('.'));
          const said = firstOf(layers, path);
          if (said === undefined) {
            expect(row?.from.scope ?? 'unset').toMatch(/^(unset|default)$/);
            continue;
          }
          const at = layers.findIndex((layer) => valueAt(layer, path) !== undefined);
          expect(row).toMatchObject({ value: said, from: { scope: ['host', 'group', 'cluster'][at] } });
          expect(row?.over.map(({ value }) => value)).toEqual(
            layers.slice(at + 1).flatMap((layer) => {
              const value = valueAt(layer, path);
              return value === undefined ? [] : [value];
            }),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});
