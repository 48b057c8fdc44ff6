import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import type { CephStorage, Cluster, Host, Storage } from '../../../src/inventory/cluster.ts';
import { resolveStorage } from '../../../src/inventory/resolve-storage.ts';
import type { MountState } from '../../../src/resources/mounts/look.ts';
import { mountLook } from '../../../src/resources/mounts/look.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { storageRequirements, storageTasks } from '../../../src/roles/storage.ts';
import { factsFor, shipped } from '../layout/shipped.ts';
import { CONTEXT, contextOf, filesOf, observationOf, resourcesOf } from './support.ts';

const profile = shipped('amd-7532');
const KEY = 'AQBxNotARealKeyOfCephAAAAAAAAAAAAAAAAA==';
const SECRET = new Secret('env CEPH_KEY', () => KEY);
const reveal = () => KEY;
const on = ['miner', 'p1', 'apx'] as const;

const CEPH: CephStorage = {
  type: 'ceph',
  name: 'ceph',
  path: '/ceph',
  on,
  source: '/',
  options: ['noatime'],
  sectors: true,
  monitors: ['192.168.51.101', '192.168.51.102', '192.168.51.103'],
  user: 'fsuser',
  key: SECRET,
  fsid: '5a3c2f0e-6d1b-4f7a-9c8e-0b1d2e3f4a5b',
};
const NFS: Storage = {
  type: 'nfs',
  name: 'nas',
  path: '/nas',
  on,
  source: '192.168.51.110:/export',
  options: ['vers=3', 'hard'],
  sectors: true,
};

const tasksOn = (storage: readonly Storage[], host: Partial<Host> = {}, cluster: Partial<Cluster> = {}) =>
  storageTasks(contextOf(profile, host, { storage, ...cluster }));

const MOUNTED: MountState = { source: '', fstype: '', options: [], bytes: 1, freeBytes: 1, users: [] };

/** The line that /etc/fstab gets. */
const fstabOf = (storage: readonly Storage[], host: Partial<Host> = {}): string[] => {
  const seen = observationOf(factsFor(profile), {
    paths: { '/etc/fstab': { type: 'absent' } },
  });
  return resourcesOf(tasksOn(storage, host))
    .filter(({ kind }) => kind === 'fstab')
    .map((one) => {
      const diff = one.diff(seen, CONTEXT);
      return diff.state === 'change' ? (diff.change.lines?.[0]?.after ?? '') : diff.state;
    });
};

/** What comes of a storage where this is mounted: `same`, or what is told. */
const saidOf = (storage: Storage, mount: Partial<MountState>, host: Partial<Host> = {}): string => {
  const seen = observationOf(factsFor(profile), { mounts: { [storage.path]: { ...MOUNTED, ...mount } } });
  const one = resourcesOf(tasksOn([storage], host)).find(({ kind }) => kind === 'storage');
  const diff = one?.diff(seen, CONTEXT);
  return diff?.state === 'violated' ? diff.violation.message : (diff?.state ?? 'nothing');
};

describe('ceph', () => {
  it("has the handbook's line on the miner, and the key in a file of its own (2.1.3)", () => {
    const miner = { roles: ['miner'] as const };
    expect(fstabOf([CEPH], miner)).toEqual([
      '192.168.51.101,192.168.51.102,192.168.51.103:6789:/ /ceph ceph ' +
        'name=fsuser,secretfile=/etc/ceph/ceph.client.fsuser.key,noatime,_netdev 0 0',
    ]);
    const tasks = tasksOn([CEPH], miner);
    expect(Object.fromEntries(filesOf(tasks, undefined, reveal))).toEqual({
      '/etc/ceph/ceph.client.fsuser.key': `${KEY}\n`,
    });
    const key = resourcesOf(tasks).find(({ file }) => file?.path.endsWith('.key'));
    expect(key?.file?.mode).toBe('0600');
  });

  it("has the handbook's line, configuration and keyring on workers (2.2.3)", () => {
    expect(fstabOf([CEPH])).toEqual([
      'none /ceph fuse.ceph ceph.id=fsuser,ceph.conf=/etc/ceph/ceph.conf,_netdev,defaults 0 0',
    ]);
    const tasks = tasksOn([CEPH]);
    expect(Object.fromEntries(filesOf(tasks, undefined, reveal))).toEqual({
      '/etc/ceph/ceph.conf': [
        '[global]',
        'fsid = 5a3c2f0e-6d1b-4f7a-9c8e-0b1d2e3f4a5b',
        'mon_host = 192.168.51.101,192.168.51.102,192.168.51.103',
        'auth_cluster_required = cephx',
        'auth_service_required = cephx',
        'auth_client_required = cephx',
        'client_force_lazyio = true',
        '',
      ].join('\n'),
      '/etc/ceph/ceph.client.fsuser.keyring': `[client.fsuser]\n\tkey = ${KEY}\n`,
    });
    const keyring = resourcesOf(tasks).find(({ file }) => file?.path.endsWith('.keyring'));
    expect(keyring?.file?.mode).toBe('0600');
    expect(JSON.stringify(tasks)).not.toContain(KEY);
  });

  it('takes a directory of it, ports, and options by whom they are for', () => {
    const part: CephStorage = {
      ...CEPH,
      source: '/sealed',
      monitors: ['10.0.0.1:3300', '10.0.0.2'],
      options: ['noatime', 'rsize=1048576', 'ceph.client_mds_namespace=fs'],
    };
    expect(fstabOf([part], { roles: ['miner'] })).toEqual([
      '10.0.0.1:3300,10.0.0.2:6789:/sealed /ceph ceph ' +
        'name=fsuser,secretfile=/etc/ceph/ceph.client.fsuser.key,noatime,rsize=1048576,_netdev 0 0',
    ]);
    expect(fstabOf([part])).toEqual([
      'none /ceph fuse.ceph ceph.id=fsuser,ceph.conf=/etc/ceph/ceph.conf,ceph.client_mountpoint=/sealed,' +
        'ceph.client_mds_namespace=fs,_netdev,defaults 0 0',
    ]);
  });

  it.each([
    ['192.168.51.101,192.168.51.102,192.168.51.103:6789:/', 'same'],
    ['192.168.51.102:6789,192.168.51.103:6789:/', 'same'],
    ['fsuser@5a3c2f0e-6d1b-4f7a-9c8e-0b1d2e3f4a5b.fs=/', 'same'],
    ['fsuser@00000000-6d1b-4f7a-9c8e-0b1d2e3f4a5b.fs=/', expect.stringContaining('wanted is ceph')],
    ['192.168.51.101:6789:/other', expect.stringContaining('wanted is ceph')],
    ['10.0.0.1:6789:/', expect.stringContaining('wanted is ceph')],
    ['nonsense', expect.stringContaining('wanted is ceph')],
  ])('of the kernel is known by its monitors and its directory: %s', (source, said) => {
    expect(saidOf(CEPH, { fstype: 'ceph', source }, { roles: ['miner'] })).toEqual(said);
  });

  it('of ceph-fuse is known by its type', () => {
    expect(saidOf(CEPH, { fstype: 'fuse.ceph-fuse', source: 'ceph-fuse' })).toBe('same');
    expect(saidOf(CEPH, { fstype: 'ceph', source: '192.168.51.101:6789:/' })).toContain('wanted is ceph');
  });

  it('writes what two directories of one cluster have in common once', () => {
    const second = { ...CEPH, name: 'second', path: '/second', source: '/second' };
    const ids = resourcesOf(tasksOn([CEPH, second])).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toContain('storage:/second');
  });
});

describe('nfs and cpfs', () => {
  it('have their line', () => {
    const cpfs = resolveStorage(
      { name: 'cpfs', type: 'cpfs', path: '/cpfs', source: 'cpfs-1.cn-hangzhou.cpfs.aliyuncs.com:/share' },
      [],
      () => SECRET,
    );
    expect(fstabOf([NFS, ...cpfs])).toEqual([
      '192.168.51.110:/export /nas nfs vers=3,hard,_netdev 0 0',
      'cpfs-1.cn-hangzhou.cpfs.aliyuncs.com:/share /cpfs nfs ' +
        'vers=3,nolock,noacl,proto=tcp,rsize=1048576,wsize=1048576,hard,noresvport,_netdev 0 0',
    ]);
  });

  it('are known by type and source', () => {
    expect(saidOf(NFS, { fstype: 'nfs', source: '192.168.51.110:/export/' })).toBe('same');
    expect(saidOf(NFS, { fstype: 'nfs4', source: '192.168.51.111:/export' })).toContain('wanted is nas');
    expect(saidOf(NFS, { fstype: 'xfs', source: '/dev/sda' })).toContain('wanted is nas');
  });
});

describe('the packages', () => {
  const packagesOn = (storage: readonly Storage[], host: Partial<Host>) =>
    resourcesOf(p1.tasks(contextOf(profile, host, { storage })))
      .flatMap(({ kind, asks }) => (kind === 'packages' ? asks : []))
      .flatMap((ask) => ('name' in ask && /ceph|nfs/.test(String(ask.name)) ? [ask.name] : []));

  it.each([
    ['ubuntu', 'debian', ['ceph-common', 'ceph-fuse', 'nfs-common']],
    ['debian', 'debian', ['ceph-common', 'ceph-fuse', 'nfs-common']],
    ['centos', 'redhat', ['ceph-common', 'ceph-fuse', 'nfs-utils']],
  ] as const)('of %s', (id, family, names) => {
    expect(packagesOn([CEPH, NFS], { os: { id, family } })).toEqual(names);
  });

  it('are none where nothing is mounted on the role', () => {
    expect(packagesOn([{ ...NFS, on: ['miner'] }], {})).toEqual([]);
  });
});

describe('what APx needs', () => {
  const requiredWith = (mount: MountState | null, pending = false) => {
    const [one] = storageRequirements(
      contextOf(profile, {}, { storage: [NFS] }).cluster,
      contextOf(profile).host,
      'enforce',
    );
    const seen = observationOf(factsFor(profile), { mounts: { '/nas': mount } });
    expect(mountLook.seen(seen, '/nas')).toEqual(mount);
    return one?.check(seen, () => pending);
  };

  it('is a storage that is mounted, or will be, and answers', () => {
    expect(requiredWith({ ...MOUNTED, fstype: 'nfs' })).toBeNull();
    expect(requiredWith(null, true)).toBeNull();
    expect(requiredWith(null)).toMatchObject({
      message: 'storage nas (192.168.51.110:/export) is not mounted at /nas',
    });
    expect(
      requiredWith({
        ...MOUNTED,
        bytes: 0,
        freeBytes: 0,
        fstype: 'nfs',
        trouble: 'did not answer within 5 s',
      }),
    ).toMatchObject({
      message: 'storage nas (192.168.51.110:/export) is mounted at /nas and did not answer within 5 s',
    });
  });

  it('is not one without sectors, and only APx stands on it', () => {
    const context = contextOf(
      profile,
      {},
      { storage: [NFS, { ...NFS, name: 'backup', path: '/b', sectors: false }] },
    );
    const standing = p1
      .processes(context)
      .filter(({ requires }) => requires.some(({ name }) => name.startsWith('storage')))
      .map(({ name, requires }) => [
        name,
        requires.map((one) => one.name).filter((name) => name.startsWith('storage')),
      ]);
    expect(standing).toEqual([['APx', ['storage nas']]]);
  });
});
