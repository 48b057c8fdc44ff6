import { PLAIN_PATH } from '../../core/names.ts';

/**
 * A path as fcops manages it: absolute, normal, of plain characters, so that it needs no quoting and cannot
 * break the frames of an observation. Anything else is a mistake in a role: RangeError.
 */
export const checkedPath = (path: string): string => {
  if (!PLAIN_PATH.test(path)) {
    throw new RangeError(`not an absolute, normal path of plain characters: ${JSON.stringify(path)}`);
  }
  return path;
};
