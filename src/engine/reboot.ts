import type { Problem } from '../core/problem.ts';
import { FcopsError } from '../core/problem.ts';

/** How a machine is started anew. */
export interface RebootOrder {
  /** The boot id that it is at. Under another one it has been started anew already, and is left alone. */
  readonly boot: string;
  /** Milliseconds that it has to come back: two terabytes of memory are counted at each start. */
  readonly within: number;
}

/** What became of a machine that was waited for. */
export type Comeback =
  | { readonly state: 'back'; readonly boot: string }
  /** It has not come in time. */
  | {
      readonly state: 'away';
      /** Whether it went down at all: its boot of before did not answer any more. */
      readonly wentDown: boolean;
      /** Milliseconds since the last answer of it changed: refused, nothing at all, the boot of before. */
      readonly since: number;
      /** What the last try came to; null: it answered under the boot of before. */
      readonly said: Problem | null;
    };

/** What waiting for a machine takes of its session. */
interface Waits {
  readonly bootId: () => Promise<string>;
  readonly close: () => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly checkInterrupt: () => void;
}

const PAUSE = 5_000;

/** Asks a machine again and again, until it answers under another boot id; of null under any. */
export const untilBack = async (
  { boot, within }: { readonly boot: string | null; readonly within: number },
  { bootId, close, pause, now, checkInterrupt }: Waits,
): Promise<Comeback> => {
  const deadline = now() + within;
  const last: { said: Problem | null; since: number } = { said: null, since: now() };
  let wentDown = false;
  while (now() < deadline) {
    await pause(PAUSE);
    checkInterrupt();
    let answer: Problem | null = null;
    try {
      const id = await bootId();
      if (id !== boot) return { state: 'back', boot: id };
    } catch (error) {
      // Not there yet: its address does not answer, or sshd turns away.
      if (!(error instanceof FcopsError)) throw error;
      checkInterrupt();
      answer = error.problems[0] ?? null;
      await close();
    }
    wentDown ||= answer !== null;
    if (answer?.what !== last.said?.what) last.since = now();
    last.said = answer;
  }
  return { state: 'away', wentDown, since: now() - last.since, said: last.said };
};
