import { edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Session } from '../../engine/session.ts';
import { EPOCH } from '../../lotus/epochs.ts';
import type { Gap } from '../../lotus/proving-schedule.ts';
import type { Standing } from '../../lotus/window-wait.ts';
import { waited } from '../../lotus/window-wait.ts';
import type { OpsDeps } from '../deps.ts';
import { pause } from '../pause.ts';
import type { WindowLook } from './ask.ts';
import { lookAtWindow } from './ask.ts';
import type { Downtime } from './downtime.ts';
import { closedText, downtimeText, gapsText, whenText } from './words.ts';

/** What a stop of lotus-miner, or of its node, is about. */
export interface WindowNeeds {
  /** `f01234` */
  readonly miner: string;
  /** Name of its host. */
  readonly host: string;
  readonly downtime: Downtime;
}

export type GateSession = Pick<Session, 'ask'>;

/** What is said of windows on the command line. */
export const WAIT_FLAG = '--wait-for-window';
export const IGNORE_FLAG = '--ignore-proving-window';

/** What a window that is missed costs, for those who ignore it (specs-actors v5). */
export const MISSED =
  'where a window is missed, all its sectors are faulty: their power is gone until they are proven again, a fee is taken for each day, and after 14 days they are lost';

/**
 * Whether lotus-miner, or its node, may be stopped now: nothing, or why not. To be asked before anybody is, and again
 * right before the stop.
 */
export const windowGate = async (
  session: GateSession,
  needs: WindowNeeds,
  deps: Pick<OpsDeps, 'date' | 'signal'>,
): Promise<readonly Problem[]> => {
  const look = await lookAtWindow(session, { miner: needs.miner, needed: needs.downtime.needed }, deps);
  return refusedBy(look, needs);
};

/** Why nothing is stopped, as a look has it. */
export const refusedBy = (look: WindowLook, { miner, host, downtime }: WindowNeeds): readonly Problem[] => {
  const about = { where: { host } } as const;
  const see = fcopsCommand(['window', '--miner', miner], 'to see the windows of the day');
  const ignore = edit(`${IGNORE_FLAG} stops all the same; ${MISSED}`);
  switch (look.type) {
    case 'open':
    case 'idle':
      return [];
    case 'unknown':
      return [
        {
          ...about,
          kind: 'unseen',
          what: 'nothing was stopped: it cannot be told whether a proof would be lost',
          why: look.why,
          next: [see, ignore],
        },
      ];
    case 'closed': {
      const now = look.seen?.now ?? 0;
      const reasons = look.by.map((by) => closedText(by, now));
      const gaps = look.gaps === null ? [] : [downtimeText(downtime), gapsText(look.gaps, now)];
      return [
        {
          ...about,
          kind: 'check',
          what: 'nothing was stopped: proofs of the miner would be lost, or late',
          why: [...reasons, ...gaps].join('\n'),
          next: [
            ...(look.gaps?.length === 0 ? [] : [edit(`${WAIT_FLAG} waits for a gap that is long enough`)]),
            see,
            ignore,
          ],
        },
      ];
    }
  }
};

/** Milliseconds between two looks: no longer than an epoch where a gap is near, and some minutes where it is not. */
const POLL = { least: EPOCH * 500, most: 5 * 60_000 } as const;
/** Looks in a row that may tell nothing. */
const SILENT = 10;
/** Milliseconds after which what is waited for is told again; where the gap is far, looks are further apart than that. */
const TELL = 60_000;

/** What is waited for. */
export type TellWindow = (text: string) => void;

/**
 * Waits until lotus-miner may be stopped. Ends with nothing then, and at an interrupt, which the caller sees by its signal;
 * with why where nothing can be told any more, or no gap is in sight. A proof has to stand for some epochs.
 */
export const waitForWindow = async (
  session: GateSession,
  needs: WindowNeeds,
  deps: Pick<OpsDeps, 'date' | 'signal' | 'after' | 'now'> & { readonly tell: TellWindow },
): Promise<readonly Problem[]> => {
  const { now, tell } = deps;
  const wanted = { miner: needs.miner, needed: needs.downtime.needed };
  let standing: Standing | null = null;
  let [silent, told, said] = [0, Number.NEGATIVE_INFINITY, ''];
  for (;;) {
    const look = await looked(session, wanted, deps);
    if (look === null || look.type === 'idle') return [];
    const seen = waited(standing, look);
    standing = seen.standing;
    if (seen.isReady) return [];
    silent = look.type === 'unknown' ? silent + 1 : 0;
    if (silent >= SILENT || isHopeless(look)) return refusedBy(look, needs);
    const reasons = reasonsOf(look);
    if (reasons !== said || now() - told >= TELL) {
      tell(waitingText(look));
      [told, said] = [now(), reasons];
    }
    await pause(pollOf(look), deps);
  }
};

/** A look; null where somebody interrupted. */
const looked = async (
  ...[session, wanted, deps]: Parameters<typeof lookAtWindow>
): Promise<WindowLook | null> => {
  if (deps.signal.aborted) return null;
  try {
    return await lookAtWindow(session, wanted, deps);
  } catch (error) {
    if (deps.signal.aborted) return null;
    throw error;
  }
};

/** Milliseconds until somebody who waits looks again. */
export const pollOf = (look: WindowLook): number => {
  if (look.type !== 'closed' || look.seen === null) return POLL.least;
  const from = look.gaps?.[0]?.from ?? look.seen.now;
  return Math.min(POLL.most, Math.max(POLL.least, (from - look.seen.now) * EPOCH * 500));
};

/** The schedule of a day is that of the next one too. */
const isHopeless = (look: WindowLook): boolean => look.type === 'closed' && look.gaps?.length === 0;

const reasonsOf = (look: WindowLook): string =>
  look.type === 'closed' ? look.by.map(({ why }) => why).join() : look.type;

/** What is told while somebody waits. */
export const waitingText = (look: Exclude<WindowLook, { type: 'idle' }>): string => {
  switch (look.type) {
    case 'unknown':
      return `waiting for a proving window to let it be stopped; nothing can be told now: ${look.why}`;
    case 'open':
      return 'waiting: the proof of this window has to stand on the chain for some minutes';
    case 'closed': {
      const now = look.seen?.now ?? 0;
      const [first] = look.gaps ?? [];
      const next = first ? `; ${nextText(first, now)}` : '';
      return `waiting: ${look.by.map((by) => closedText(by, now)).join('; ')}${next}`;
    }
  }
};

const nextText = ({ from, sure, until }: Gap, now: number): string =>
  sure === from
    ? `it goes on ${whenText(from, now)}`
    : `it goes on once that is proven, ${whenText(from, now)} at the earliest, up to epoch ${until}`;
