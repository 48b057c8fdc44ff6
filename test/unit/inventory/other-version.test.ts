import { describe, expect, it } from 'vitest';
import { withVersions } from '../../../src/inventory/other-version.ts';
import { clusterFile, clusterOf } from './support.ts';

const cluster = clusterOf(
  clusterFile({
    api: { from: 'miner' },
    versions: { p1: '1.11.1-a', c2: '1.11.1-i-intel', lotus: '1.11.1-a', miner: '1.11.1-a' },
    artifacts: {
      url: 'http://artifacts.example.com',
      sha256: Object.fromEntries(
        [
          'lotus-worker-1.11.1-a.tar.gz',
          'lotus-worker-1.11.1-i-intel.tar.gz',
          'lotus-1.11.1-a.tar.gz',
          'lotus-miner-1.11.1-a.tar.gz',
        ].map((name) => [name, 'a'.repeat(64)]),
      ),
    },
    hosts: [
      { name: 'm', address: '10.0.0.1', roles: ['miner'], profile: 'amd-7371' },
      { name: 'p1-1', address: '10.0.0.2', roles: ['p1'], profile: 'amd-7532' },
      { name: 'p1-2', address: '10.0.0.3', roles: ['p1'], profile: 'amd-7532' },
      { name: 'c2-1', address: '10.0.0.4', roles: ['c2'], profile: 'intel-4216' },
    ],
  }),
);

const versionsOf = ({ hosts }: typeof cluster) => hosts.map(({ name, versions }) => [name, versions]);

describe('a cluster with other versions', () => {
  it('has them on the hosts that are named, and on no other', () => {
    const now = withVersions(cluster, [{ key: 'p1', version: '1.13.2-c', hosts: ['p1-2'] }]);
    expect(versionsOf(now)).toEqual(
      versionsOf(cluster).map(([name, versions]) =>
        name === 'p1-2' ? [name, Object.assign({}, versions, { p1: '1.13.2-c' })] : [name, versions],
      ),
    );
  });

  it('has them on the miner host where the API is read from it too, and takes sums', () => {
    const sums = { 'lotus-1.13.2-c.tar.gz': 'b'.repeat(64) };
    const now = withVersions(
      cluster,
      [
        { key: 'lotus', version: '1.13.2-c', hosts: ['m'] },
        { key: 'miner', version: '1.13.2-c', hosts: ['m'] },
      ],
      sums,
    );
    expect(now.hosts[0]?.versions).toMatchObject({ lotus: '1.13.2-c', miner: '1.13.2-c' });
    expect(now.api.from === 'miner' && now.api.host).toBe(now.hosts[0]);
    expect(now.artifacts.sha256).toEqual({ ...cluster.artifacts.sha256, ...sums });
    expect(cluster.hosts[0]?.versions.lotus).toBe('1.11.1-a');
  });
});
