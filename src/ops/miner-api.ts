import type { Next } from '../core/next.ts';
import { fcopsCommand, look } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { FcopsError } from '../core/problem.ts';
import { onDemand } from '../core/remember.ts';
import { quote } from '../core/shell.ts';
import type { Query } from '../engine/query.ts';
import type { Host } from '../inventory/cluster.ts';
import type { FoundApi } from '../lotus/repository-api.ts';
import { readRepositoryApi } from '../lotus/repository-api.ts';
import { REPOSITORIES } from '../roles/miner-places.ts';
import type { Target } from '../transport/connection.ts';
import type { OpsDeps } from './deps.ts';
import type { RoleHosts } from './role-work.ts';
import { isMiner } from './role-work.ts';
import { needsApi } from './secret-uses.ts';
import { sessionOf } from './session-of.ts';

/**
 * What a host has to wait for before it is looked at: of a cluster whose API is read from the miner, all but the miner
 * wait for that. Empty: there is nothing in the way.
 */
export type BeforeLook = (host: Host) => Promise<readonly Problem[]>;

/** Asks the miner at the first call, once for all hosts; what it says is in `given` then, and masked everywhere. */
export const beforeLook = (
  hosts: RoleHosts,
  tags: readonly string[],
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): BeforeLook => {
  const { given } = hosts;
  const { api, miner } = hosts.cluster;
  if (api.from !== 'miner' || !needsApi(tags)) return async () => [];
  const asked = onDemand(async (): Promise<readonly Problem[]> => {
    const session = sessionOf(targetOf(api.host), hosts, deps);
    try {
      const found = await session.ask(apiQuery(api.host));
      if (found.type !== 'api') return [absent(api.host.name, found, miner)];
      const [address, token] = [found.address, found.token.reveal()];
      given.give(api.address.name, address);
      given.give(api.token.name, token);
      deps.hide([address, token]);
      return [];
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      if (error.problems.every(({ kind }) => kind === 'stopped')) return error.problems;
      return error.problems.map(({ what, why, next }) => ({
        kind: 'check',
        what: `${api.host.name} could not be asked for the API of lotus-miner: ${what}`,
        ...(why !== undefined && { why }),
        ...(next && { next }),
      }));
    } finally {
      await session.close();
    }
  });
  return async (host) => {
    if (isMiner(host)) return [];
    return (await asked()).map((problem) => ({ ...problem, where: { host: host.name } }));
  };
};

const DEADLINE = 20_000;

const apiQuery = ({ listen }: Host): Query<FoundApi> => ({
  name: 'the API of lotus-miner',
  script: `cd ${quote(REPOSITORIES.lotusMiner)} 2>/dev/null || exit 0
[[ ! -d keystore ]] || echo repository
for name in api token; do
  [[ ! -e $name ]] || printf '%s\\t%s\\n' "$name" "$(head -c 4096 -- "$name" | base64 -w 0)"
done
[[ ! -e config.toml ]] || sed -n '/^[[:blank:]]*\\[API\\]/,/^[[:blank:]]*\\[/s/^[[:blank:]]*ListenAddress[[:blank:]]*=[[:blank:]]*"\\([^"]*\\)".*/listens\\t\\1/p' config.toml`,
  parse: (text) => readRepositoryApi(text, listen),
  deadline: DEADLINE,
});

/** Why there is no API, and what makes it. */
const absent = (host: string, found: Exclude<FoundApi, { type: 'api' }>, miner: string): Problem => {
  const [why, next] = reasonOf(found, miner);
  return { kind: 'check', what: `the API of lotus-miner on ${host} is not there yet: ${why}`, next };
};

const reasonOf = (
  { type, ...found }: Exclude<FoundApi, { type: 'api' }>,
  miner: string,
): [string, readonly Next[]] => {
  switch (type) {
    case 'no repository':
      return [
        `${REPOSITORIES.lotusMiner} has not been initialised`,
        [fcopsCommand(['bootstrap', 'miner', '--miner', miner], 'set the miner up')],
      ];
    case 'never started':
      return [
        'lotus-miner has not been started',
        [
          fcopsCommand(['deploy', 'miner', '--start', '--miner', miner], 'start it'),
          fcopsCommand(
            ['bootstrap', 'miner', '--miner', miner],
            'where its init waits or broke off, go on with its set-up',
          ),
        ],
      ];
    case 'for itself':
      return [
        'it listens for its own machine alone',
        [
          fcopsCommand(
            ['plan', 'miner', '--miner', miner],
            'config.toml sets [API] ListenAddress, and lotus-miner reads it when it is started; see',
          ),
        ],
      ];
    case 'not understood':
      return [
        'why' in found ? found.why : '',
        [look(`see the files api and token in ${REPOSITORIES.lotusMiner} of the miner host`)],
      ];
  }
};
