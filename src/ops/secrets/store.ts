import { posix } from 'node:path';
import { edit, fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { AGE_ENDING, AGE_NAME, RECIPIENTS, secretsDirectory } from '../../inventory/age-places.ts';
import type { Files } from '../../inventory/files.ts';
import type { ReadRecipients, Recipient } from './recipients.ts';
import { readRecipients } from './recipients.ts';

/** One secret as it is kept. */
export interface StoredSecret {
  readonly name: string;
  readonly file: string;
  /** Encrypted. */
  readonly text: string;
}

/** What is kept beside the cluster files of a directory. */
export interface SecretStore {
  readonly directory: string;
  readonly recipientsFile: string;
  /** Null: there is no such file. */
  readonly recipients: ReadRecipients | null;
  /** By name. */
  readonly secrets: readonly StoredSecret[];
  /** Paths of what else is there, but for what begins with a dot. */
  readonly others: readonly string[];
}

/** Keeps out of git what is put there in the clear. */
export const GITIGNORE = `# Made by fcops: nothing but what is encrypted goes into git.
*
!.gitignore
!${RECIPIENTS}
!*${AGE_ENDING}
`;

/** Where a secret of a store is kept. Throws an FcopsError for what is no name. */
export const storedAt = (inventoryDir: string, name: string): string => {
  if (AGE_NAME.test(name)) return posix.join(secretsDirectory(inventoryDir), `${name}${AGE_ENDING}`);
  throw new FcopsError({
    kind: 'usage',
    what: `"${name}" is no name of a secret`,
    next: [edit('letters, digits, dots and dashes, like f0494733-token')],
  });
};

/** Reads all of it that is no secret: nothing is decrypted. */
export const readStore = (inventoryDir: string, files: Files): SecretStore => {
  const directory = secretsDirectory(inventoryDir);
  const recipientsFile = posix.join(directory, RECIPIENTS);
  const text = files.read(recipientsFile);
  const names = (files.list(directory) ?? []).toSorted();
  const secrets = names.flatMap((entry) => {
    const name = entry.endsWith(AGE_ENDING) ? entry.slice(0, -AGE_ENDING.length) : '';
    const file = posix.join(directory, entry);
    const kept = AGE_NAME.test(name) ? files.read(file) : undefined;
    return kept === undefined ? [] : [{ name, file, text: kept }];
  });
  const known = new Set([recipientsFile, ...secrets.map(({ file }) => file)]);
  return {
    directory,
    recipientsFile,
    recipients: text === undefined ? null : readRecipients(recipientsFile, text),
    secrets,
    others: names
      .filter((entry) => !entry.startsWith('.'))
      .map((entry) => posix.join(directory, entry))
      .filter((file) => !known.has(file)),
  };
};

/** Those who are encrypted for. Throws an FcopsError where the file is missing or has a mistake: somebody would be left out. */
export const recipientsIn = ({ recipients, recipientsFile }: SecretStore): readonly Recipient[] => {
  if (recipients && recipients.problems.length > 0) throw new FcopsError(recipients.problems);
  if (recipients && recipients.recipients.length > 0) return recipients.recipients;
  throw new FcopsError({
    kind: 'secret',
    what: recipients
      ? 'nobody is in it who could decrypt'
      : 'it is not said who can decrypt: there is no such file',
    where: { file: recipientsFile },
    next: [fcopsCommand(['secrets', 'init'])],
  });
};
