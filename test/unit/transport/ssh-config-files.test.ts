import { describe, expect, it } from 'vitest';
import { settingsFor } from '../../../src/transport/ssh-config/ssh-config.ts';
import { type ConfigFiles, loadSshConfig } from '../../../src/transport/ssh-config/ssh-config-files.ts';

const failing = (code: string): never => {
  throw Object.assign(new Error(code), { code });
};
const disk = (files: Readonly<Record<string, string>>): ConfigFiles => ({
  read: (path) => files[path] ?? failing('ENOENT'),
  list: (directory) => {
    const names = Object.keys(files).filter((path) => path.startsWith(`${directory}/`));
    return names.length > 0 ? names.map((path) => path.slice(directory.length + 1)) : failing('ENOENT');
  },
});
const portOf = (files: ConfigFiles, host: string) =>
  settingsFor(loadSshConfig('/home/me', files), [host]).first('Port');

describe('~/.ssh/config', () => {
  it('may be missing', () => {
    expect(portOf(disk({}), 'a')).toBeUndefined();
  });

  it('includes files by wildcard, by home and by path, in order, and passes over missing ones', () => {
    const files = disk({
      '/home/me/.ssh/config': 'Include conf.d/*.conf missing ~/own /etc/other\nHost e\nPort 5',
      '/home/me/.ssh/conf.d/b.conf': 'Host a b\nPort 2',
      '/home/me/.ssh/conf.d/a.conf': 'Host a\nPort 1',
      '/home/me/.ssh/conf.d/.hidden.conf': 'Host *\nPort 99',
      '/home/me/.ssh/conf.d/readme': 'Host *\nPort 98',
      '/home/me/own': 'Host c\nPort 3',
      '/etc/other': 'Host d\nPort 4',
    });
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((host) => portOf(files, host))).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      undefined,
    ]);
  });

  it('that cannot be read is an error that names it', () => {
    const files: ConfigFiles = { read: () => failing('EACCES'), list: () => [] };
    expect(() => portOf(files, 'a')).toThrow('/home/me/.ssh/config: the SSH configuration cannot be read');
  });
});
