import { statSync } from 'node:fs';

/** Whether a directory is at a path, or a link leads to one; what cannot be looked at is none. */
export const isDirectory = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    // It is not there, or hidden, or a link that leads nowhere.
    return false;
  }
};
