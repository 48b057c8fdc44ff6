import { describe, expect, it } from 'vitest';
import type { SoughtOf } from '../../../../src/ops/preflight/sought.ts';
import { credentialsFor, hostOf, soughtOf } from '../../../../src/ops/preflight/sought.ts';
import type { Process } from '../../../../src/resources/process/process.ts';
import type { Fetches, Resource, Task } from '../../../../src/resources/resource.ts';
import { SAME } from '../../../../src/resources/resource.ts';
import { listenAddress } from '../../../../src/roles/listen-address.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';

const cluster = clusterOf(clusterFile());
const host = cluster.hosts.find(({ roles }) => roles.includes('p1'));
if (!host) throw new Error('the sample cluster has no P1 host');

const resource = (id: string, fetches?: Fetches): Resource => ({
  kind: 'file',
  id,
  title: id,
  asks: [],
  diff: () => SAME,
  ...(fetches && { fetches }),
});
const TASKS: readonly Task[] = [
  {
    name: 'packages',
    tags: ['packages'],
    resources: [
      resource('packages:curl', { type: 'packages', manager: 'apt', names: ['curl'], proxy: null }),
    ],
  },
  { name: 'clock', tags: ['time'], resources: [resource('cron:ntpdate')] },
  {
    name: 'lotus-worker',
    tags: ['worker'],
    resources: [
      resource('archive:/opt/a/1', {
        type: 'archive',
        url: 'https://artifacts.example.com/a.tar.gz',
        sha256: 'a'.repeat(64),
        directory: '/opt/a/1',
        credentials: ['user:', { secret: 'env PASSWORD', as: 'plain' }],
        proxy: null,
      }),
    ],
  },
];
const processes = ['P1-1', 'P1-2'].map(
  (name, index): Process => ({
    name,
    group: 'P1',
    repository: `/opt/lotusworker/worker-${index + 1}p1`,
    known: { by: 'argument' },
    program: '/opt/lotusworker/lotus-worker',
    environment: [],
    environmentFrom: [],
    environmentIsWhole: true,
    port: 10_001 + index,
    log: '/log',
    reads: { profile: '/p', script: '/s' },
    requires: [],
    start: { run: 'true', pause: 0 },
    stop: { deadline: 60 },
  }),
);
const sought = (more: Partial<SoughtOf> = {}) =>
  soughtOf({
    ...{ cluster, host, tasks: TASKS, processes, own: processes, withoutApi: false },
    reveal: () => 'pl4nted',
    ...more,
  });
const only = (changes: readonly string[], starts: readonly string[]) => ({
  only: { changes: new Set(changes), starts: new Set(starts) },
});

describe('what is asked of a host', () => {
  it('is everything, where nothing is known of what will be done', () => {
    const all = sought();
    expect(all.archives.map(({ url }) => url)).toEqual(['https://artifacts.example.com/a.tar.gz']);
    expect(all.packages).toMatchObject({ manager: 'apt', names: ['curl'] });
    expect(all.ports.map(({ name }) => name)).toEqual(['P1-1', 'P1-2']);
    expect(all.api).toMatchObject({ isFromMiner: false, isPlain: true });
    expect(all.cpus.length).toBeGreaterThan(8);
    expect(all.names).toContainEqual({ name: 'artifacts.example.com', what: ['artifact server'] });
    expect(all.setsClock).toBe(false);
  });

  it('is the address that the host is to listen on, where its processes stand on that and no plan tells of it', () => {
    const apart = { ...host, listen: '10.0.0.50' };
    const standing = processes.map((process) => ({ ...process, requires: listenAddress(apart, 'enforce') }));
    expect(sought({ host: apart, processes: standing })).toMatchObject({
      listen: '10.0.0.50',
      seeksListen: true,
    });
    expect(sought({ host: apart, processes: standing, ...only([], ['P1-2']) }).seeksListen).toBe(false);
    expect(sought({ host: apart }).seeksListen).toBe(false);
    expect(sought({})).toMatchObject({ listen: host.address, seeksListen: false });
  });

  it('is what matters to a plan, where there is one', () => {
    const some = sought(only(['cron:ntpdate'], ['P1-2']));
    expect([some.archives, some.packages]).toEqual([[], null]);
    expect(some.ports.map(({ name }) => name)).toEqual(['P1-2']);
    expect(some.names.map(({ what }) => what.join())).not.toContain('artifact server');
    expect(some.setsClock).toBe(true);
    expect(sought(only(['packages:curl'], ['P1-2'])).packages?.names).toEqual(['curl']);
  });

  it('has nothing of the API where that is not known, or comes with the same run', () => {
    expect(sought({ withoutApi: true }).api).toBeNull();
  });

  it('is the name of the proxy, where one finds the others', () => {
    const proxied = { ...host, variables: { ...host.variables, proxy: 'http://proxy.example.com:3128' } };
    const names = sought({ host: proxied }).names.map(({ name }) => name);
    expect(names).toContain('proxy.example.com');
    expect(names).not.toContain('artifacts.example.com');
  });

  it('is told where the address of the API is none', () => {
    const api = { from: 'miner' as const, host, ...secrets() };
    expect(() => sought({ cluster: { ...cluster, api }, reveal: () => 'nonsense' })).toThrow(
      "the address of the miner's API is not understood",
    );
  });
});

const secrets = () => {
  const { api } = cluster;
  if (api.from !== 'inventory') throw new Error('the sample cluster states its API');
  return { address: api.token, token: api.token };
};

it('user and password for the artifact server come from what would fetch', () => {
  expect(credentialsFor(TASKS, () => 'pl4nted')).toBe('user:pl4nted');
  expect(credentialsFor([], () => '')).toBeNull();
});

it.each([
  ['http://a.example.com:8080/x', 'a.example.com'],
  ['http://[fd00::1]/x', 'fd00::1'],
  ['nothing', null],
])('the host of %s is %s', (url, name) => {
  expect(hostOf(url)).toBe(name);
});
