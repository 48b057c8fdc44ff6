import type { Next } from '../../core/next.ts';
import { fcopsCommand, look, shellOnHost } from '../../core/next.ts';
import type { Ours } from '../../core/others-secrets.ts';
import type { PathState } from '../path/state.ts';
import { stateWord } from '../path/state.ts';
import type { Diff } from '../resource.ts';
import type { Kept, KeptState } from './kept.ts';

/** What putting back takes besides what was kept. */
export interface Undoing {
  /** The run that is undone, as people name it. */
  readonly run: string;
  readonly later: Kept['later'];
  /**
   * What of the text at a path is fcops' own, where a run wrote it as a whole; null where others write there too, of
   * whose text no more is shown than the lines that change.
   */
  readonly oursAt: (path: string) => Ours | null;
  /** What to do where what a link led to (the version of a program) has been removed. */
  readonly versionGone: (target: string) => readonly Next[];
}

/** Whether a path is as it was described then. */
export const isState = (now: PathState, { state, mode, owner, group }: KeptState): boolean => {
  if (stateWord(now) !== state) return false;
  if (now.type !== 'file' && now.type !== 'directory') return true;
  return now.mode === mode && now.owner === owner && now.group === group;
};

/** Something that is neither as the run left it nor as it was before: it is left alone, and the host with it. */
export const changedSince = (
  { run, later }: Pick<Undoing, 'run' | 'later'>,
  {
    what,
    how,
    next,
    key,
  }: {
    readonly what: string;
    readonly how: string;
    readonly next: readonly Next[];
    /** What it is kept by, where a later run may have changed it. */
    readonly key?: string;
  },
): Diff => {
  const by = key === undefined ? undefined : later.get(key);
  return {
    state: 'violated',
    violation: {
      message:
        by === undefined
          ? `${what} has changed since ${run}: ${how}`
          : `${what} is not as ${run} left it: ${by} has changed it since`,
      next: by === undefined ? next : [fcopsCommand(['rollback', by], 'roll that one back first')],
      severity: 'enforce',
    },
  };
};

export const PUT_BACK: Next = look('put it as it was before, or as the run left it, then run again');

/** How to see what somebody has changed in a file. */
export const compareWith = (copy: string | null, path: string): Next[] => [
  ...(copy === null
    ? [shellOnHost(`ls -la ${path}`, 'look at it')]
    : [shellOnHost(`diff ${copy} ${path}`, 'see how it differs from what it was before')]),
  PUT_BACK,
];

/** The copy of what was there before is gone, or is not what was kept. */
export const copyGone = (
  { run }: Pick<Undoing, 'run'>,
  { what, copy }: { readonly what: string; readonly copy: string },
): Diff => ({
  state: 'violated',
  violation: {
    message: `what ${run} has kept of ${what} is not there any more, or not what it was`,
    next: [shellOnHost(`ls -la ${copy}`, 'see what became of it')],
    severity: 'enforce',
  },
});
