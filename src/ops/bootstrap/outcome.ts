import { edit, fcopsCommand, type Next } from '../../core/next.ts';
import { REPOSITORIES } from '../../roles/miner-places.ts';
import type { Outcome } from './events.ts';
import type { HostState } from './host-state.ts';
import type { Setup } from './setup.ts';
import { minerOf } from './steps/repository.ts';
import { apiOf, statedApi } from './steps/storage.ts';
import { keyAdvice, keysOf } from './steps/wallets.ts';

/** What the host has now, and what is left for people: the chain gives the miner its id only now. */
export const outcomeOf = (seen: HostState, setup: Setup): Outcome => {
  const { cluster, host } = setup;
  const keys = keysOf(seen, setup);
  const [owner, worker] = keys.type === 'known' ? [keys.owner.address, keys.worker.address] : [null, null];
  const miner = minerOf(seen);
  const api = apiOf(seen);
  const renamed: readonly Next[] =
    miner === null || miner === cluster.miner
      ? []
      : [
          edit(
            `the chain has named the miner ${miner}: rename ${cluster.file} to ${miner}.yaml, with miner: ${miner} in it`,
          ),
          fcopsCommand(['adopt', host.name, '--miner', miner], 'then'),
        ];
  const told = statedApi(setup);
  const workers: readonly Next[] =
    told === null
      ? []
      : [
          ...(api === null || api === told
            ? []
            : [edit(`the miner listens on ${api}: set api.address of the inventory`)]),
          edit(
            `give the workers the API: api: { from: miner } in the inventory takes it from this host; or the secret that api.token names gets what stands in ${REPOSITORIES.lotusMiner}/token on ${host.name}`,
          ),
        ];
  const deploy = fcopsCommand(
    ['deploy', 'all', '--start', '--miner', miner ?? cluster.miner],
    'then deploy all hosts and start their workers',
  );
  return {
    what: 'set-up',
    miner,
    owner,
    worker,
    api,
    token: `${REPOSITORIES.lotusMiner}/token`,
    next: [
      ...keyAdvice([owner, worker].filter((address) => address !== null)),
      ...renamed,
      ...workers,
      deploy,
    ],
  };
};
