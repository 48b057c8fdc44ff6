import { countOf } from './numbers.ts';
import { plainLines, saying } from './plain-text.ts';
import { known, type Reading, reading, unclear } from './reading.ts';

const STAGES = [
  'idle',
  'header sync',
  'persisting headers',
  'message sync',
  'complete',
  'error',
  'fetching messages',
] as const;
export type SyncStage = (typeof STAGES)[number];

export const stageOf = (text: string | undefined): SyncStage | null =>
  STAGES.find((stage) => stage === text) ?? null;

/** How far a `lotus sync wait` is. */
export type SyncWait =
  /** It has printed nothing: no peers, or it has just begun. */
  | { readonly type: 'silent' }
  /** `complete` with nothing to do is not in sync: it stays so where the chain does not go on. */
  | {
      readonly type: 'syncing';
      readonly target: number;
      readonly epoch: number;
      readonly stage: SyncStage;
      readonly todo: number;
    }
  /** It has said `Done!`; its exit status says nothing of the kind. */
  | { readonly type: 'done' }
  /** A signal ended it, with status 0. */
  | { readonly type: 'ended' };

/**
 * Reads what `lotus sync wait` has printed so far; `lotus-miner run` and `init` print the same. A line that is not
 * finished counts for nothing, and neither do lines of a log in between.
 */
export const readSyncWait = (text: string): Reading<SyncWait> =>
  reading(() => {
    const lines = saying(plainLines(text).slice(0, -1));
    let target: number | null = null;
    let now: SyncWait = { type: 'silent' };
    for (const line of lines) {
      if (line === 'Done!') now = { type: 'done' };
      else if (line === 'Exit by user') now = { type: 'ended' };
      else if (/^Worker: /.test(line)) target = readTarget(line);
      else if (/^State: /.test(line))
        now = readState(line, known(target, 'a state is there before its target'));
      else if (/^Worker \S+: Target Height: /.test(line)) now = readOldLine(line);
    }
    if (now.type === 'silent' && target === null && lines.length > 0)
      unclear('this does not come from sync wait', lines[0]);
    return now;
  });

const readTarget = (line: string): number => {
  const [, target] = /^Worker: \d+; Base: \d+; Target: (\d+) \(diff: -?\d+\)$/.exec(line) ?? [];
  return known(countOf(target), 'the target is unclear', line);
};

const readState = (line: string, target: number): SyncWait => {
  const [, stage, epoch, todo] = /^State: (.+); Current Epoch: (\d+); Todo: (\d+)$/.exec(line) ?? [];
  const why = 'the state is unclear';
  return {
    type: 'syncing',
    target,
    stage: known(stageOf(stage), why, line),
    epoch: known(countOf(epoch), why, line),
    todo: known(countOf(todo), why, line),
  };
};

/** Up to lotus 0.8: one line, written again and again. */
const readOldLine = (line: string): SyncWait => {
  const [, to, stage, height] =
    /^Worker \d+: Target Height: (\d+)\s.*?State: ([a-z]+(?: [a-z]+)?)\s+Height: (\d+)$/.exec(line) ?? [];
  const why = 'the state is unclear';
  const target = known(countOf(to), why, line);
  const epoch = known(countOf(height), why, line);
  return {
    type: 'syncing',
    target,
    stage: known(stageOf(stage), why, line),
    epoch,
    todo: Math.max(0, target - epoch),
  };
};
