import { describe, expect, it } from 'vitest';
import { archive } from '../../../src/resources/archive/archive.ts';
import { cron } from '../../../src/resources/cron/cron.ts';
import { hostname } from '../../../src/resources/hostname/hostname.ts';
import { nameOfMany } from '../../../src/resources/names.ts';
import { packages } from '../../../src/resources/packages/packages.ts';
import { sysctl } from '../../../src/resources/sysctl/sysctl.ts';
import { unit } from '../../../src/resources/systemd/unit.ts';

describe('mistakes of a role are found when it is made', () => {
  it.each([
    ['a package with a version', () => packages({ manager: 'apt', names: ['ceph=14'] })],
    ['a setting with a slash', () => sysctl({ settings: { 'net/core': '1' } })],
    ['a host name with a dot', () => hostname('a.b')],
    ['a line that its own expression does not find', () => cron({ user: 'root', line: 'A=1', match: '^B' })],
    ['a line with a line end', () => cron({ user: 'root', line: 'A=1\nB', match: 'A' })],
    ['a unit with a blank', () => unit({ name: 'a b' })],
    [
      'a version directly below the root',
      () => archive({ url: 'http://a/b', sha256: '0'.repeat(64), directory: '/opt/w', keep: 1 }),
    ],
  ])('%s', (_, make) => {
    expect(make).toThrow(RangeError);
  });
});

describe('nameOfMany', () => {
  it('is short for many', () => {
    expect(nameOfMany(['a', 'b'])).toBe('a,b');
    expect(nameOfMany(['a', 'b', 'c', 'd', 'e'])).toBe('a,b,c+2');
  });
});
