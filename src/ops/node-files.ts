import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { codeOf, isMissing } from '../core/error-code.ts';
import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { KiB, MiB } from '../core/units.ts';
import { whyOf } from '../core/why-of.ts';
import type { Files } from '../inventory/files.ts';

const unlessMissing = <T>(path: string, look: () => T): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (error instanceof FcopsError) throw error;
    if (isMissing(error) || codeOf(error) === 'ENOTDIR') return undefined;
    throw new FcopsError({
      kind: 'file',
      what: 'cannot be read',
      where: { file: path },
      why: whyOf(error),
      next: [edit('look whether it is the right one, and whether you may read it')],
    });
  }
};

/** What a person writes is smaller; a disk image in its place, or /dev/zero, is not read to its end. */
const MOST_BYTES = 8 * MiB;

const readText = (file: string, most: number = MOST_BYTES): string => {
  const descriptor = openSync(file, 'r');
  try {
    const parts: Buffer[] = [];
    for (let length = 0; length <= most; ) {
      const part = Buffer.allocUnsafe(64 * KiB);
      const read = readSync(descriptor, part);
      if (read === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, read));
      length += read;
    }
  } finally {
    closeSync(descriptor);
  }
  throw new FcopsError({
    kind: 'file',
    what: `is larger than ${most / MiB} MiB`,
    where: { file },
    next: [edit('look whether it is the right file')],
  });
};

/** A file that a program wrote, of at most so many bytes; undefined where there is none. */
export const wholeText = (file: string, most: number): string | undefined =>
  unlessMissing(file, () => readText(file, most));

/** The files of this machine. */
export const nodeFiles: Files = {
  list: (directory) => unlessMissing(directory, () => readdirSync(directory)),
  read: (file) => unlessMissing(file, () => readText(file)),
  mode: (file) => unlessMissing(file, () => statSync(file).mode & 0o7777),
};
