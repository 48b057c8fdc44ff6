import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

/** A version as the programs print it: `1.11.1+mainnet+git.15d90c24e.dirty+api1.3.0`. */
export interface ProgramVersion {
  /** `1.11.1`, `1.11.1-rc2` */
  readonly release: string;
  /** `mainnet`, `calibnet` …; null in older builds. */
  readonly network: string | null;
  /** Null where LOTUS_VERSION_IGNORE_COMMIT hides it. */
  readonly commit: string | null;
  /** Built from sources that were changed. */
  readonly isDirty: boolean;
}

export interface NamedVersion extends ProgramVersion {
  readonly program: 'lotus' | 'lotus-miner' | 'lotus-worker';
}

const VERSION =
  /^(\d+\.\d+\.\d+(?:-[\w.]+)?)(?:\+(?!git\.|api)([a-z\d]+))?(?:\+git\.([\da-z]+)(\.dirty)?)?(?:\+api[\d.]+)?$/;

/** A version; null where it is none. */
export const versionOf = (text: string): ProgramVersion | null => {
  const [, release, network, commit, dirty] = VERSION.exec(text) ?? [];
  if (release === undefined) return null;
  return { release, network: network ?? null, commit: commit ?? null, isDirty: dirty !== undefined };
};

const readNamed = (line: string): NamedVersion => {
  const [, program, text = ''] = /^(lotus|lotus-miner|lotus-worker) version (\S+)$/.exec(line) ?? [];
  if (program !== 'lotus' && program !== 'lotus-miner' && program !== 'lotus-worker')
    return unclear('this is no version', line);
  return { program, ...known(versionOf(text), 'this is no version', line) };
};

/** Reads `--version` of any of the programs: that of the file, whatever runs. */
export const readVersion = (answer: Answer): Reading<NamedVersion> =>
  readAnswer(answer, (lines) => {
    const [line = '', ...more] = saying(lines);
    if (more.length > 0) unclear('there is more than one line', line);
    return readNamed(line);
  });

/** Reads `lotus version` or `lotus-miner version`: that of the process that runs, and that of the file. */
export const readRunningVersion = (
  answer: Answer,
): Reading<{ readonly running: ProgramVersion; readonly file: NamedVersion }> =>
  readAnswer(answer, (lines) => {
    const [daemon = '', local = ''] = saying(lines);
    const running = versionOf(/^Daemon: +(\S+)$/.exec(daemon)?.[1] ?? '');
    return {
      running: known(running, 'the version of what runs is unclear', daemon),
      file: readNamed(
        /^Local: +(.+)$/.exec(local)?.[1] ?? unclear('the version of the file is unclear', local),
      ),
    };
  });
