import * as z from 'zod';
import { PLAIN_PATH } from '../core/names.ts';
import type { RoleName } from './cluster.ts';
import { like, matching, ROLE_NAMES, secret } from './schema-parts.ts';

/**
 * A storage as a person writes it: the file systems of other machines that sealed sectors go to. One form for all
 * types, so that every mistake is told by its key; what a type needs besides is checked in check-storage.ts.
 */

/** The roles that a storage is for where nobody says so: all that read or write sectors there. */
export const STORAGE_ROLES: readonly RoleName[] = ['miner', 'p1', 'apx'];

/** A directory of a server, as NFS names it. */
export const NFS_SOURCE = /^[A-Za-z0-9][\w.-]*:\/[A-Za-z0-9_@%+=:,./-]*$/;

export const storageFileSchema = z.strictObject({
  name: matching(/^[A-Za-z0-9][\w.-]{0,62}$/, 'must be letters, digits, dots, dashes')
    .meta(like('ceph'))
    .describe('Name of the storage in fcops.'),
  type: z
    .enum(['ceph', 'nfs', 'cpfs'])
    .describe(
      'ceph (mounted by the kernel on the miner, by ceph-fuse elsewhere), nfs, or cpfs (Alibaba Cloud, over NFS).',
    ),
  path: matching(PLAIN_PATH, 'must be an absolute path of plain characters, like /ceph')
    .meta(like('/ceph'))
    .describe(
      'Directory where it is mounted, the same on every host: the miner tells workers to write there.',
    ),
  on: z
    .array(z.enum(ROLE_NAMES))
    .min(1)
    .exactOptional()
    .meta({ examples: [['miner', 'p1']] })
    .describe('Roles whose hosts mount it. Default: miner, p1, apx.'),
  source: matching(/^\S+$/, 'must be without blanks')
    .meta(like('192.168.51.110:/export'))
    .exactOptional()
    .describe(
      'What is mounted: SERVER:/DIRECTORY of nfs and cpfs; of ceph the directory in it. Default for ceph: /.',
    ),
  options: z
    .array(
      matching(/^[\w.-]+(=[\w.:/@+-]+)?$/, 'must be one option, like noatime or rsize=1048576').meta(
        like('noatime'),
      ),
    )
    .exactOptional()
    .describe(
      'Mount options. Default: noatime for ceph, hard for nfs, what Alibaba advises for cpfs. Of ceph those that ' +
        'begin with ceph. are for ceph-fuse, the others for the kernel; _netdev is always there.',
    ),
  monitors: z
    .array(
      matching(
        /^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?(:\d{1,5})?$/,
        'must be the address of a monitor, like 192.168.51.101',
      ).meta(like('192.168.51.101')),
    )
    .min(1)
    .exactOptional()
    .meta({ examples: [['192.168.51.101', '192.168.51.102']] })
    .describe('Of ceph: its monitors. Port: 6789, unless one is given.'),
  user: matching(/^(?!client\.)[A-Za-z0-9][\w.-]*$/, 'must be the name of a user of ceph, without "client."')
    .meta(like('fsuser'))
    .exactOptional()
    .describe('Of ceph: the user that mounts it, without "client.".'),
  key: secret('Of ceph: the key of the user; no more than the key itself.').exactOptional(),
  fsid: matching(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'must be the id of a ceph cluster')
    .meta(like('5a3c2f0e-6d1b-4f7a-9c8e-0b1d2e3f4a5b'))
    .exactOptional()
    .describe('Of ceph: the id of the cluster, as ceph fsid prints it.'),
  sectors: z
    .boolean()
    .exactOptional()

    .describe(
      'Whether sectors are kept there: then miner, p1 and apx hosts all mount it. false for backups and the like. ' +
        'Default: true.',
    ),
});
export type StorageFile = z.infer<typeof storageFileSchema>;

/** A storage with whatever of it is there. */
export const storagePartSchema = storageFileSchema.partial();
export type StoragePart = z.infer<typeof storagePartSchema>;
