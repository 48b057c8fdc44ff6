import { FcopsError } from '../../core/problem.ts';
import { readInventory } from '../../inventory/load.ts';
import type { NamedSecret } from '../../inventory/named-secret.ts';
import type { Sources } from '../sources.ts';
import { inventorySources } from '../sources.ts';

/** All secrets that cluster files name, also those with mistakes; none where there is no cluster file yet. */
export const namedIn = (sources: Sources): readonly NamedSecret[] => {
  try {
    return readInventory(inventorySources(sources)).files.flatMap(({ secrets }) => secrets);
  } catch (error) {
    if (error instanceof FcopsError) return [];
    throw error;
  }
};
