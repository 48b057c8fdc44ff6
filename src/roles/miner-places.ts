/** Where a miner host has everything (handbook 1.3.1). */

export const HOME = '/opt/raid0';
/** The variables of both programs. */
export const PROFILE = `${HOME}/profile`;
/** What the two programs keep: outside of them is what an init that fails must not remove. */
export const REPOSITORIES = { lotus: `${HOME}/lotus`, lotusMiner: `${HOME}/lotusminer` } as const;
export const PROGRAMS = {
  lotus: '/usr/local/bin/lotus',
  lotusMiner: '/usr/local/bin/lotus-miner',
} as const;
export const START_SCRIPTS = {
  lotus: `${HOME}/start_lotus.sh`,
  lotusMiner: `${HOME}/start_lotusminer.sh`,
} as const;
/** Proof parameters, where the inventory names no other place (FIL_PROOFS_PARAMETER_CACHE). */
export const PARAMETERS = `${HOME}/filecoin-proof-parameters`;
export const BACKUPS = `${HOME}/minerbackup`;
export const BACKUP_SCRIPT = `${HOME}/backup_lotusminer.sh`;
