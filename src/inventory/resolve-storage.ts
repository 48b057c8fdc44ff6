import type { Secret } from '../core/secret.ts';
import type { Storage } from './cluster.ts';
import type { SecretRef } from './schema-parts.ts';
import { STORAGE_ROLES, type StorageFile } from './storage-file.ts';
import type { Path } from './yaml-file.ts';

/**
 * Options where none are stated. ceph: those of the handbook (2.1.3.3). nfs: what waits for a server that is away, and
 * loses nothing. cpfs: what Alibaba Cloud advises for NFS mounts of CPFS; noresvport lets a mount come back after a
 * break by another port.
 */
const OPTIONS: Readonly<Record<StorageFile['type'], readonly string[]>> = {
  ceph: ['noatime'],
  nfs: ['hard'],
  cpfs: ['vers=3', 'nolock', 'noacl', 'proto=tcp', 'rsize=1048576', 'wsize=1048576', 'hard', 'noresvport'],
};

/** The storage that a checked entry means; nothing where its type lacks a key, which is told by the checks. */
export const resolveStorage = (
  { name, type, path, on, source, options, ...rest }: StorageFile,
  place: Path,
  secretAt: (ref: SecretRef, path: Path) => Secret,
): readonly Storage[] => {
  const { monitors, user, key, fsid, sectors = true } = rest;
  const base = { name, path, on: on ?? STORAGE_ROLES, options: options ?? OPTIONS[type], sectors };
  if (type !== 'ceph') return source === undefined ? [] : [{ ...base, type, source }];
  if (monitors === undefined || user === undefined || key === undefined) return [];
  return [
    {
      ...base,
      type,
      source: source ?? '/',
      monitors,
      user,
      key: secretAt(key, [...place, 'key']),
      ...(fsid !== undefined && { fsid }),
    },
  ];
};
