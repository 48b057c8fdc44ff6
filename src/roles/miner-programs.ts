import type { Cluster, Host } from '../inventory/cluster.ts';
import type { Process, StartedProcess } from '../resources/process/process.ts';
import { lotusPort, minerPort } from './miner-config.ts';
import { PROFILE, PROGRAMS, REPOSITORIES, START_SCRIPTS } from './miner-places.ts';
import { runBy, UNITS, unitFor } from './units.ts';

/** Seconds that lotus-miner may take to open every storage path, once lotus is in sync. */
const MINER_DEADLINE = 900;

/** How the two are told from all else that runs: by their repository. */
export const KNOWN = {
  lotus: {
    by: 'environment',
    program: 'lotus',
    command: 'daemon',
    flags: ['repo'],
    variables: ['LOTUS_PATH'],
    fallback: '.lotus',
  },
  lotusMiner: {
    by: 'environment',
    program: 'lotus-miner',
    command: 'run',
    flags: ['miner-repo', 'storagerepo'],
    variables: ['LOTUS_MINER_PATH', 'LOTUS_STORAGE_PATH'],
    fallback: '.lotusminer',
  },
} as const satisfies Record<string, Process['known']>;

/** What makes the repository of lotus-miner (handbook 2.1.5.9), while it is at work. */
export const INIT_KNOWN = { ...KNOWN.lotusMiner, command: 'init' } as const;

/** lotus and lotus-miner as programs that are started, by a deploy and by the first set-up alike (handbook 4.2.1). */
export const minerPrograms = (
  cluster: Cluster,
  host: Host,
): Readonly<Record<'lotus' | 'lotusMiner', StartedProcess>> => {
  const inSync = {
    type: 'lotus-in-sync',
    profile: PROFILE,
    deadline: host.variables.syncDeadline,
  } as const;
  return {
    lotus: runBy(unitFor(host, UNITS.lotus), {
      name: 'lotus',
      repository: REPOSITORIES.lotus,
      known: KNOWN.lotus,
      log: `${REPOSITORIES.lotus}/logs`,
      port: lotusPort(cluster, host),
      program: PROGRAMS.lotus,
      start: { run: `bash ${START_SCRIPTS.lotus}`, pause: 0, ready: inSync },
    }),
    lotusMiner: runBy(unitFor(host, UNITS.lotusMiner), {
      name: 'lotus-miner',
      repository: REPOSITORIES.lotusMiner,
      known: KNOWN.lotusMiner,
      log: `${REPOSITORIES.lotusMiner}/logs`,
      port: minerPort(cluster, host),
      program: PROGRAMS.lotusMiner,
      start: {
        run: `bash ${START_SCRIPTS.lotusMiner}`,
        pause: 0,
        // lotus may have been running already, and behind.
        before: inSync,
        ready: { type: 'miner-answers', profile: PROFILE, miner: cluster.miner, deadline: MINER_DEADLINE },
      },
    }),
  };
};
