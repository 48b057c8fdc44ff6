import { contentOf } from '../core/content.ts';
import { distributionOf } from '../core/distributions.ts';
import type { CephStorage, Cluster, Host, NfsStorage, Storage } from '../inventory/cluster.ts';
import { directory } from '../resources/directory/directory.ts';
import { file } from '../resources/file/file.ts';
import type { FstabSpec } from '../resources/mounts/fstab.ts';
import { fstabEntry } from '../resources/mounts/fstab.ts';
import { askMount, mountLook } from '../resources/mounts/look.ts';
import type { StorageMountSpec } from '../resources/mounts/storage.ts';
import { deadMessage, deadNext, storageMount } from '../resources/mounts/storage.ts';
import type { Requirement } from '../resources/process/process.ts';
import type { Resource, Task } from '../resources/resource.ts';
import type { Severity } from './checks.ts';
import type { RoleContext } from './role.ts';
import { task } from './role.ts';

const CEPH = '/etc/ceph';
const CEPH_CONF = `${CEPH}/ceph.conf`;

/** How a storage is mounted on one host. */
interface Mounting {
  readonly storage: Storage;
  readonly packages: readonly string[];
  /** Files that it is mounted by: configuration and keys. */
  readonly files: readonly Resource[];
  readonly fstab: FstabSpec;
  readonly mount: StorageMountSpec;
}

/** Whether a host mounts a storage. */
const isOn = (host: Host, { on }: Storage): boolean => on.some((role) => host.roles.includes(role));

/** How each of its storages is mounted on a host: the miner's kernel has ceph by itself, workers have ceph-fuse. */
const mountingsOf = ({ storage }: Cluster, host: Host): Mounting[] =>
  storage
    .filter((one) => isOn(host, one))
    .map((one) => {
      if (one.type !== 'ceph') return nfs(one, host);
      return host.roles.includes('miner') ? cephByKernel(one) : cephFuse(one);
    });

/** Where a host has its storages mounted, by their names. */
export const storageMounts = (
  cluster: Cluster,
  host: Host,
): readonly { readonly name: string; readonly path: string }[] =>
  mountingsOf(cluster, host).map(({ storage: { name, path } }) => ({ name, path }));

/** Packages that a host's storages need, by name, with the key of the inventory that asks for them. */
export const storagePackages = (cluster: Cluster, host: Host): ReadonlyMap<string, string> =>
  new Map(
    mountingsOf(cluster, host).flatMap(({ packages, storage }) =>
      packages.map((name): [string, string] => [name, `storage.${storage.name}`]),
    ),
  );

/**
 * The storages of a host (handbook 2.1.3, 2.2.3): keys and configuration, the lines of /etc/fstab, and each mounted.
 * A task for each, so that one that cannot be mounted keeps nothing from the others.
 */
export const storageTasks = ({ cluster, host }: RoleContext): Task[] => {
  const written = new Set<string>();
  return mountingsOf(cluster, host).map(({ storage, files, fstab, mount }) =>
    task(
      `storage ${storage.name}`,
      ['storage'],
      [
        // Two directories of one ceph cluster have their files in common.
        ...files.filter(({ id }) => !written.has(id) && written.add(id)),
        fstabEntry(fstab),
        storageMount(mount),
      ],
    ),
  );
};

/** What is to be mounted for each storage of a host. */
export const storageSpecs = (cluster: Cluster, host: Host): readonly StorageMountSpec[] =>
  mountingsOf(cluster, host).map(({ mount }) => mount);

/** The mounts of a host's storages that sectors are kept on. */
export const sectorMounts = (cluster: Cluster, host: Host): readonly StorageMountSpec[] =>
  mountingsOf(cluster, host).flatMap(({ mount, storage }) => (storage.sectors ? [mount] : []));

/** Where sectors are kept, each is mounted and answers: workers open their storage when they start. */
export const storageRequirements = (cluster: Cluster, host: Host, severity: Severity): Requirement[] =>
  mountingsOf(cluster, host)
    .filter(({ storage }) => storage.sectors)
    .map(({ mount, storage: { name, path } }) => ({
      name: `storage ${name}`,
      asks: [askMount(path)],
      needs: [{ type: 'mounted', target: path }],
      severity,
      check: (seen, pending) => {
        const now = mountLook.seen(seen, path);
        if (now === undefined) return { unknown: mountLook.unseen(seen, path).reason };
        if (now === null) {
          if (pending({ type: 'mounted', target: path })) return null;
          return { message: `storage ${name} (${mount.source}) is not mounted at ${path}` };
        }
        if (now.trouble === undefined) return null;
        return { message: deadMessage(mount, now.trouble), next: deadNext(mount) };
      },
    }));

const PORT = '6789';

/** `a,b,c:6789`, as the handbook writes it; where a port is stated, each has its own. */
const monitorsForKernel = (monitors: readonly string[]): string =>
  monitors.every((one) => withPort(one).endsWith(`:${PORT}`))
    ? `${monitors.map(addressOf).join(',')}:${PORT}`
    : monitors.map(withPort).join(',');

const withPort = (monitor: string): string => (monitor.includes(':') ? monitor : `${monitor}:${PORT}`);
const addressOf = (monitor: string): string => monitor.split(':', 1)[0] ?? monitor;

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

/**
 * Whether the kernel's source of a ceph mount is that directory of that cluster. Monitors are one cluster's where any of
 * them is known: a list that has grown, or that was resolved, is the same cluster still. Newer kernels write
 * `user@fsid.name=/directory`.
 */
const isCephSource =
  ({ monitors, source, fsid }: CephStorage) =>
  (seen: string): boolean => {
    const newer = /^[^@,]*@([0-9a-f-]*)\.[^=]*=(.*)$/i.exec(seen);
    if (newer) {
      const [, id = '', path = ''] = newer;
      return (
        (fsid === undefined || id === '' || id.toLowerCase() === fsid.toLowerCase()) &&
        withoutSlash(path) === withoutSlash(source)
      );
    }
    const [, hosts = '', path = ''] = /^(.*):(\/.*)?$/.exec(seen) ?? [];
    const wanted = new Set(monitors.map(addressOf));
    return (
      hosts.split(',').some((one) => wanted.has(addressOf(one))) &&
      withoutSlash(path) === withoutSlash(source)
    );
  };

const keyFile = (user: string): string => `${CEPH}/ceph.client.${user}.key`;

/** The kernel's own (handbook 2.1.3); the key stands alone in its file. */
const cephByKernel = (storage: CephStorage): Mounting => {
  const { name, path, source, monitors, user, key, options } = storage;
  const from = `${monitorsForKernel(monitors)}:${source}`;
  return {
    storage,
    packages: ['ceph-common'],
    files: [
      directory({ path: CEPH }),
      file({
        path: keyFile(user),
        mode: '0600',
        content: contentOf({ secret: key.name, as: 'plain' }, '\n'),
      }),
    ],
    fstab: {
      source: from,
      target: path,
      fstype: 'ceph',
      options: [
        `name=${user}`,
        `secretfile=${keyFile(user)}`,
        ...options.filter((one) => !one.startsWith('ceph.')),
        '_netdev',
      ],
    },
    mount: { name, target: path, fstypes: ['ceph'], source: from, isSource: isCephSource(storage) },
  };
};

/**
 * ceph-fuse (handbook 2.2.3): it reads where its cluster is from ceph.conf, and the key from the keyring of its user.
 * Its helper gives libfuse all options but defaults, noauto and _netdev, and libfuse refuses what it does not know: no
 * nofail here.
 */
const cephFuse = (storage: CephStorage): Mounting => {
  const { name, path, source, monitors, user, key, fsid, options } = storage;
  return {
    storage,
    packages: ['ceph-common', 'ceph-fuse'],
    files: [
      directory({ path: CEPH }),
      file({ path: CEPH_CONF, content: contentOf(cephConf(monitors, fsid)) }),
      file({
        path: `${CEPH}/ceph.client.${user}.keyring`,
        mode: '0600',
        content: contentOf(`[client.${user}]\n\tkey = `, { secret: key.name, as: 'plain' }, '\n'),
      }),
    ],
    fstab: {
      source: 'none',
      target: path,
      fstype: 'fuse.ceph',
      options: [
        `ceph.id=${user}`,
        `ceph.conf=${CEPH_CONF}`,
        ...(withoutSlash(source) === '' ? [] : [`ceph.client_mountpoint=${source}`]),
        ...options.filter((one) => one.startsWith('ceph.')),
        '_netdev',
        'defaults',
      ],
    },
    // The kernel knows of it only that it is ceph-fuse.
    mount: {
      name,
      target: path,
      fstypes: ['fuse.ceph-fuse', 'fuse.ceph'],
      source: `${monitorsForKernel(monitors)}:${source}`,
      isSource: () => true,
    },
  };
};

/** The handbook's, without the names of the monitors, which clients do not need. */
const cephConf = (monitors: readonly string[], fsid: string | undefined): string =>
  [
    '[global]',
    ...(fsid === undefined ? [] : [`fsid = ${fsid}`]),
    `mon_host = ${monitors.join(',')}`,
    'auth_cluster_required = cephx',
    'auth_service_required = cephx',
    'auth_client_required = cephx',
    'client_force_lazyio = true',
    '',
  ].join('\n');

const nfs = (storage: NfsStorage, host: Host): Mounting => {
  const { name, path, source, options } = storage;
  return {
    storage,
    packages: [distributionOf(host.os).nfsPackage],
    files: [],
    fstab: { source, target: path, fstype: 'nfs', options: [...options, '_netdev'] },
    mount: {
      name,
      target: path,
      fstypes: ['nfs', 'nfs4'],
      source,
      isSource: (seen) => withoutSlash(seen) === withoutSlash(source),
    },
  };
};
