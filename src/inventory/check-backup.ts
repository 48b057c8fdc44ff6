import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { isWithin } from './check-storage-pairs.ts';
import type { Checking, ListedStorage } from './checking.ts';
import { STORAGE_ROLES } from './storage-file.ts';

/** What is wrong with where backups of the miner are to go. */
export const checkBackup = (checking: Checking): readonly Problem[] => {
  const { cluster, valuePlace, isWritten } = checking;
  const { backup } = cluster;
  if (backup === undefined) return [];
  const at = (key: string) => valuePlace(['backup', key]);
  const [storage, mount] = [isWritten(['backup', 'storage']), isWritten(['backup', 'mount'])];
  if (storage === mount)
    return [
      {
        kind: 'inventory',
        what: storage
          ? '`backup` has both `storage` and `mount`: copies go to one of them'
          : '`backup` does not say where copies go',
        where: storage ? at('mount') : valuePlace(['backup']),
        next: [
          edit(
            storage
              ? 'remove one'
              : 'add `storage: NAME`, a storage of this file, or `mount: DIRECTORY`, where the miner host has something else mounted',
          ),
        ],
      },
    ];
  return [...ofStorage(checking), ...ofMount(checking), ...ofDirectory(checking), ...ofHosts(checking)];
};

/** The storage of that name. */
const named = ({ cluster, storage }: Checking): ListedStorage | undefined =>
  storage.find((one) => one.storage.name === cluster.backup?.storage);

const ofStorage = (checking: Checking): readonly Problem[] => {
  const { cluster, storage, valuePlace } = checking;
  const name = cluster.backup?.storage;
  if (name === undefined) return [];
  const found = named(checking);
  const names = storage.flatMap((one) => one.storage.name ?? []);
  if (found === undefined)
    // What is wrong with the one that is meant has been told.
    return names.length < storage.length
      ? []
      : [
          {
            kind: 'inventory',
            what: `\`backup.storage\` names no storage of this file: "${name}"`,
            where: valuePlace(['backup', 'storage']),
            next: [edit(names.length === 0 ? 'add it to `storage`' : didYouMean(name, names))],
          },
        ];
  const on = found.storage.on ?? STORAGE_ROLES;
  return on.includes('miner')
    ? []
    : [
        {
          kind: 'inventory',
          what: `storage ${name} is not mounted on the miner host, which writes the backups there`,
          where: valuePlace(['backup', 'storage']),
          next: [edit('add miner to `on` of that storage')],
        },
      ];
};

/** Directories of the miner host's own disks. */
const OWN = ['/opt/raid0', '/proc', '/sys', '/dev', '/run', '/tmp', '/boot', '/etc', '/usr'];

const ofMount = ({ cluster, valuePlace }: Checking): readonly Problem[] => {
  const mount = cluster.backup?.mount;
  const own = mount === undefined ? undefined : OWN.find((directory) => isWithin(mount, directory));
  if (own === undefined) return [];
  return [
    {
      kind: 'inventory',
      what: `\`backup.mount\` cannot be ${mount}: ${own} is the host's own`,
      where: valuePlace(['backup', 'mount']),
      next: [edit('name the directory where the backup host is mounted, for example /mnt/backup')],
    },
  ];
};

const ofDirectory = (checking: Checking): readonly Problem[] => {
  const { cluster, valuePlace } = checking;
  const directory = cluster.backup?.directory;
  const top = cluster.backup?.mount ?? named(checking)?.storage.path;
  if (directory === undefined || top === undefined || isWithin(directory, top)) return [];
  return [
    {
      kind: 'inventory',
      what: `\`backup.directory\` is not in ${top}: ${directory}`,
      where: valuePlace(['backup', 'directory']),
      next: [edit(`take a directory in ${top}, or leave it out`)],
    },
  ];
};

const ofHosts = ({ hosts, valuePlace }: Checking): readonly Problem[] =>
  hosts.some(({ roles }) => roles.some(({ role }) => role === 'miner'))
    ? []
    : [
        {
          kind: 'inventory',
          what: '`backup` is for the miner host, and no host of this file has the role miner',
          where: valuePlace(['backup']),
          next: [edit('add the host that runs lotus-miner, with roles: [miner], or remove `backup`')],
        },
      ];
