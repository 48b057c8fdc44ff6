import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { scalarText } from '../../inventory/edit/scalar-text.ts';
import type { HashedArtifact } from '../../ops/artifacts/hash-artifact.ts';
import { hashArtifacts, sumsByName } from '../../ops/artifacts/hash-artifacts.ts';
import { SUMS_FILE } from '../../ops/artifacts/published-sums.ts';
import { fileForSums, writeSums } from '../../ops/artifacts/write-sums.ts';
import { notWritten } from '../../ops/inventory-file.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { showFailure } from '../failure.ts';
import { withInterrupts } from '../interrupts.ts';
import { sourcesOf } from '../sources.ts';
import { HashProgress } from '../views/hash-progress.ts';

export interface HashOptions {
  readonly miner?: string;
  readonly write?: boolean;
  readonly replace?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** Milliseconds without a byte after which a download is given up. */
const IDLE = 60_000;

/** `fcops artifacts hash ARCHIVE…` */
export const hash: Action<HashOptions> = async (context, words, options) => {
  const { world, output } = context;
  const sources = sourcesOf(context);
  // Before gigabytes are read for it.
  const file = options.write ? await fileForSums(sources, options.miner) : null;
  const progress = new HashProgress({ out: output.stderr, now: world.now });
  const known: HashedArtifact[] = [];
  const hashed = (one: HashedArtifact): void => {
    progress.close();
    known.push(one);
    if (output.format === 'text') tell(context, one);
  };
  const leave = { atFirst: progress.close, atSecond: progress.close };
  const problems = await withInterrupts(context, leave, async (signal) => {
    try {
      const deps = {
        ...{ signal, hashed, idle: IDLE, deadline: options.timeout * 1000 },
        agent: `fcops/${world.version}`,
        progress: progress.tell,
        hide: (secret: string) => output.hide([secret]),
      };
      return await hashArtifacts(sources, { words, miner: options.miner }, deps);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      progress.close();
    }
  });
  if (problems === null) return EXIT.interrupted;
  const here = words.map((word) => `./${word}`).filter((file) => known.some(({ from }) => from === file));
  if (output.format === 'text' && here.length > 0)
    output.note(`read from this directory, and not asked for at artifacts.url: ${here.join(', ')}`);
  const written = file !== null && problems.length === 0 ? await put(file, known, options.replace) : null;
  if (output.format === 'json') output.printJson(documentOf(known, written === null ? null : file, written));
  else if (written !== null) output.note(sayWritten(known, file ?? '', written));
  if (problems.length === 0) return EXIT.done;
  showFailure(new FcopsError(file === null ? problems : problems.map(notWritten)), context);
  return EXIT.failed;
};

/** A line that can be pasted, on standard output; what else is to be said of it, beside. */
const tell = ({ output }: Context, { name, sha256, from, list }: HashedArtifact): void => {
  output.printLine(`${scalarText(name, 'plain')}: ${scalarText(sha256, 'plain')}`);
  if (list.type === 'unread') output.note(`${from}: not compared with ${SUMS_FILE} beside it: ${list.why}`);
};

const put = async (
  file: string,
  known: readonly HashedArtifact[],
  replace = false,
): Promise<'written' | 'same'> => {
  const done = await writeSums(file, sumsByName(known), replace);
  if (!done.ok) throw new FcopsError(done.error.map(notWritten));
  return done.value;
};

const sayWritten = (known: readonly HashedArtifact[], file: string, written: 'written' | 'same'): string => {
  const sums = count(new Set(known.map(({ name }) => name)).size, 'sum');
  return written === 'written'
    ? `wrote ${sums} under artifacts.sha256 of ${file}`
    : `nothing was changed: ${file} has ${sums} already`;
};

const documentOf = (
  known: readonly HashedArtifact[],
  file: string | null,
  written: 'written' | 'same' | null,
) => ({
  artifacts: known.map(({ name, from, sha256, bytes, list }) => ({
    ...{ name, from, sha256, bytes },
    list: list.type,
    ...(list.type === 'unread' && { why: list.why }),
  })),
  file,
  written: written === 'written',
});
