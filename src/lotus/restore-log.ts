import { plainLines, saying } from './plain-text.ts';

/** How far a `lotus-miner init restore` is, by its log. Whether it ended well is not in it: it ends without a word. */
export interface MinerRestore {
  /** The miner of the backup, once its metadata are there. */
  readonly actor: string | null;
  /** CID of the message that tells the chain the new peer id, once it is waited for. */
  readonly message: string | null;
  readonly error: string | null;
}

/** Reads the log (standard error) so far. A line that is not finished counts for nothing. */
export const readRestoreLog = (text: string): MinerRestore => {
  const lines = saying(plainLines(text).slice(0, -1));
  const find = (pattern: RegExp): string | null =>
    lines.flatMap((line) => pattern.exec(line)?.[1] ?? []).at(-1) ?? null;
  return {
    actor: find(/\tACTOR ADDRESS: ([ft]0\d{1,20})$/),
    message: find(/\tWaiting for message: (\S+)$/),
    error: find(/^ERROR: (.+)$/),
  };
};
