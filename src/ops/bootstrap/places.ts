/** Where a miner host has what it is set up with (handbook 1.3.1). */

const HOME = '/opt/raid0';
export const PROFILE = `${HOME}/profile`;
export const PROGRAMS = ['/usr/local/bin/lotus', '/usr/local/bin/lotus-miner'] as const;
export const SCRIPTS = { lotus: `${HOME}/start_lotus.sh`, miner: `${HOME}/start_lotusminer.sh` } as const;
export const LOTUS = `${HOME}/lotus`;
export const MINER = `${HOME}/lotusminer`;
export const BACKUPS = `${HOME}/minerbackup`;
/** The snapshot, and logs of what is done once. Outside of the repositories: an init that fails removes the miner's. */
export const WORK = `${HOME}/bootstrap`;
export const LOGS = {
  import: `${WORK}/import.log`,
  parameters: `${WORK}/parameters.log`,
  init: `${WORK}/init.log`,
} as const;
/** Proof parameters on hosts that are no miner hosts (handbook 2.3.3). */
export const WORKER_PARAMETERS = '/opt/filecoin-proof-parameters';

/** A snapshot by its sum: another one never goes on in the file of this one. */
export const snapshotFile = (sha256: string): string => `${WORK}/${sha256.slice(0, 16)}.car`;

/** What of it is here, and how much it will be. */
export const partFile = (sha256: string): string => `${snapshotFile(sha256)}.part`;
export const sizeFile = (sha256: string): string => `${partFile(sha256)}.size`;
