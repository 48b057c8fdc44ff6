import * as z from 'zod';
import { known, type Reading, reading, unclear } from './reading.ts';

const pathsSchema = z.object({
  StoragePaths: z.array(z.object({ Path: z.string().startsWith('/') })).nullable(),
});

const pathSchema = z.object({
  ID: z.string().min(1),
  Weight: z.int().nonnegative(),
  CanSeal: z.boolean(),
  CanStore: z.boolean(),
  MaxStorage: z.int().nonnegative().default(0),
});

/** What `sectorstore.json` in a storage path says of it. Two paths with one ID collide. */
export interface StoragePath {
  readonly id: string;
  readonly weight: number;
  readonly seals: boolean;
  readonly stores: boolean;
  /** Bytes; zero is no limit. */
  readonly maxStorage: number;
}

/** Reads `storage.json` of a miner or worker: its paths as they stand there, twice where one was attached twice. */
export const readStorageJson = (text: string): Reading<readonly string[]> =>
  reading(() => {
    const { StoragePaths: paths } = known(parsed(pathsSchema, text), 'this is no list of storage paths');
    return (paths ?? []).map(({ Path }) => Path);
  });

/** Reads `sectorstore.json` of a storage path. */
export const readSectorStore = (text: string): Reading<StoragePath> =>
  reading(() => {
    const found = known(parsed(pathSchema, text), 'this is no description of a storage path');
    return {
      id: found.ID,
      weight: found.Weight,
      seals: found.CanSeal,
      stores: found.CanStore,
      maxStorage: found.MaxStorage,
    };
  });

const parsed = <T>(schema: z.ZodType<T>, text: string): T | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unclear('this is no JSON');
  }
  return schema.safeParse(value).data ?? null;
};
