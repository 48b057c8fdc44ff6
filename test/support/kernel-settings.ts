import { closeSync, mkdirSync, openSync, readdirSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The kernel fills a buffer of this size for every read: the small programs' usual 128 KiB take seconds. */
const buffer = Buffer.alloc(4096);

const readSetting = (path: string): Buffer => {
  const file = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
};

/** What is in a directory; nothing where it has gone, as those of network interfaces do. */
const entriesOf = (directory: string) => {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
};

/** Copies the kernel's settings from `source` (/proc/sys), but for those that can only be written. */
export const copyKernelSettings = (source: string, target: string): void => {
  mkdirSync(target, { recursive: true });
  for (const entry of entriesOf(source)) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) {
      copyKernelSettings(from, to);
      continue;
    }
    try {
      writeFileSync(to, readSetting(from));
    } catch {
      // Of another program, only to be written, or of a device that is not there: no host misses it.
    }
  }
};
