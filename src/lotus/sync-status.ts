import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf, secondsOf } from './numbers.ts';
import { isIndented, labelled, saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';
import { type SyncStage, stageOf } from './sync-wait.ts';

/** One sync of the node. */
export interface Sync {
  /** Number of the worker; null up to lotus 1.1, which tells none. */
  readonly worker: number | null;
  /** Epochs. A target that was never begun is zero. */
  readonly target: number;
  readonly behind: number;
  readonly height: number;
  readonly stage: SyncStage;
  /** Null where it has not begun. */
  readonly seconds: number | null;
  readonly error: string | null;
}

/** Reads `lotus sync status`. No sync at all is no sync that has ended: such a node may have no peers. */
export const readSyncStatus = (answer: Answer): Reading<readonly Sync[]> =>
  readAnswer(answer, (lines) => {
    const [header = '', ...rest] = saying(lines);
    if (header !== 'sync status:') unclear('this is no sync status', header);
    const blocks: { readonly head: string; readonly rows: string[] }[] = [];
    for (const line of rest) {
      if (!isIndented(line)) blocks.push({ head: line, rows: [] });
      else (blocks.at(-1) ?? unclear('a line belongs to no sync', line)).rows.push(line);
    }
    return blocks.map(({ head, rows }) => readSync(head, labelled(rows)));
  });

const readSync = (head: string, values: ReadonlyMap<string, string>): Sync => {
  const [isHead, worker] = /^worker(?: (\d{1,15}))?:$/.exec(head) ?? [];
  if (isHead === undefined) unclear('this is no sync', head);
  const value = (label: string) => known(values.get(label), `"${label}" is not there`, head);
  const count = (text: string | undefined, label: string) =>
    known(countOf(text), `"${label}" is no epoch`, value(label));
  const elapsed = values.get('Elapsed');
  return {
    worker: worker === undefined ? null : Number(worker),
    target: count(/^\[[^\]]*\] \((\d+)\)$/.exec(value('Target'))?.[1], 'Target'),
    behind: Math.max(0, known(signedOf(value('Height diff')), '"Height diff" is no number', head)),
    height: count(value('Height'), 'Height'),
    stage: known(stageOf(value('Stage')), 'nobody knows this stage', value('Stage')),
    seconds: elapsed === undefined ? null : known(secondsOf(elapsed), '"Elapsed" is no time', elapsed),
    error: values.get('Error') ?? null,
  };
};

const signedOf = (text: string): number | null => {
  const size = countOf(text.replace(/^-/, ''));
  return size !== null && text.startsWith('-') ? -size : size;
};
