import { posix } from 'node:path';
import type { Next } from '../../core/next.ts';
import { fcopsCommand, look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { messageOf } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { quote } from '../../core/shell.ts';
import { readHeader, TAGS_STANZA } from './header.ts';
import type { Recipient } from './recipients.ts';
import { recipientTag, shownRecipient } from './recipients.ts';

/** The library is loaded where something is encrypted or decrypted, and nowhere else. */
const age = () => import('age-encryption');

/** A new private key with its public part. */
export const newIdentity = async (): Promise<{ readonly identity: string; readonly recipient: string }> => {
  const { generateX25519Identity, identityToRecipient } = await age();
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
};

/** The public parts of private keys, in their order; a key that is none after all is a problem. */
export const recipientsOf = async (
  identities: readonly string[],
  file: string,
): Promise<Result<readonly string[], Problem>> => {
  const { identityToRecipient } = await age();
  try {
    return ok(await Promise.all(identities.map((identity) => identityToRecipient(identity))));
  } catch {
    // What the library says may quote the key.
    return err(brokenIdentity(file));
  }
};

const brokenIdentity = (file: string): Problem => ({
  kind: 'secret',
  what: 'a private key in it was copied wrongly: its checksum does not fit',
  where: { file },
});

/** Why a recipient cannot be encrypted for, though it looks like one; undefined: it can. */
export const brokenRecipient = async ({ key }: Recipient): Promise<string | undefined> => {
  const { Encrypter } = await age();
  try {
    new Encrypter().addRecipient(key);
    return undefined;
  } catch {
    return 'it was copied wrongly: its checksum does not fit';
  }
};

/**
 * A text encrypted for recipients, in the text form of age, with their tags: who checks the file later can tell for whom
 * it is. Throws nothing that quotes the text.
 */
export const encrypted = async (
  text: string,
  recipients: readonly Recipient[],
  recipientsFile: string,
): Promise<Result<string, Problem>> => {
  const { Encrypter, Stanza, armor } = await age();
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient.key);
    } catch {
      return err({
        kind: 'secret',
        what: `the recipient ${shownRecipient(recipient)} was copied wrongly: its checksum does not fit`,
        where: { file: recipientsFile, line: recipient.line },
      });
    }
  }
  const tags = recipients.map(({ key }) => recipientTag(key));
  encrypter.addRecipient({ wrapFileKey: () => [new Stanza([TAGS_STANZA, ...tags], new Uint8Array())] });
  return ok(`${armor.encode(await encrypter.encrypt(text)).trimEnd()}\n`);
};

/** The text of an encrypted file. */
export const decrypted = async (
  { file, text }: { readonly file: string; readonly text: string },
  identities: readonly string[],
  identityPath: string,
): Promise<Result<string, Problem>> => {
  const header = readHeader(text);
  if (!header.ok)
    return err({
      kind: 'secret',
      what: 'this cannot be decrypted',
      where: { file },
      why: header.error,
      next: asItWas(file),
    });
  const { Decrypter, armor } = await age();
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
  } catch {
    return err(brokenIdentity(identityPath));
  }
  try {
    const bytes = await decrypter.decrypt(armor.decode(text));
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    return err(notDecrypted(file, identityPath, error));
  }
};

/** What brings back an encrypted file that is none any more. */
const asItWas = (file: string): readonly Next[] => [
  look(`take it from an older commit (git log -- ${quote(file)})`),
  fcopsCommand(['secrets', 'set', posix.basename(file, '.age')], 'or give the secret anew'),
];

const notDecrypted = (file: string, identityPath: string, error: unknown): Problem => {
  const why = messageOf(error);
  if (error instanceof TypeError)
    return {
      kind: 'secret',
      what: 'what is encrypted here is no text',
      where: { file },
      next: asItWas(file),
    };
  if (/no identity matched/.test(why))
    return {
      kind: 'secret',
      what: 'this was not encrypted for your key',
      where: { file },
      why: `the key is that of ${identityPath}`,
      next: [
        fcopsCommand(
          ['secrets', 'rotate'],
          'put your key into recipients.txt (`fcops secrets init`), and have somebody who can decrypt run',
        ),
      ],
    };
  return {
    kind: 'secret',
    what: 'this was damaged, and cannot be decrypted',
    where: { file },
    why,
    next: asItWas(file),
  };
};
