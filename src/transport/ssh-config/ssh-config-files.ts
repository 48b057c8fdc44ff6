import { basename, dirname, join } from 'node:path';
import { isMissing } from '../../core/error-code.ts';
import { look } from '../../core/next.ts';
import { FcopsError, messageOf } from '../../core/problem.ts';
import { matchesPatterns, parsePatterns } from './host-patterns.ts';
import { type ConfigFile, EMPTY_CONFIG, parseSshConfig, type SshConfig } from './ssh-config.ts';

/** The files that ssh_config may lie in. Both throw where there is no such thing. */
export interface ConfigFiles {
  readonly read: (path: string) => string;
  readonly list: (directory: string) => readonly string[];
}

/** Reads ~/.ssh/config with the files that it includes; without one there is no configuration. */
export const loadSshConfig = (home: string, files: ConfigFiles): SshConfig => {
  const directory = join(home, '.ssh');
  const text = (path: string): string | undefined => missingAsUndefined(path, () => files.read(path));
  const main = join(directory, 'config');
  const source = text(main);
  if (source === undefined) return EMPTY_CONFIG;
  return parseSshConfig({ file: main, text: source }, (pattern) =>
    expand(pattern.replace(/^~(?=\/)/, home), directory, files).flatMap((file): readonly ConfigFile[] => {
      const included = text(file);
      return included === undefined ? [] : [{ file, text: included }];
    }),
  );
};

/** The files of an Include: wildcards in the last part of the path, relative paths from ~/.ssh (ssh_config(5)). */
const expand = (pattern: string, directory: string, files: ConfigFiles): readonly string[] => {
  const path = pattern.startsWith('/') ? pattern : join(directory, pattern);
  if (!/[*?]/.test(basename(path))) return [path];
  const patterns = parsePatterns([basename(path)]);
  const names = missingAsUndefined(path, () => files.list(dirname(path))) ?? [];
  return names
    .filter((name) => !name.startsWith('.') && matchesPatterns(patterns, [name.toLowerCase()]))
    .sort()
    .map((name) => join(dirname(path), name));
};

const missingAsUndefined = <T>(file: string, read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new FcopsError({
      kind: 'file',
      what: 'the SSH configuration cannot be read',
      where: { file },
      why: messageOf(error),
      next: [look('check the owner and the mode of the file')],
    });
  }
};
