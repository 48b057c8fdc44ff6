import { minerId } from './address.ts';
import { plainLines, saying } from './plain-text.ts';
import { known, type Reading, reading, unclear } from './reading.ts';

/** How far a `lotus-miner init` is, by its log. */
export type MinerInit =
  /** `message`: the CID of what it waits for, once that is sent; a second init would pay for a second miner. */
  | { readonly type: 'going on'; readonly message: string | null }
  | { readonly type: 'created'; readonly miner: string }
  /** There is a repository already; nothing was touched. */
  | { readonly type: 'exists'; readonly path: string }
  /** The repository is gone, with all that was put there before. */
  | { readonly type: 'failed'; readonly why: string; readonly message: string | null };

/** Reads the log (standard error) of `lotus-miner init` so far. A line that is not finished counts for nothing. */
export const readInitLog = (text: string): Reading<MinerInit> =>
  reading(() => {
    const lines = saying(plainLines(text).slice(0, -1));
    const find = (pattern: RegExp): string | undefined => {
      const line = lines.findLast((one) => pattern.test(one));
      return line === undefined ? undefined : pattern.exec(line)?.[1];
    };
    const exists = find(/^ERROR: repo at '(.*)' is already initialized$/);
    if (exists !== undefined) return { type: 'exists', path: exists };
    const message = find(/\tPushed CreateMiner message: (\S+)$/) ?? null;
    const failure = find(/\tFailed to initialize lotus-miner: (.*)$/) ?? find(/^ERROR: (.*)$/);
    if (failure !== undefined) return { type: 'failed', why: failure, message };
    const created = find(/\tCreated new miner: (.*)$/);
    const isOver = lines.some((line) => line.includes('\tMiner successfully created'));
    if (isOver)
      return { type: 'created', miner: known(minerId(created), 'the new miner is not named', created ?? '') };
    if (!lines.some((line) => line.endsWith('\tInitializing lotus miner'))) {
      const [line = ''] = lines;
      if (line !== '') unclear('this is no log of an init', line);
    }
    return { type: 'going on', message };
  });
