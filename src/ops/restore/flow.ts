import type { Next } from '../../core/next.ts';
import { edit, fcopsCommand, look, shellOnHost } from '../../core/next.ts';
import { PROFILE, REPOSITORIES } from '../../roles/miner-places.ts';
import type { Outcome } from '../bootstrap/events.ts';
import type { SetupFlow } from '../bootstrap/flow.ts';
import type { HostState } from '../bootstrap/host-state.ts';
import type { Setup } from '../bootstrap/setup.ts';
import { deployed } from '../bootstrap/steps/chain.ts';
import { node, sync } from '../bootstrap/steps/node.ts';
import { minerOf } from '../bootstrap/steps/repository.ts';
import { apiOf } from '../bootstrap/steps/storage.ts';
import { chosen, repository, restore, started } from './steps.ts';

const TOKEN = `${REPOSITORIES.lotusMiner}/token`;

/** What is left for people: nobody but them can say what was lost since the backup. */
const outcome = (seen: HostState, { cluster, host }: Setup): Outcome => {
  const { miner, api, packing } = cluster;
  const workers: readonly Next[] = [
    ...(api.from === 'miner'
      ? []
      : [
          edit(
            `lotus-miner has a new token: the secret that api.token names gets what stands in ${TOKEN} on ${host.name}`,
          ),
        ]),
    fcopsCommand(
      ['deploy', 'all', '--miner', miner],
      'bring the new token to the workers; the plan says which have to be restarted',
    ),
  ];
  return {
    what: 'restore',
    miner: minerOf(seen),
    owner: null,
    worker: null,
    api: apiOf(seen),
    token: TOKEN,
    next: [
      shellOnHost(
        `source ${PROFILE} && lotus-miner proving deadlines`,
        'watch the next deadlines: after a restore WindowPoSt is known to fail at times (filecoin-project/lotus issue 9681)',
      ),
      shellOnHost(`source ${PROFILE} && lotus-miner storage list`, 'see that every storage path is there'),
      look(
        `compare the sectors of lotus-miner with those of the chain before anything is pledged${packing === null ? '' : ' (cron pledges by itself)'}: numbers that were given out since the backup may be given out again`,
      ),
      ...workers,
      fcopsCommand(['backup', 'miner', '--miner', miner], 'when it proves again, back it up'),
    ],
  };
};

/** From a backup to a miner that answers (handbook 4.3.5, 4.4). */
export const RESTORE: SetupFlow = {
  name: 'restore',
  steps: [deployed, chosen, repository, node, sync, restore, started],
  outcome,
  check: ['restore', 'miner', '--check'],
};
