import { again, look, shellOnHost } from '../../../core/next.ts';
import { type MinerInit, readInitLog } from '../../../lotus/init-log.ts';
import { readMinerInfo } from '../../../lotus/miner-info.ts';
import { DEADLINES } from '../../../resources/bootstrap/step.ts';
import { startStep } from '../../../resources/process/start-step.ts';
import { PROFILE, REPOSITORIES } from '../../../roles/miner-places.ts';
import { INIT_KNOWN, minerPrograms } from '../../../roles/miner-programs.ts';
import { formatFil } from '../fil.ts';
import type { HostState } from '../host-state.ts';
import { isRepository } from '../host-state.ts';
import { LOGS } from '../places.ts';
import type { Setup } from '../setup.ts';
import type { SetupStep, StepState } from '../setup-step.ts';
import { done, unknown } from '../setup-step.ts';
import { keysOf } from './wallets.ts';

/** The id of the miner, as lotus-miner or the log of its init says it; null where neither does. */
export const minerOf = ({ answers, texts }: HostState): string | null => {
  const info = answers.get('info');
  const read = info && readMinerInfo(info);
  if (read?.type === 'understood') return read.value.miner;
  const log = initOf(texts.get(LOGS.init));
  return log?.type === 'created' ? log.miner : null;
};

const initOf = (
  log: string | undefined,
): MinerInit | { readonly type: 'unclear'; readonly why: string } | null => {
  if (log === undefined) return null;
  const read = readInitLog(log);
  return read.type === 'understood' ? read.value : { type: 'unclear', why: read.why };
};

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
    const log = initOf(seen.texts.get(LOGS.init));
    const pid = seen.running.get('lotus-miner init');
    if (pid !== undefined)
      return {
        type: 'waits',
        says:
          log?.type === 'going on' && log.message !== null
            ? `message ${log.message} is sent; its confirmation takes 10 to 20 minutes`
            : `an init is under way, as process ${pid}`,
      };
    if (isRepository(seen, REPOSITORIES.lotusMiner)) {
      if (log?.type === 'going on' || log?.type === 'unclear') return brokenOff(log);
      return done(named(seen, setup));
    }
    if (log?.type === 'created')
      return blocked(
        `the miner ${log.miner} was created, and its repository ${REPOSITORIES.lotusMiner} is gone`,
        look(
          `mount what it was on, or restore it from a backup (lotus-miner init restore); a second init would be another miner`,
        ),
      );
    if (log?.type === 'unclear') return unknown(`${LOGS.init}: ${log.why}`);
    if (log && log.type !== 'exists' && log.message !== null)
      return paidFor(log.message, log.type === 'failed' ? log.why : null);
    const strange = [...seen.files.keys()].filter((path) => path.startsWith(`${REPOSITORIES.lotusMiner}/`));
    if (strange.length > 0)
      return blocked(
        `${REPOSITORIES.lotusMiner} is no repository, and has files in it: an init that fails would remove them`,
        shellOnHost(`mv ${REPOSITORIES.lotusMiner} ${REPOSITORIES.lotusMiner}.before`, 'move it away'),
      );
    const keys = keysOf(seen, setup);
    if (keys.type === 'blocked') return keys;
    if (keys.type !== 'known') return unknown('not known before there are wallets');
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

const brokenOff = (log: Extract<ReturnType<typeof initOf>, { type: 'going on' | 'unclear' }>): StepState => {
  if (log?.type === 'going on' && log.message !== null) return paidFor(log.message, 'it broke off');
  return blocked(
    `an init broke off, and left half a repository in ${REPOSITORIES.lotusMiner}; nothing is known to have been sent`,
    shellOnHost(
      `mv ${REPOSITORIES.lotusMiner} ${REPOSITORIES.lotusMiner}.before && mv ${LOGS.init} ${LOGS.init}.before`,
      `see ${LOGS.init}; where nothing was sent, move both away`,
    ),
    log?.type === 'unclear' ? log.why : undefined,
  );
};

const paidFor = (message: string, why: string | null): StepState => ({
  type: 'blocked',
  says: `an init did not end well after it had sent the message that creates a miner (${message}): a second one would pay for another miner`,
  ...(why !== null && { why }),
  next: [
    look(`look on the chain what became of ${message}`),
    shellOnHost(
      `source ${PROFILE} && lotus-miner init --no-local-storage --actor f0…`,
      'where it made a miner, set it up by its id',
    ),
    shellOnHost(`mv ${LOGS.init} ${LOGS.init}.before`, 'where it made none, move the log away'),
    again('then run again'),
  ],
});

/** Seconds that the API of lotus-miner may take: it appears only when the node is in sync. */
const API_SECONDS = 1200;

/** lotus-miner, as a process whose API answers. */
export const miner: SetupStep = {
  name: 'miner',
  title: 'lotus-miner',
  look: (seen, { cluster, host }) => {
    if (!isRepository(seen, REPOSITORIES.lotusMiner)) return unknown('not known before the miner is created');
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
              // The chain has named it; the inventory may have another name yet.
              ready: { type: 'miner-answers', profile: PROFILE, miner: minerOf(seen), deadline: API_SECONDS },
            },
          }),
        ],
      },
    };
  },
};
