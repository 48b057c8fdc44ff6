import { FcopsError, type Problem } from '../../core/problem.ts';
import { nodeFiles } from '../node-files.ts';
import { decrypted } from './envelope.ts';
import type { IdentitySources } from './identities.ts';
import { identityFile, readIdentities } from './identities.ts';
import type { StoredSecret } from './store.ts';

/** A secret with its value. */
export interface OpenedSecret extends StoredSecret {
  readonly value: string;
}

/** Decrypts secrets of a store, all of them or none. Throws one FcopsError with all that cannot be. */
export const openAll = async (
  sources: IdentitySources,
  secrets: readonly StoredSecret[],
): Promise<readonly OpenedSecret[]> => {
  const file = identityFile(sources);
  const keys = readIdentities(file, nodeFiles);
  if (!keys.ok) throw new FcopsError(keys.error);
  const problems: Problem[] = [];
  const opened: OpenedSecret[] = [];
  for (const secret of secrets) {
    const value = await decrypted(secret, keys.value, file);
    if (value.ok) opened.push({ ...secret, value: value.value });
    else problems.push(value.error);
  }
  if (problems.length > 0) throw new FcopsError(problems);
  return opened;
};
