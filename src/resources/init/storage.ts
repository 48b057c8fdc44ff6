import { posix } from 'node:path';
import { readStorageJson } from '../../lotus/storage-files.ts';
import type { Ask, Observation } from '../look.ts';
import { askPath, askText, pathLook } from '../path/look.ts';

/** Where a program of lotus keeps the list of its storage paths, and what stands in each of them. */
export const listOf = (repository: string): string => `${repository}/storage.json`;
export const identityOf = (path: string): string => `${path}/sectorstore.json`;

/** The paths that a `storage.json` lists, as directories; null for a text that is none. */
export const storagePaths = (text: string): readonly string[] | null => {
  const paths = readStorageJson(text);
  return paths.type === 'understood' ? paths.value.map(directoryOf) : null;
};

const directoryOf = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, '');

/** How far a storage path has come to be one: its repository lists it, and it has an identity. */
export type StorageState =
  /** Neither: it can be made. */
  | { readonly type: 'missing' }
  | { readonly type: 'done' }
  /** Only the identity: an attempt that broke off, or the path of another repository. */
  | { readonly type: 'unlisted' }
  /** Only the list: the directory is not mounted, or was emptied. */
  | { readonly type: 'lost' }
  /** The repository has another path. */
  | { readonly type: 'elsewhere'; readonly paths: readonly string[] }
  /** What is there cannot be told from what was seen. */
  | { readonly type: 'unknown'; readonly reason: string };

/** What `storageState` asks of the host. */
export const askStorage = (repository: string, path: string): readonly Ask[] => [
  askText(listOf(repository)),
  askPath(identityOf(path)),
];

/** The state of a storage path as the host shows it. */
export const storageState = (seen: Observation, repository: string, path: string): StorageState => {
  const list = pathLook.seen(seen, listOf(repository));
  const identity = pathLook.seen(seen, identityOf(path));
  if (!list) return { type: 'unknown', reason: pathLook.unseen(seen, listOf(repository)).reason };
  if (!identity) return { type: 'unknown', reason: pathLook.unseen(seen, identityOf(path)).reason };
  const listed = list.type === 'absent' ? [] : list.type === 'file' ? storagePaths(list.text ?? '') : null;
  if (listed === null) return { type: 'unknown', reason: `${listOf(repository)} cannot be understood` };
  const hasIdentity = identity.type !== 'absent';
  if (listed.includes(directoryOf(path))) return { type: hasIdentity ? 'done' : 'lost' };
  if (listed.length > 0) return { type: 'elsewhere', paths: listed };
  return { type: hasIdentity ? 'unlisted' : 'missing' };
};
