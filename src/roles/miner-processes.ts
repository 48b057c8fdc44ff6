import type { Next } from '../core/next.ts';
import { fcopsCommand, shellOnHost } from '../core/next.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { askPath, pathLook } from '../resources/path/look.ts';
import type { Process, Requirement } from '../resources/process/process.ts';
import type { Variable } from '../resources/process/sought.ts';
import { checksOf } from './checks.ts';
import { environmentOf } from './environment.ts';
import { listenAddress } from './listen-address.ts';
import { listensAt, lotusKeys, minerKeys } from './miner-config.ts';
import { PARAMETERS, PROFILE, REPOSITORIES, START_SCRIPTS } from './miner-places.ts';
import { FROM_FACTS, minerProfile } from './miner-profile.ts';
import { minerPrograms } from './miner-programs.ts';
import { storagePaths } from './miner-storage.ts';
import { minerParameters } from './proof-parameters.ts';
import { gpuDriver } from './requirements.ts';
import type { RoleContext } from './role.ts';
import { storageRequirements } from './storage.ts';

/** Seconds: a datastore that is killed while it is being closed may be lost. */
const STOP_DEADLINE = 600;

/** lotus, then lotus-miner, which only begins where lotus is in sync (handbook 4.2.1). */
export const minerProcesses = (context: RoleContext): readonly Process[] => {
  const { cluster, host } = context;
  const programs = minerPrograms(cluster, host);
  const requires = requirementsOf(cluster, host);
  const common = {
    environment: variablesOf(context),
    environmentFrom: [{ path: PROFILE, content: minerProfile(context) }],
    // It has a line that is no variable.
    environmentIsWhole: false,
  };
  return [
    {
      ...programs.lotus,
      ...common,
      group: 'lotus',
      reads: {
        profile: PROFILE,
        script: START_SCRIPTS.lotus,
        config: `${REPOSITORIES.lotus}/config.toml`,
      },
      requires: requires.lotus,
      stop: {
        deadline: STOP_DEADLINE,
        atStake: 'what lotus-miner needs of the chain: without lotus it sends no proof and wins no block',
      },
    },
    {
      ...programs.lotusMiner,
      ...common,
      group: 'lotus-miner',
      reads: {
        profile: PROFILE,
        script: START_SCRIPTS.lotusMiner,
        config: `${REPOSITORIES.lotusMiner}/config.toml`,
      },
      requires: requires.lotusMiner,
      after: ['lotus'],
      stop: {
        deadline: STOP_DEADLINE,
        atStake:
          'proofs of a deadline that it has worked out and not sent yet, and blocks; lotus-miner proving deadlines shows what is open',
      },
    },
  ];
};

/** What both have in their environment; that of the machine as its facts have it. */
const variablesOf = (context: RoleContext): readonly Variable[] => {
  const profile = minerProfile(context);
  const fromFacts: ReadonlySet<string> = new Set(FROM_FACTS);
  const bare = environmentOf(profile({ cpu: { count: 0 }, gpus: [] })).variables;
  return [
    ...bare.filter(({ name }) => !fromFacts.has(name)),
    ...FROM_FACTS.map(
      (name): Variable => ({
        name,
        value: (facts) =>
          environmentOf(profile(facts)).variables.find((variable) => variable.name === name)?.value ?? null,
      }),
    ),
  ];
};

/**
 * What each stands on when it is started, besides the disk at /opt/raid0, without which nothing is done to the host at
 * all. lotus-miner opens every storage path at its start: one that is not mounted ends it.
 */
const requirementsOf = (
  cluster: Cluster,
  host: Host,
): Readonly<Record<'lotus' | 'lotusMiner', readonly Requirement[]>> => {
  const { sectorSize, miner } = cluster;
  const directory = (host.variables.environment.FIL_PROOFS_PARAMETER_CACHE ?? PARAMETERS).replace(/\/+$/, '');
  const [found] = checksOf(host, (severity) => [minerParameters(sectorSize, directory, severity)]);
  const keys = found ? [found.keys] : [];
  const parameters = found ? [found.parameters] : [];
  const address = checksOf(host, (severity) => listenAddress(host, severity));
  const addressOf = (keysOf: typeof lotusKeys) => (listensAt(host, keysOf(cluster, host)) ? address : []);
  const lotus = repositoryOf('lotus', REPOSITORIES.lotus, [
    fcopsCommand(['bootstrap', 'miner', '--miner', miner], 'to import a snapshot of the chain'),
    shellOnHost(
      `bash ${START_SCRIPTS.lotus}`,
      'where lotus is to fetch the whole chain, start it by hand once',
    ),
  ]);
  const lotusMiner = repositoryOf('lotus-miner', REPOSITORIES.lotusMiner, [
    fcopsCommand(['bootstrap', 'miner', '--miner', miner], 'to make it'),
  ]);
  return {
    lotus: [lotus, ...addressOf(lotusKeys), ...keys],
    lotusMiner: [
      lotusMiner,
      ...addressOf(minerKeys),
      ...keys,
      ...parameters,
      ...checksOf(host, (severity) => [
        gpuDriver(severity),
        ...storageRequirements(cluster, host, severity),
        storagePaths(cluster, host, REPOSITORIES.lotusMiner, severity),
      ]),
    ],
  };
};

/** A repository that has been made: no program is started without it, whatever the checks are set to. */
const repositoryOf = (program: string, repository: string, next: readonly Next[]): Requirement => {
  // What lotus itself goes by to know whether a repository is one.
  const sign = `${repository}/keystore`;
  return {
    name: `repository of ${program}`,
    asks: [askPath(sign)],
    severity: 'enforce',
    check: (seen) => {
      const state = pathLook.seen(seen, sign);
      if (!state) return { unknown: pathLook.unseen(seen, sign).reason };
      return state.type === 'absent'
        ? { message: `${repository} is no repository of ${program} yet`, next }
        : null;
    },
  };
};
