import { posix } from 'node:path';

/** Where secrets that are encrypted with age are kept: beside the cluster files, a file each, for git to show. */

/** Names of secrets: file names that no shell has to quote. */
export const AGE_NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** What is not a name but the list of those who can decrypt. */
export const RECIPIENTS = 'recipients.txt';

export const AGE_ENDING = '.age';

/** The directory of the secrets of a directory of cluster files. */
export const secretsDirectory = (inventoryDir: string): string => posix.join(inventoryDir, 'secrets');

/** The file of a secret that a cluster file names. */
export const ageFile = (inventoryFile: string, name: string): string =>
  posix.join(secretsDirectory(posix.dirname(inventoryFile)), `${name}${AGE_ENDING}`);
