import type { Next } from '../../core/next.ts';
import { again, fcopsCommand, look, shellOnHost } from '../../core/next.ts';
import { formatBytes, formatSeconds } from '../../core/units.ts';
import { RESTORE_SECONDS } from '../../resources/backups/step.ts';
import { BACKUPS, PROFILE, REPOSITORIES } from '../../roles/miner-places.ts';
import { INIT_KNOWN } from '../../roles/miner-programs.ts';
import type { HostState } from '../bootstrap/host-state.ts';
import { isRepository } from '../bootstrap/host-state.ts';
import { LOGS } from '../bootstrap/places.ts';
import type { ChosenBackup, Setup } from '../bootstrap/setup.ts';
import type { SetupStep, StepState } from '../bootstrap/setup-step.ts';
import { done, unknown } from '../bootstrap/setup-step.ts';
import { startedMiner } from '../bootstrap/steps/miner.ts';
import { restoredOf, workerKeyOf } from './state.ts';

const REPOSITORY = REPOSITORIES.lotusMiner;

/** How old a backup is by the clock of the host. */
const ageText = ({ at }: ChosenBackup, now: number): string =>
  at === null || at > now ? 'nobody knows how old' : `${formatSeconds(now - at)} old`;

/** What is restored from, as it was chosen before. */
export const chosen: SetupStep = {
  name: 'chosen',
  title: 'backup to restore from',
  look: ({ now }, { restore }) =>
    restore
      ? done(
          `${restore.metadata}, ${formatBytes(restore.bytes)}, ${ageText(restore, now)}, ${restore.hasSums ? 'sums good' : 'without sums'}`,
        )
      : unknown('none was chosen'),
};

const blocked = (says: string, ...next: readonly Next[]): StepState => ({ type: 'blocked', says, next });

const moveAway = (end: string, before: string): Next =>
  shellOnHost(`mv -T ${REPOSITORY} ${REPOSITORY}.${end}`, before);

/** Nothing is in the place of the repository: nothing is restored over a miner that may be alive. */
export const repository: SetupStep = {
  name: 'repository',
  title: 'no miner in its place',
  look: (seen, setup) => {
    const now = restoredOf(seen, setup);
    if (now.type === 'restored') return done('there is the one that this backup has made');
    if (now.type === 'under way') return done('it is being made');
    const pid = seen.running.get('lotus-miner run');
    const { miner } = setup.cluster;
    if (pid !== undefined)
      return blocked(
        `lotus-miner runs, as process ${pid}: nothing is restored over a live miner`,
        look('where it works, there is nothing to restore'),
        fcopsCommand(
          ['stop', 'miner', '--process', 'lotus-miner', '--miner', miner],
          'where it is broken, stop it',
        ),
        moveAway('before', 'then move its repository away; it is kept'),
        again('then run again'),
      );
    if (seen.running.has('lotus-miner init'))
      return blocked(
        'an init of lotus-miner is under way that is no restore of this backup',
        look('wait for its end, or see what it is'),
        again('then run again'),
      );
    if (now.type === 'broke off' && isRepository(seen, REPOSITORY))
      return blocked(
        `${REPOSITORY} is half made: a restore broke off, and its end is not known (log: ${LOGS.restore})`,
        moveAway('half', 'move the half one away'),
        again('then run again: it is begun anew'),
      );
    if (isRepository(seen, REPOSITORY))
      return blocked(
        `${REPOSITORY} is a repository of lotus-miner: nothing is restored over it`,
        shellOnHost(
          `source ${PROFILE} && lotus-miner backup --offline ${BACKUPS}/${miner}-offline.cbor && cp ${REPOSITORY}/config.toml ${BACKUPS}/${miner}-offline.config.toml && cp ${REPOSITORY}/storage.json ${BACKUPS}/${miner}-offline.storage.json`,
          'where its metadata can still be read, they are newer than any backup (handbook 4.3.5); save them first',
        ),
        moveAway('before', 'then move it away; it is kept'),
        again('then run again'),
      );
    const strange = [...seen.files.keys()].some((path) => path.startsWith(`${REPOSITORY}/`));
    return strange
      ? blocked(
          `${REPOSITORY} is no repository, and has files in it`,
          moveAway('before', 'move it away'),
          again('then run again'),
        )
      : done('none is there');
  },
};

/** The repository is made from the backup; the chain is told that the miner has another peer id. */
export const restore: SetupStep = {
  name: 'restore',
  title: 'restore of the miner',
  look: (seen, setup) => {
    const now = restoredOf(seen, setup);
    switch (now.type) {
      case 'restored':
        return done('restored');
      case 'under way':
        return {
          type: 'waits',
          says:
            now.log.message === null
              ? 'an init restore is under way; it compares proof parameters, which takes long'
              : `message ${now.log.message} is sent; its confirmation takes some minutes`,
        };
      default:
        return restoring(seen, setup, now.type === 'failed' ? now.why : null);
    }
  },
};

const restoring = (seen: HostState, setup: Setup, failed: string | null): StepState => {
  const { restore: from, cluster } = setup;
  if (!from) return unknown('no backup was chosen');
  if (!seen.answers.has('status')) return unknown('not known before lotus runs');
  const key = workerKeyOf(seen);
  if (key.type === 'missing')
    return blocked(
      `lotus does not have the key of ${key.worker}, the worker of ${cluster.miner}: a restore would end there`,
      shellOnHost(`source ${PROFILE} && lotus wallet import FILE`, 'import the key that was backed up'),
      again('then run again'),
    );
  return {
    type: 'to do',
    says: failed === null ? 'not begun' : `the last attempt failed: ${failed}`,
    work: {
      confirm: { lines: warnings(seen, setup, from), question: `Restore ${cluster.miner} from this backup?` },
      steps: [
        {
          step: 'restore-miner',
          profile: PROFILE,
          repository: REPOSITORY,
          log: LOGS.restore,
          metadata: from.metadata,
          sha256: from.sha256,
          config: from.config,
          storage: from.storage,
          known: INIT_KNOWN,
          deadline: RESTORE_SECONDS,
        },
      ],
    },
  };
};

const warnings = (seen: HostState, { cluster }: Setup, from: ChosenBackup): readonly string[] => {
  const key = workerKeyOf(seen);
  return [
    `from        ${from.metadata}, ${ageText(from, seen.now)}`,
    `worker key  ${key.type === 'unknown' ? `not known (${key.why}): lotus-miner looks for it itself` : `${key.worker}, lotus has it`}`,
    'lost        what lotus-miner did since: sectors that were sealed after it are not in it, and numbers that were given to',
    '            them may be given out again',
    ...(cluster.packing === null
      ? []
      : [
          `pledging    cron pledges again within four minutes (\`pledge\` in the inventory): take that out and deploy before,`,
          '            until the numbers of sectors were compared',
        ]),
    'proofs      after a restore WindowPoSt is known to fail at times (filecoin-project/lotus issue 9681): watch the next',
    '            deadlines',
    'chain       a message tells the new peer id of the miner; the worker pays for it',
    'API         the miner gets another token: workers have the one of before',
  ];
};

/** lotus-miner, as a process whose API answers as this miner. */
export const started: SetupStep = {
  name: 'miner',
  title: 'lotus-miner',
  look: (seen, setup) =>
    restoredOf(seen, setup).type === 'restored'
      ? startedMiner(seen, setup, setup.cluster.miner)
      : unknown('not started before the miner is restored'),
};
