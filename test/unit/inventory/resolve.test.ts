import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOs } from '../../../src/core/distributions.ts';
import { defaultVariables, resolveVariables } from '../../../src/inventory/variables.ts';
import { clusterFile, clusterOf } from './support.ts';

const host = { name: 'p1-50', address: '192.168.10.50', roles: ['p1'], profile: 'amd-7532' };

describe('resolveVariables', () => {
  const texts = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string(), { noNullPrototype: true });
  const settings = fc.record(
    {
      timezone: fc.string(),
      ntpServer: fc.option(fc.string()),
      gpuDriver: fc.option(fc.string()),
      packages: fc.array(fc.string()),
      raidMinGiB: fc.nat(),
      minKernel: fc.string(),
      sysctl: texts,
      environment: texts,
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const os = fc.constantFrom('ubuntu-18.04' as const, 'debian-12' as const, 'centos-7' as const).map(parseOs);

  it("takes the host's value, else the cluster's, else the default, key by key", () => {
    fc.assert(
      fc.property(os, settings, settings, (system, cluster, own) => {
        const resolved = resolveVariables(system, cluster, own);
        const defaults = defaultVariables(system);
        for (const key of [
          'timezone',
          'ntpServer',
          'gpuDriver',
          'packages',
          'raidMinGiB',
          'minKernel',
        ] as const)
          expect(resolved[key]).toEqual(
            key in own ? own[key] : key in cluster ? cluster[key] : defaults[key],
          );
        for (const key of ['sysctl', 'environment'] as const)
          for (const name of ['a', 'b', 'c'])
            expect(resolved[key][name]).toEqual(own[key]?.[name] ?? cluster[key]?.[name]);
      }),
    );
  });

  it('installs what the distribution has', () => {
    expect(defaultVariables(parseOs('ubuntu-18.04')).gpuDriver).toBe('nvidia-driver-460');
    expect(defaultVariables(parseOs('debian-12')).gpuDriver).toBe('nvidia-driver');
    expect(defaultVariables(parseOs('centos-7'))).toMatchObject({ gpuDriver: null, minKernel: '3.10' });
    expect(defaultVariables(parseOs('centos-7')).packages).not.toContain('tcptraceroute');
  });
});

describe('a resolved host', () => {
  it('listens on its address where the file states no other', () => {
    const hosts = [host, { ...host, name: 'p1-51', address: '192.168.10.51', listen: '10.0.0.51' }];
    expect(clusterOf(clusterFile({ hosts })).hosts).toMatchObject([
      { address: '192.168.10.50', listen: '192.168.10.50' },
      { address: '192.168.10.51', listen: '10.0.0.51' },
    ]);
  });

  it('has the defaults where nobody says otherwise', () => {
    const [p1] = clusterOf(clusterFile({ ssh: {} })).hosts;
    expect(p1).toMatchObject({
      os: { id: 'ubuntu', version: '18.04', family: 'debian' },
      checks: 'enforce',
      ssh: {},
      profile: { name: 'amd-7532' },
      variables: { timezone: 'Asia/Shanghai', raidMinGiB: 27_000 },
    });
  });

  it("has its own values over its cluster's", () => {
    const own = {
      os: 'debian-12',
      checks: 'off',
      ssh: { port: 2222 },
      variables: { sysctl: { 'vm.b': '2' } },
    };
    const shared = {
      os: 'ubuntu-22.04',
      checks: 'warn',
      ssh: { user: 'ops', port: 22 },
      variables: { sysctl: { 'vm.a': '1', 'vm.b': '1' } },
      hosts: [host, { ...host, name: 'p1-51', address: '192.168.10.51', ...own }],
    };
    const [plain, special] = clusterOf(clusterFile(shared)).hosts;
    expect(plain).toMatchObject({ os: { version: '22.04' }, checks: 'warn', ssh: { user: 'ops', port: 22 } });
    expect(special).toMatchObject({
      os: { id: 'debian', version: '12' },
      checks: 'off',
      ssh: { user: 'ops', port: 2222 },
      variables: { sysctl: { 'vm.a': '1', 'vm.b': '2' } },
    });
  });
});

describe('a resolved cluster', () => {
  it('has a URL without a slash at its end and checksums in lower case', () => {
    const artifacts = {
      url: 'https://artifacts.example.com/filecoin//',
      sha256: { 'lotus-worker-1.11.1-3079a405a.tar.gz': 'DEADBEEF'.repeat(8) },
    };
    expect(clusterOf(clusterFile({ artifacts, hosts: [host] })).artifacts).toEqual({
      url: 'https://artifacts.example.com/filecoin',
      sha256: { 'lotus-worker-1.11.1-3079a405a.tar.gz': 'deadbeef'.repeat(8) },
    });
  });
});
