import * as z from 'zod';
import { words } from '../../core/shell.ts';
import daemonsShell from '../process/daemons.sh';
import lotusShell from '../process/lotus.sh';
import { daemonWords, knownSchema } from '../process/sought.ts';
import { stepKind } from '../step-kind.ts';
import ownShell from './step.sh';

/**
 * What makes a miner once (handbook 2.1.5, 2.1.6). Each looks again before it does anything, as hours may have gone by
 * since the plan. `profile` has the variables of both programs; logs are files for the host's root.
 */

/** What other steps that make a repository share. */
export const BOOTSTRAP_SHELL: readonly string[] = [daemonsShell, lotusShell, ownShell];
const shell = BOOTSTRAP_SHELL;

const HOUR = 3600;
/** Seconds of each. An init that waits for the chain is never ended: it would remove what was paid for. */
export const DEADLINES = {
  import: 48 * HOUR,
  parameters: 72 * HOUR,
  wallets: 300,
  init: 30 * 24 * HOUR,
  attach: 300,
  backup: 900,
} as const;

const common = { profile: z.string(), deadline: z.int() };

/** Imports a snapshot into the repository of lotus, which must not run. */
export const importChain = stepKind({
  schema: z.strictObject({
    step: z.literal('import-chain'),
    ...common,
    repository: z.string(),
    snapshot: z.string(),
    log: z.string(),
    /** How the lotus that must not run is told. */
    known: knownSchema,
    over: z.boolean().describe('Whether a chain that is there may be imported over.'),
  }),
  shell,
  bash: ({ profile, repository, snapshot, log, known, over }) =>
    words(
      'import_chain',
      profile,
      repository,
      snapshot,
      log,
      over ? 'yes' : 'no',
      ...daemonWords({ known, repository }),
    ),
});

/** Copies proof parameters from another host, over SSH of this host's own root. */
export const copyParameters = stepKind({
  schema: z.strictObject({
    step: z.literal('copy-parameters'),
    directory: z.string(),
    from: z.strictObject({ directory: z.string(), user: z.string(), address: z.string(), port: z.int() }),
    names: z.array(z.string()).readonly(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ directory, from, names }) =>
    words('copy_parameters', directory, from.directory, from.user, from.address, String(from.port), ...names),
});

/** Fetches the proof parameters that are missing, and compares the digests of all. */
export const fetchParameters = stepKind({
  schema: z.strictObject({
    step: z.literal('fetch-parameters'),
    ...common,
    size: z.string(),
    log: z.string(),
  }),
  shell,
  bash: ({ profile, size, log }) => words('fetch_parameters', profile, size, log),
});

/** Makes wallets where the node has as many as the plan saw. */
export const makeWallets = stepKind({
  schema: z.strictObject({ step: z.literal('make-wallets'), ...common, present: z.int(), number: z.int() }),
  shell,
  bash: ({ profile, present, number }) => words('make_wallets', profile, String(present), String(number)),
});

/** Creates the miner on the chain, which the owner pays for. */
export const initMiner = stepKind({
  schema: z.strictObject({
    step: z.literal('init-miner'),
    ...common,
    repository: z.string(),
    log: z.string(),
    owner: z.string(),
    worker: z.string(),
    size: z.string(),
    /** How an init that runs already is told. */
    known: knownSchema,
  }),
  shell,
  bash: ({ profile, repository, log, owner, worker, size, known }) =>
    words('init_miner', profile, repository, log, owner, worker, size, ...daemonWords({ known, repository })),
});

/** Makes a mounted directory one that lotus-miner keeps sectors in. */
export const attachStorage = stepKind({
  schema: z.strictObject({
    step: z.literal('attach-storage'),
    ...common,
    repository: z.string(),
    path: z.string(),
  }),
  shell,
  bash: ({ profile, repository, path }) => words('attach_storage', profile, repository, path),
});

/** Backs up the metadata of lotus-miner, with its config.toml and storage.json. */
export const backupMetadata = stepKind({
  schema: z.strictObject({
    step: z.literal('backup-metadata'),
    ...common,
    repository: z.string(),
    directory: z.string(),
    name: z.string(),
  }),
  shell,
  bash: ({ profile, repository, directory, name }) =>
    words('backup_metadata', profile, repository, directory, name),
});
