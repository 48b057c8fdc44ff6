import * as z from 'zod';
import { placeSchema } from '../../core/problem-schema.ts';
import type { NamedSecret } from '../../inventory/named-secret.ts';
import { readHeader } from '../../ops/secrets/header.ts';
import { recipientTag } from '../../ops/secrets/recipients.ts';
import type { SecretStore } from '../../ops/secrets/store.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const SECRETS_FORMAT = 'fcops-secrets/1';

/** The documented form of what `fcops secrets list` prints. */
export const secretsDocumentSchema = z.strictObject({
  format: z.literal(SECRETS_FORMAT),
  directory: z.string(),
  recipients: z
    .array(z.strictObject({ key: z.string(), name: z.string().nullable() }))
    .describe('Those who are to be able to decrypt.'),
  secrets: z.array(
    z.strictObject({
      name: z.string(),
      file: z.string(),
      kept: z.boolean().describe('false: it is named, and there is no such file.'),
      recipients: z
        .array(z.string())
        .nullable()
        .describe('Keys of recipients.txt that can decrypt it, as it says itself; null: not known.'),
      named: z.array(placeSchema).describe('Where cluster files name it.'),
    }),
  ),
});
export type SecretsDocument = z.infer<typeof secretsDocumentSchema>;

/** The value that is printed. */
export const secretsDocument = (store: SecretStore, uses: readonly NamedSecret[]): SecretsDocument => {
  const recipients = store.recipients?.recipients ?? [];
  const texts = new Map(store.secrets.map(({ file, text }) => [file, text]));
  const named = uses.flatMap(({ kept, where }) => (kept.kind === 'age' ? [{ ...kept, where }] : []));
  const all = new Map([...store.secrets, ...named].map(({ name, file }) => [file, name]));
  const canOpen = (text: string | undefined): string[] | null => {
    const header = text === undefined ? undefined : readHeader(text);
    const tags = header?.ok ? header.value.tags : null;
    return tags && recipients.flatMap(({ key }) => (tags.includes(recipientTag(key)) ? [key] : []));
  };
  return {
    format: SECRETS_FORMAT,
    directory: store.directory,
    recipients: recipients.map(({ key, name }) => ({ key, name })),
    secrets: [...all]
      .map(([file, name]) => ({
        ...{ name, file },
        kept: texts.has(file),
        recipients: canOpen(texts.get(file)),
        named: named.filter((use) => use.file === file).map(({ where }) => ({ ...where })),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
};
