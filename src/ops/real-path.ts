import { readlinkSync, realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { codeOf, isMissing } from '../core/error-code.ts';

/** Where a path leads to, absolute: of what is not there the part that is, and links to it are followed all the same. */
export const realPath = (path: string): string => followed(path, MOST_LINKS);

/** Links that lead to what is not there; the system itself sees only that others go round in a circle. */
const MOST_LINKS = 40;

const followed = (path: string, links: number): string => {
  const whole = posix.resolve(path);
  try {
    return realpathSync(whole);
  } catch (error) {
    if (!(isMissing(error) || codeOf(error) === 'ENOTDIR') || links === 0 || whole === '/') return whole;
    const directory = followed(posix.dirname(whole), links);
    const target = linkTarget(whole);
    return target === null
      ? posix.join(directory, posix.basename(whole))
      : followed(posix.resolve(directory, target), links - 1);
  }
};

const linkTarget = (path: string): string | null => {
  try {
    return readlinkSync(path);
  } catch {
    // It is no link.
    return null;
  }
};
