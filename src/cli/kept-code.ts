import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Where compiled code is kept, and under which name. */
export interface Kept {
  /** For nothing else. */
  readonly directory: string;
  /** Says what the code was compiled of, and by what: code under this name is right, or damaged. */
  readonly name: string;
}

const CHECKSUM_BYTES = 4;
/** Some for each command that is used often: three megabytes each. */
const MOST_FILES = 40;

/**
 * What a CommonJS file of ours exports. Reading and compiling the program is most of the time until a command does
 * something; what has been compiled in a run is kept at its end, and the next run begins with it (Node's own cache of
 * compiled code is not there before Node 22, and keeps less: a run on one host took a third longer with it). What is
 * kept is run: it is used only where the directory is this user's, and nobody else can write there. `isWorthKeeping`
 * is asked at the end of the process.
 */
export const loadWithKept = (file: string, kept: Kept | null, isWorthKeeping: () => boolean): unknown => {
  const compiled = kept && isPrivate(kept.directory) ? readKept(kept) : undefined;
  // The build writes ASCII, which need not be decoded.
  const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'latin1')}\n})`;
  const script = new Script(source, {
    filename: file,
    ...(compiled && { cachedData: compiled }),
  });
  if (kept && (!compiled || script.cachedDataRejected)) {
    process.once('exit', () => {
      if (isWorthKeeping()) keep(kept, script.createCachedData());
    });
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
};

const readKept = ({ directory, name }: Kept): Buffer | undefined => {
  try {
    const bytes = readFileSync(join(directory, name));
    const code = bytes.subarray(0, -CHECKSUM_BYTES);
    // V8 trusts what it is given: damaged code would end the process.
    return bytes.length > CHECKSUM_BYTES && crc32(code) === bytes.readUInt32LE(code.length)
      ? code
      : undefined;
  } catch {
    // Nothing is kept, or nothing that can be read: the file is compiled.
    return undefined;
  }
};

/** Keeps compiled code. Where that fails, the next run compiles again, which is no reason to say anything. */
const keep = ({ directory, name }: Kept, code: Buffer): void => {
  const unfinished = join(directory, `${name}.${process.pid}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (!isPrivate(directory)) return;
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    checksum.writeUInt32LE(crc32(code));
    writeFileSync(unfinished, Buffer.concat([code, checksum]), { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, join(directory, name));
    removeOldest(directory);
  } catch {
    unlessGone(() => unlinkSync(unfinished));
  }
};

/** The oldest go: of other versions, of fcops or of Node, or of what is seldom called. */
const removeOldest = (directory: string): void => {
  const files = readdirSync(directory).flatMap((name) => {
    const file = join(directory, name);
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.isFile() ? [{ file, written: found.mtimeMs }] : [];
  });
  const oldest = files.toSorted((one, other) => other.written - one.written).slice(MOST_FILES);
  for (const { file } of oldest) unlessGone(() => unlinkSync(file));
};

const unlessGone = (work: () => void): void => {
  try {
    work();
  } catch {
    // Another run has removed it.
  }
};

const isPrivate = (directory: string): boolean => {
  try {
    const { uid, mode } = statSync(directory);
    return uid === process.getuid?.() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
};
