import { HOME } from '../../roles/miner-places.ts';

/** Where a miner host has what its first set-up leaves there. */

/** The snapshot, and logs of what is done once. Outside of the repositories: an init that fails removes the miner's. */
export const WORK = `${HOME}/bootstrap`;
export const LOGS = {
  import: `${WORK}/import.log`,
  parameters: `${WORK}/parameters.log`,
  init: `${WORK}/init.log`,
  restore: `${WORK}/restore.log`,
} as const;

/** A snapshot by its sum: another one never goes on in the file of this one. */
export const snapshotFile = (sha256: string): string => `${WORK}/${sha256.slice(0, 16)}.car`;

/** What of it is here, and how much it will be. */
export const partFile = (sha256: string): string => `${snapshotFile(sha256)}.part`;
export const sizeFile = (sha256: string): string => `${partFile(sha256)}.size`;

/** What was restored from, how that ended, and which repository it has made. */
export const RESTORE_STATE = `${WORK}/restore.state`;
