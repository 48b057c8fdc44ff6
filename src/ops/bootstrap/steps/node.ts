import { readNodeStatus } from '../../../lotus/node-status.ts';
import { readSyncWait } from '../../../lotus/sync-wait.ts';
import { readVersion } from '../../../lotus/versions.ts';
import { startStep } from '../../../resources/process/start-step.ts';
import { PROFILE } from '../../../roles/miner-places.ts';
import { minerPrograms } from '../../../roles/miner-programs.ts';
import type { HostState } from '../host-state.ts';
import type { SetupStep, StepState } from '../setup-step.ts';
import { done, unknown } from '../setup-step.ts';

/** Seconds that the API of lotus may take: it opens its datastore, and looks at its proof parameters before. */
const API_SECONDS = 1200;

/** What `timeout` ends with, by SIGTERM and by SIGKILL. */
const TIMED_OUT: readonly number[] = [124, 137];

/** lotus itself, as a process whose API answers. */
export const node: SetupStep = {
  name: 'lotus',
  title: 'lotus',
  look: ({ running, answers }, { cluster, host }) => {
    const pid = running.get('lotus daemon');
    const status = answers.get('status')?.status;
    if (pid !== undefined && status === 0) return done(`runs, as process ${pid}`);
    // While it catches up, it may take longer than a look has; that is no reason to end.
    if (pid !== undefined && status !== undefined && TIMED_OUT.includes(status))
      return { type: 'waits', says: `runs, as process ${pid}, and does not answer in time: it may be busy` };
    const { lotus } = minerPrograms(cluster, host);
    return {
      type: 'to do',
      says: pid === undefined ? 'does not run' : `runs, as process ${pid}, and its API does not answer yet`,
      work: {
        ...(pid === undefined && { configures: 'lotus' as const }),
        steps: [
          startStep({
            ...lotus,
            start: {
              ...lotus.start,
              ready: { type: 'lotus-answers', profile: PROFILE, deadline: API_SECONDS },
            },
          }),
        ],
      },
    };
  },
};

/** The first block of mainnet, in seconds since 1970, and the seconds of an epoch. */
const GENESIS = 1_598_306_400;
const EPOCH = 30;
/** Epochs that the head may be away from the expected one: empty rounds, and clocks. */
const TOLERANCE = 10;

/** The epoch that the chain is at by the clock of the host; null where its beginning is not known. */
export const expectedEpoch = ({ answers, now }: Pick<HostState, 'answers' | 'now'>): number | null => {
  const answer = answers.get('lotus-version');
  const version = answer && readVersion(answer);
  if (version?.type !== 'understood' || version.value.network !== 'mainnet') return null;
  return Math.floor((now - GENESIS) / EPOCH);
};

/** The chain is caught up with: lotus says `Done!`, and its head is where the clock expects it. */
export const sync: SetupStep = {
  name: 'sync',
  title: 'sync of the chain',
  look: (seen, { host }) => {
    const answer = seen.answers.get('status');
    const waited = seen.answers.get('sync');
    if (!answer || !waited) return unknown('not known before lotus runs');
    const status = readNodeStatus(answer);
    const wait = readSyncWait(waited.stdout);
    if (status.type === 'not understood') return unknown(`lotus status: ${status.why}`);
    if (wait.type === 'not understood') return unknown(`lotus sync wait: ${wait.why}`);
    const { epoch, behind } = status.value;
    const expected = expectedEpoch(seen);
    const target = expected ?? epoch + behind;
    const away = target - epoch;
    if (wait.value.type === 'done' && Math.abs(away) <= TOLERANCE) return done(`in sync, at epoch ${epoch}`);
    return waiting(
      { epoch, target, away, said: wait.value.type, isDone: wait.value.type === 'done' },
      host.name,
    );
  },
};

interface Height {
  readonly epoch: number;
  readonly target: number;
  readonly away: number;
  readonly said: string;
  readonly isDone: boolean;
}

const waiting = ({ epoch, target, away, said, isDone }: Height, host: string): StepState => ({
  type: 'waits',
  says:
    away < -TOLERANCE
      ? `the chain is at epoch ${epoch}, and the clock of ${host} says ${target}: its time is wrong`
      : said === 'silent'
        ? `epoch ${epoch} of ${target}; lotus says nothing of a sync: it may have no peers yet`
        : isDone
          ? `lotus says that it is in sync, and it is at epoch ${epoch} where ${target} is expected`
          : `epoch ${epoch} of ${target}`,
  progress: { done: epoch, total: target, unit: 'epochs' },
});
