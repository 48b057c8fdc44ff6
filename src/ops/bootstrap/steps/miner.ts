import { again, fcopsCommand, look, type Next, shellOnHost } from '../../../core/next.ts';
import { DEADLINES } from '../../../resources/bootstrap/step.ts';
import { startStep } from '../../../resources/process/start-step.ts';
import { PROFILE, REPOSITORIES } from '../../../roles/miner-places.ts';
import { INIT_KNOWN, minerPrograms } from '../../../roles/miner-programs.ts';
import { formatFil } from '../fil.ts';
import type { HostState } from '../host-state.ts';
import { LOGS } from '../places.ts';
import type { Setup } from '../setup.ts';
import type { SetupStep, StepState } from '../setup-step.ts';
import { done, unknown } from '../setup-step.ts';
import { hasMiner, type InitLog, initLogOf, minerOf, minerRepositoryOf } from './repository.ts';
import { keysOf } from './wallets.ts';

/** Another name than the inventory has is told: it could not be known before the miner was there. */
const named = (seen: HostState, { cluster }: Setup): string => {
  const miner = minerOf(seen);
  if (miner === null) return 'a repository is there, whose miner is told when it runs';
  return miner === cluster.miner ? miner : `${miner}, and the inventory has ${cluster.miner}`;
};

/** The miner on the chain and its repository. Never where a repository exists; nobody pays twice without a word. */
export const init: SetupStep = {
  name: 'init',
  title: 'creation of the miner',
  look: (seen, setup) => {
    const log = initLogOf(seen);
    const repository = minerRepositoryOf(seen);
    const pid = seen.running.get('lotus-miner init');
    if (pid !== undefined)
      return {
        type: 'waits',
        says:
          log?.type === 'going on' && log.message !== null
            ? `message ${log.message} is sent; its confirmation takes 10 to 20 minutes`
            : `an init is under way, as process ${pid}`,
      };
    if (repository === 'whole') return done(named(seen, setup));
    if (repository === 'not known to be whole') return half(seen, setup, log);
    if (log?.type === 'created')
      return blocked(
        `the miner ${log.miner} was created, and its repository ${REPOSITORIES.lotusMiner} is gone`,
        look(
          `mount what it was on, or restore it from a backup (lotus-miner init restore); a second init would be another miner`,
        ),
      );
    if (log?.type === 'unclear') return unknown(`${LOGS.init}: ${log.why}`);
    if (log && log.type !== 'exists' && log.message !== null)
      return paidFor(setup, log.message, log.type === 'failed' ? log.why : 'it broke off', false);
    const strange = [...seen.files.keys()].filter((path) => path.startsWith(`${REPOSITORIES.lotusMiner}/`));
    if (strange.length > 0)
      return blocked(
        `${REPOSITORIES.lotusMiner} is no repository, and has files in it: an init that fails would remove them`,
        shellOnHost(`mv ${REPOSITORIES.lotusMiner} ${REPOSITORIES.lotusMiner}.before`, 'move it away'),
      );
    const keys = keysOf(seen, setup);
    if (keys.type === 'blocked') return keys;
    if (keys.type !== 'known')
      return unknown(keys.type === 'missing' ? 'not known before there are wallets' : keys.says);
    return creating(setup, keys, log?.type === 'failed' ? log.why : null);
  },
};

const creating = (
  { cluster }: Setup,
  { owner, worker }: Extract<ReturnType<typeof keysOf>, { type: 'known' }>,
  failed: string | null,
): StepState => ({
  type: 'to do',
  says: failed === null ? 'no miner yet' : `the last attempt failed before anything was sent: ${failed}`,
  work: {
    confirm: {
      lines: [
        `owner   ${owner.address}${owner.funds.type === 'known' ? `, ${formatFil(owner.funds.balance)}` : ''}`,
        `worker  ${worker.address}`,
        `sectors of ${cluster.sectorSize}`,
      ],
      question: 'Create the miner on the chain? The owner pays for it.',
    },
    steps: [
      {
        step: 'init-miner',
        profile: PROFILE,
        repository: REPOSITORIES.lotusMiner,
        log: LOGS.init,
        owner: owner.address,
        worker: worker.address,
        size: cluster.sectorSize,
        known: INIT_KNOWN,
        deadline: DEADLINES.init,
      },
    ],
  },
});

const blocked = (says: string, first: ReturnType<typeof look>, why?: string): StepState => ({
  type: 'blocked',
  says,
  ...(why !== undefined && { why }),
  next: [first, again('then run again')],
});

/** Nobody has seen lotus-miner run from it, and no init of ours ended well with it: nobody may take it for a miner. */
const half = (seen: HostState, setup: Setup, log: InitLog): StepState => {
  if (log?.type === 'going on' && log.message !== null)
    return paidFor(setup, log.message, 'it broke off', true);
  const isOurs = log?.type === 'going on' || log?.type === 'unclear';
  const keys = keysOf(seen, setup);
  const owner = keys.type === 'known' ? keys.owner.address : 'OWNER';
  return {
    type: 'blocked',
    says: `${REPOSITORIES.lotusMiner} is a repository that lotus-miner is not known to have run from, and ${
      isOurs
        ? `the log of its init (${LOGS.init}) broke off: it is half made, and no message is known to have been sent`
        : 'no log of an init of ours ended well: it may be half made'
    }`,
    ...(log?.type === 'unclear' && { why: log.why }),
    next: [
      ...(isOurs
        ? []
        : [
            fcopsCommand(
              ['deploy', 'miner', '--start', '--miner', setup.cluster.miner],
              'where somebody has made it whole (lotus-miner init, init restore), start it',
            ),
          ]),
      shellOnHost(
        `source ${PROFILE} && lotus state list-messages --cids --from ${owner} --to f04 --toheight EPOCH`,
        'nothing is lost on the chain: see whether a message was sent that creates a miner, with an EPOCH before that init (2880 are a day)',
      ),
      shellOnHost(
        `source ${PROFILE} && lotus state search-msg CID`,
        'where one was, find its miner (IDAddress)',
      ),
      ...remaking(setup, true, log !== null),
    ],
  };
};

/** How a miner that the chain has gets its repository. An init takes no directory that is a repository already. */
const remaking = ({ cluster }: Setup, isHalf: boolean, hasLog: boolean): readonly Next[] => {
  const moves = [
    ...(isHalf ? [`mv -T ${REPOSITORIES.lotusMiner} ${REPOSITORIES.lotusMiner}.half`] : []),
    ...(hasLog ? [`mv -T ${LOGS.init} ${LOGS.init}.half`] : []),
  ];
  return [
    ...(moves.length === 0
      ? []
      : [
          shellOnHost(
            moves.join(' && '),
            `move ${isHalf ? `the half repository${hasLog ? ' and its log' : ''}` : 'the log'} away`,
          ),
        ]),
    shellOnHost(
      `source ${PROFILE} && lotus-miner init --no-local-storage --actor f0… --sector-size ${cluster.sectorSize} 2>${LOGS.init}; tail -n 2 ${LOGS.init}`,
      'where the chain has a miner, set it up by its id, which pays for no second one',
    ),
    again('then run again; where the chain has none, without that init: a new one is asked for first'),
  ];
};

const paidFor = (setup: Setup, message: string, why: string, isHalf: boolean): StepState => ({
  type: 'blocked',
  says: `an init did not end well after it had sent the message that creates a miner (${message}): a second one would pay for another miner${
    isHalf ? `; ${REPOSITORIES.lotusMiner} is half made, and nothing is lost on the chain` : ''
  }`,
  why,
  next: [
    shellOnHost(
      `source ${PROFILE} && lotus state search-msg ${message}`,
      'find the miner that the message has made (IDAddress, where the Exit Code is 0)',
    ),
    ...remaking(setup, isHalf, true),
  ],
});

/** Seconds that the API of lotus-miner may take: it appears only when the node is in sync. */
const API_SECONDS = 1200;

/** lotus-miner, as a process whose API answers. */
export const miner: SetupStep = {
  name: 'miner',
  title: 'lotus-miner',
  // The chain has named it; the inventory may have another name yet.
  look: (seen, setup) =>
    hasMiner(seen)
      ? startedMiner(seen, setup, minerOf(seen))
      : unknown('not known before the miner is created'),
};

/** Whether lotus-miner runs from the repository that is there, and its start. `name`: its id, where that is known. */
export const startedMiner = (seen: HostState, { cluster, host }: Setup, name: string | null): StepState => {
  const pid = seen.running.get('lotus-miner run');
  if (pid !== undefined && seen.answers.get('miner-version')?.status === 0)
    return done(`runs, as process ${pid}`);
  const { lotusMiner } = minerPrograms(cluster, host);
  return {
    type: 'to do',
    says: pid === undefined ? 'does not run' : `runs, as process ${pid}, and its API does not answer yet`,
    work: {
      ...(pid === undefined && { configures: 'lotus-miner' as const }),
      steps: [
        startStep({
          ...lotusMiner,
          start: {
            ...lotusMiner.start,
            ready: { type: 'miner-answers', profile: PROFILE, miner: name, deadline: API_SECONDS },
          },
        }),
      ],
    },
  };
};
