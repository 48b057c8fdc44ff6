import { expect, it } from 'vitest';
import { userSshConfig } from '../../../src/cli/targets.ts';
import type { Files } from '../../../src/inventory/files.ts';
import { settingsFor } from '../../../src/transport/ssh-config.ts';

const filesOf = (texts: Readonly<Record<string, string>>): Files => ({
  read: (file) => texts[file],
  list: (directory) =>
    Object.keys(texts).flatMap((file) =>
      file.startsWith(`${directory}/`) ? [file.slice(directory.length + 1)] : [],
    ),
  mode: () => 0o600,
});

it('reads ~/.ssh/config with what it includes: relative, from ~, and by pattern', () => {
  const files = filesOf({
    '/home/a/.ssh/config': 'Include config.d/*.conf\nInclude ~/extra\nHost *\n  Port 2222\n',
    '/home/a/.ssh/config.d/one.conf': 'Host one\n  User alice\n',
    '/home/a/.ssh/config.d/two.conf': 'Host two\n  User bob\n',
    '/home/a/.ssh/config.d/two.conf.orig': 'Host two\n  User wrong\n',
    '/home/a/extra': 'Host three\n  User carol\n',
  });
  const config = userSshConfig('/home/a', files);
  const userOf = (name: string) => settingsFor(config, [name]).first('User');
  expect(['one', 'two', 'three'].map(userOf)).toEqual(['alice', 'bob', 'carol']);
  expect(settingsFor(config, ['one']).first('Port')).toBe('2222');
});

it('does without ~/.ssh/config', () => {
  expect(settingsFor(userSshConfig('/home/a', filesOf({})), ['one']).first('User')).toBeUndefined();
});
