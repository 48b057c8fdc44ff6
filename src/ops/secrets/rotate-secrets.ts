import { FcopsError } from '../../core/problem.ts';
import { encrypted } from './envelope.ts';
import { readHeader } from './header.ts';
import type { IdentitySources } from './identities.ts';
import { openAll } from './opened.ts';
import type { Recipient } from './recipients.ts';
import { recipientTag } from './recipients.ts';
import type { SecretStore, StoredSecret } from './store.ts';
import { recipientsIn } from './store.ts';

/** Secrets encrypted anew, not yet written. */
export interface RotatedSecrets {
  readonly recipients: readonly Recipient[];
  /** With the new texts. */
  readonly secrets: readonly StoredSecret[];
  /** Names of those that a key could decrypt which is no longer among the recipients: it still can, in old commits. */
  readonly exposed: readonly string[];
  /** Names of those of which nobody can tell: another program has encrypted them. */
  readonly unknown: readonly string[];
}

/**
 * Encrypts all secrets of a store for the recipients of now, under new keys. Throws where one cannot be decrypted: all or
 * none.
 */
export const rotateSecrets = async (
  sources: IdentitySources,
  store: SecretStore,
): Promise<RotatedSecrets> => {
  const recipients = recipientsIn(store);
  const now = new Set(recipients.map(({ key }) => recipientTag(key)));
  const opened = await openAll(sources, store.secrets);
  const secrets: StoredSecret[] = [];
  for (const { name, file, value } of opened) {
    const text = await encrypted(value, recipients, store.recipientsFile);
    if (!text.ok) throw new FcopsError(text.error);
    secrets.push({ name, file, text: text.value });
  }
  const tagsOf = ({ text }: StoredSecret): readonly string[] | null => {
    const header = readHeader(text);
    return header.ok ? header.value.tags : null;
  };
  const namesOf = (which: (tags: readonly string[] | null) => boolean): readonly string[] =>
    store.secrets.filter((secret) => which(tagsOf(secret))).map(({ name }) => name);
  return {
    recipients,
    secrets,
    exposed: namesOf((tags) => tags?.some((tag) => !now.has(tag)) === true),
    unknown: namesOf((tags) => tags === null),
  };
};
