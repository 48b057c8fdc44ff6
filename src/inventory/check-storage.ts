import { edit } from '../core/next.ts';
import type { Place, Problem } from '../core/problem.ts';
import { checkStoragePairs, isWithin } from './check-storage-pairs.ts';
import type { Checking, ListedStorage } from './checking.ts';
import type { RoleName } from './cluster.ts';
import { NFS_SOURCE, STORAGE_ROLES, type StorageFile } from './storage-file.ts';

/** What only one type has, and what it cannot be without. */
const KEYS: Readonly<
  Record<
    StorageFile['type'],
    { readonly needs: readonly (keyof StorageFile)[]; readonly no: readonly (keyof StorageFile)[] }
  >
> = {
  ceph: { needs: ['monitors', 'user', 'key'], no: [] },
  nfs: { needs: ['source'], no: ['monitors', 'user', 'key', 'fsid'] },
  cpfs: { needs: ['source'], no: ['monitors', 'user', 'key', 'fsid'] },
};

const EXAMPLES: Readonly<Partial<Record<keyof StorageFile, string>>> = {
  monitors: '[192.168.51.101, 192.168.51.102]',
  user: 'fsuser',
  key: '{ env: NAME }',
  source: '192.168.51.110:/export',
};

const keys = ({ valuePlace, isWritten }: Checking, { index, storage }: ListedStorage): readonly Problem[] => {
  const { type, source } = storage;
  if (type === undefined) return [];
  const at = (key: string): Place => valuePlace(['storage', index, key]);
  const problems = [
    ...KEYS[type].needs
      .filter((key) => !isWritten(['storage', index, key]))
      .map((key) => ({
        what: `\`storage[${index}].${key}\` is missing: ${type} needs it`,
        where: valuePlace(['storage', index, 'type']),
        next: [edit(`add \`${key}: ${EXAMPLES[key] ?? ''}\``)],
      })),
    ...KEYS[type].no
      .filter((key) => isWritten(['storage', index, key]))
      .map((key) => ({
        what: `\`storage[${index}].${key}\` is for ceph, and this is ${type}`,
        where: at(key),
        next: [edit('remove it, or correct the type')],
      })),
    ...(source === undefined || (type === 'ceph' ? source.startsWith('/') : NFS_SOURCE.test(source))
      ? []
      : [
          {
            what: `\`storage[${index}].source\` must be ${type === 'ceph' ? 'a directory in the file system, like /' : 'SERVER:/DIRECTORY'}, not "${source}"`,
            where: at('source'),
            next: [
              edit(
                type === 'ceph'
                  ? 'write the directory alone; `monitors` says where it is'
                  : 'for example: 192.168.51.110:/export',
              ),
            ],
          },
        ]),
  ];
  return problems.map((problem) => ({ kind: 'inventory', ...problem }));
};

/** Directories that are the system's or that fcops has something of its own in. */
const TAKEN = [
  ...[
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/lib',
    '/lib32',
    '/lib64',
    '/proc',
    '/root',
    '/run',
    '/sbin',
    '/sys',
    '/tmp',
  ],
  ...['/usr', '/var', '/opt/lotusworker', '/opt/raid0', '/opt/hugepages'],
];

/** What holds one of those is as bad. */
const HOLDING = ['/opt', '/home'];

const path = ({ valuePlace }: Checking, { index, storage }: ListedStorage): readonly Problem[] => {
  const own = storage.path;
  if (own === undefined) return [];
  const taken =
    TAKEN.find((directory) => isWithin(own, directory)) ?? HOLDING.find((directory) => own === directory);
  if (taken === undefined) return [];
  return [
    {
      kind: 'inventory',
      what: `\`storage[${index}].path\` cannot be ${own}: ${taken} is the host's own`,
      where: valuePlace(['storage', index, 'path']),
      next: [edit('mount it at a directory of its own, for example /ceph')],
    },
  ];
};

const OWN = 'fcops writes it by itself';
const NOT_AT_BOOT = 'after a reboot of the host nothing would be mounted there';

/** Options by name that are not for the inventory to set, and why; `sectors`: only where sectors are kept. */
const REFUSED: readonly {
  readonly names: readonly string[];
  readonly types?: readonly StorageFile['type'][];
  readonly onlySectors?: boolean;
  readonly why: string;
  readonly next: string;
}[] = [
  {
    names: ['secret'],
    why: 'everybody may read /etc/fstab',
    next: 'remove it, and say by `key` where the key is kept; if it stood here, have it changed',
  },
  {
    names: [
      'name',
      'secretfile',
      'conf',
      'ceph.id',
      'ceph.name',
      'ceph.conf',
      'ceph.client_mountpoint',
      '_netdev',
    ],
    types: ['ceph'],
    why: OWN,
    next: 'remove it; `user`, `key`, `monitors` and `source` say the same',
  },
  { names: ['_netdev'], types: ['nfs', 'cpfs'], why: OWN, next: 'remove it' },
  {
    names: ['soft', 'softerr'],
    why: 'a write that the server does not answer in time is given up, and a sector is broken',
    next: 'remove it: hard waits for the server',
  },
  { names: ['noauto'], why: NOT_AT_BOOT, next: 'remove it' },
  {
    names: ['nofail'],
    types: ['ceph'],
    why: 'ceph-fuse and older mount.ceph do not know it and mount nothing',
    next: 'remove it: with _netdev a host starts without its storage all the same',
  },
  {
    names: ['ro'],
    onlySectors: true,
    why: 'sectors are written there',
    next: 'remove it, or set `sectors: false`',
  },
  {
    names: ['noac', 'sync'],
    onlySectors: true,
    why: 'each write waits for the server, and a sector of 32 GiB takes hours',
    next: 'remove it',
  },
];

const options = ({ valuePlace }: Checking, { index, storage }: ListedStorage): readonly Problem[] =>
  (storage.options ?? []).flatMap((option, position): readonly Problem[] => {
    const [name = ''] = option.split('=', 1);
    const refused = REFUSED.find(
      ({ names, types, onlySectors }) =>
        names.includes(name) &&
        (types === undefined || storage.type === undefined || types.includes(storage.type)) &&
        (onlySectors !== true || storage.sectors !== false),
    );
    if (!refused) return [];
    return [
      {
        kind: 'inventory',
        what: `\`storage[${index}].options\` cannot have ${name}`,
        where: valuePlace(['storage', index, 'options', position]),
        why: refused.why,
        next: [edit(refused.next)],
      },
    ];
  });

/**
 * Where sectors are kept, all that write and read them mount it: the miner tells workers a path, and a worker that has
 * nothing mounted there writes to its own disk (handbook 2.1.6.8).
 */
const everywhere = (
  { hosts, isWritten, valuePlace }: Checking,
  { index, storage }: ListedStorage,
): readonly Problem[] => {
  const { name = `storage[${index}]`, on } = storage;
  if (storage.sectors === false || (on === undefined && isWritten(['storage', index, 'on']))) return [];
  const wanted = new Set<RoleName>(on ?? STORAGE_ROLES);
  if (!STORAGE_ROLES.some((role) => wanted.has(role))) return [];
  const lacking = STORAGE_ROLES.flatMap((role) => {
    const without = hosts.filter(
      ({ roles }) => roles.some((own) => own.role === role) && !roles.some((own) => wanted.has(own.role)),
    );
    const [first] = without;
    return first === undefined ? [] : [{ role, first: first.name, more: without.length - 1 }];
  });
  return lacking.map(({ role, first, more }) => ({
    kind: 'inventory',
    what: `${name} is not mounted on ${role} hosts: ${first}${more > 0 ? ` and ${more} more` : ''}`,
    where: valuePlace(['storage', index, 'on']),
    why: 'the miner tells workers the path to write to: what is not mounted there goes to the disk of the host',
    next: [edit(`add ${role} to \`on\`; or, where no sectors are kept there, \`sectors: false\``)],
  }));
};

/** Cross-checks of the storages: keys by type, paths, options, and that all hosts have the same at the same path. */
export const checkStorage = (checking: Checking): readonly Problem[] => {
  const all = checking.storage;
  return [
    ...all.flatMap((listed) => [
      ...keys(checking, listed),
      ...path(checking, listed),
      ...options(checking, listed),
      ...everywhere(checking, listed),
    ]),
    ...checkStoragePairs(checking),
  ];
};
