import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../src/inventory/host-pattern.ts';
import { findHost, selectAmong, selectHosts } from '../../../src/inventory/select.ts';
import { cpuSeconds } from '../../support/cpu-seconds.ts';
import { clusterFile, clusterOf } from './support.ts';

const host = (name: string, address: string, role: string, profile: string) => ({
  name,
  address,
  roles: [role],
  profile,
});
const cluster = clusterOf(
  clusterFile({
    groups: {
      'rack-a': { hosts: 'p1-[50:52]' },
      'rack-b': { hosts: ['p1-53', 'c2-10'] },
      trial: { hosts: '192.168.10.50,c2-1*,!c2-11' },
    },
    hosts: [
      ...[50, 51, 52, 53, 54].map((n) => host(`p1-${n}`, `192.168.10.${n}`, 'p1', 'amd-7532')),
      ...[10, 11].map((n) => host(`c2-${n}`, `192.168.10.${n}`, 'c2', 'intel-4216')),
    ],
  }),
);
const two = clusterOf(
  clusterFile({
    hosts: [50, 51].map((n) => ({
      ...host(`p1-${n}`, `192.168.10.${n}`, 'p1', 'amd-7532'),
      listen: `10.0.0.${n}`,
    })),
  }),
);
const names = (limit?: string, role?: 'p1' | 'c2' | 'apx'): string =>
  selectHosts(cluster, { ...(limit === undefined ? {} : { limit }), ...(role && { role }) })
    .map(({ name }) => name)
    .join(' ');

describe('selectHosts', () => {
  it.each([
    ['p1-50', 'p1-50'],
    ['192.168.10.51', 'p1-51'],
    ['p1-5[0:2]', 'p1-50 p1-51 p1-52'],
    ['p1-[53:60]', 'p1-53 p1-54'],
    ['192.168.10.[10:50]', 'p1-50 c2-10 c2-11'],
    ['p1-5[13]', 'p1-51 p1-53'],
    ['p1-5[!0-3]', 'p1-54'],
    ['*-5?', 'p1-50 p1-51 p1-52 p1-53 p1-54'],
    ['c2-11,p1-50', 'p1-50 c2-11'],
    ['c2', 'c2-10 c2-11'],
    ['p1,!p1-5[1:3]', 'p1-50 p1-54'],
    ['!p1', 'c2-10 c2-11'],
    ['all,!*1', 'p1-50 p1-52 p1-53 p1-54 c2-10'],
    ['*1,&p1', 'p1-51'],
    ['group:rack-a', 'p1-50 p1-51 p1-52'],
    ['group:rack-?,!p1-51', 'p1-50 p1-52 p1-53 c2-10'],
    ['p1,!group:rack-a', 'p1-53 p1-54'],
    ['group:rack-a,&group:trial', 'p1-50'],
    ['p1-5[34],group:trial', 'p1-50 p1-53 p1-54 c2-10'],
  ])('--limit %s → %s', (limit, expected) => {
    expect(names(limit)).toBe(expected);
  });

  it('keeps to the role', () => {
    expect(names(undefined, 'c2')).toBe('c2-10 c2-11');
    expect(names('*1', 'c2')).toBe('c2-11');
  });

  it.each([
    ['p1-05', undefined, '--limit p1-05 matches no host of f0494733', 'did you mean "p1-50"?'],
    ['p1:c2', undefined, '--limit p1:c2 matches no host', 'separate patterns with commas: p1,c2'],
    ['p1:&group:x', undefined, 'matches no host', 'separate patterns with commas: p1,&group:x'],
    ['p1&group:x', undefined, 'matches no host', 'separate patterns with commas: p1,&group:x'],
    ['p1!p1-5[!0]', undefined, 'matches no host', 'separate patterns with commas: p1,!p1-5[!0]'],
    ['p1-5[0:1]:c2', undefined, 'matches no host', 'separate patterns with commas: p1-5[0:1],c2'],
    ['p1-[80:99]', undefined, 'matches no host', 'fcops inventory list'],
    [
      'group:rack-c',
      undefined,
      '--limit group:rack-c: f0494733 has no group rack-c',
      'did you mean "rack-a"?',
    ],
    ['!group:x', undefined, '--limit !group:x: f0494733 has no group x', 'one of: rack-a, rack-b, trial'],
    ['rack-a', undefined, '--limit rack-a matches no host', 'did you mean "group:rack-a"?'],
    ['rack-d', undefined, '--limit rack-d matches no host', 'did you mean "group:rack-a"?'],
    ['p1:!group:rack-a', undefined, 'matches no host', 'with commas: p1,!group:rack-a'],
    ['group:rack-a:p1-5[0:1]', undefined, 'no group rack-a:p1-5[0:1]', 'with commas: group:rack-a,p1-5[0:1]'],
    ['group:', undefined, 'no group', 'one of: rack-a'],
    ['group:rack-[a', undefined, 'a bracket has no other half', 'write a range'],
    ['p1-50,web', undefined, '--limit web matches no host of f0494733', 'fcops inventory list'],
    ['c2-10', 'p1', '--limit c2-10 leaves no host with the role p1 of f0494733', 'p1 has: p1-50'],
    ['p1-50,!p1-50', undefined, '--limit p1-50,!p1-50 leaves no host of f0494733', 'the cluster has:'],
    ['p1-5[z-a]', undefined, 'the letters in [ ] are not a range', '[50:53]'],
    [' , ', undefined, '--limit is empty', 'leave it out'],
    [undefined, 'apx', 'no host of f0494733 has the role apx', 'add apx'],
  ] as const)('refuses --limit %s for %s', (limit, role, what, next) => {
    expect(() => names(limit, role)).toThrow(what);
    expect(() => names(limit, role)).toThrow(next);
  });
});

describe('patterns', () => {
  const word = fc.stringMatching(/^[a-z0-9.]{1,8}$/);

  it('match themselves and nothing else where they have no special letters', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        fc.pre(a !== 'all');
        expect(compilePattern(a).matches(a)).toBe(true);
        expect(compilePattern(a).matches(b)).toBe(a === b);
      }),
    );
  });

  it('match a range exactly where the number is in it', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.nat(400), (first, last, n) => {
        const inside = n >= first && n <= last;
        expect(compilePattern(`p1-[${first}:${last}]`).matches(`p1-${n}`)).toBe(inside);
      }),
    );
  });

  it('mean by several * what one means, and take no longer for it', () => {
    const took = cpuSeconds(() => {
      expect(compilePattern('********x').matches('a'.repeat(40))).toBe(false);
      expect(compilePattern('p1-**0').matches('p1-50')).toBe(true);
    });
    expect(took).toBeLessThan(1);
  });

  it('take leading zeros of a range as its width', () => {
    const matches = (text: string) => compilePattern('n[08:11]').matches(text);
    expect(['n08', 'n09', 'n10', 'n11'].every(matches)).toBe(true);
    expect(['n8', 'n9', 'n008', 'n12', 'n07'].some(matches)).toBe(false);
    expect(compilePattern('n[8:11]').matches('n08')).toBe(false);
  });

  it.each([
    ['p1-[12:1', "--limit p1-[12:1: a bracket has no other half\n  next: did you mean 'p1-[12:1]'?"],
    [
      'p1-50]',
      "--limit p1-50]: a bracket has no other half\n  next: write a range as 'p1-[50:53]', letters as '[a-c]'",
    ],
    ['p1-[5:a]', '[5:a] is neither a range nor letters'],
    ['p1-[]', '[] is neither a range nor letters'],
    ['p1-[12:1]', 'the range counts down: write [1:12]'],
    ['p1-99x', 'fcops inventory list'],
  ])('are told of where they make no sense: %s', (limit, message) => {
    expect(() => selectHosts(cluster, { limit })).toThrow(message);
  });

  it('with an exclusion choose the complement', () => {
    fc.assert(
      fc.property(fc.subarray([50, 51, 52, 53, 54], { minLength: 1, maxLength: 4 }), (numbers) => {
        const listed = numbers.map((n) => `p1-${n}`);
        const rest = names(listed.map((name) => `!${name}`).join(','), 'p1').split(' ');
        expect([...rest, ...listed].sort()).toEqual(names('p1').split(' '));
      }),
    );
  });
});

describe('a host with an address of its own to listen on', () => {
  const chosen = (limit: string) => selectHosts(two, { limit }).map(({ name }) => name);

  it('is found by either address, in patterns too', () => {
    expect(chosen('10.0.0.51')).toEqual(['p1-51']);
    expect(chosen('192.168.10.51')).toEqual(['p1-51']);
    expect(chosen('10.0.0.[50:60],!192.168.10.50')).toEqual(['p1-51']);
    expect(findHost([two], '10.0.0.50').host.name).toBe('p1-50');
    expect(findHost([two], '192.168.10.50').host.name).toBe('p1-50');
  });

  it('is proposed by it to who has mistyped it', () => {
    expect(() => findHost([two], '10.0.0.5O')).toThrow('did you mean "10.0.0.50"?');
    expect(() => chosen('10.0.0.5O')).toThrow('did you mean "10.0.0.50"?');
  });
});

describe('selectAmong', () => {
  const other = {
    ...clusterOf(
      clusterFile({
        groups: { 'rack-z': { hosts: 'p1-60' } },
        hosts: [50, 60].map((n) => host(`p1-${n}`, `192.168.20.${n}`, 'p1', 'amd-7532')),
      }),
    ),
    miner: 'f0730670',
    file: 'inventories/f0730670.yaml',
  };
  const chosen = (limit: string, role?: 'p1' | 'c2') =>
    selectAmong([cluster, other], { limit, ...(role && { role }) }).map(
      ({ cluster: { miner }, hosts }) => `${miner}: ${hosts.map(({ name }) => name).join(' ')}`,
    );

  it.each([
    ['p1-51,p1-60', ['f0494733: p1-51', 'f0730670: p1-60']],
    ['p1-50', ['f0494733: p1-50', 'f0730670: p1-50']],
    ['p1-50,p1-51', ['f0494733: p1-50 p1-51', 'f0730670: p1-50']],
    ['p1,!p1-60,!p1-5[1:9]', ['f0494733: p1-50', 'f0730670: p1-50']],
    ['p1-5*,&p1-51', ['f0494733: p1-51']],
    ['group:rack-a,group:rack-z', ['f0494733: p1-50 p1-51 p1-52', 'f0730670: p1-60']],
    ['group:rack-z', ['f0730670: p1-60']],
  ])('takes a pattern that matches in one of them: %s', (limit, hosts) => {
    expect(chosen(limit)).toEqual(hosts);
  });

  it('leaves out clusters without the role, which others have', () => {
    expect(chosen('all', 'c2')).toEqual(['f0494733: c2-10 c2-11']);
  });

  it.each([
    ['p1-51,p1-7O', '--limit p1-7O matches no host of f0494733 or f0730670'],
    ['p1-50,p1-6O', 'did you mean "p1-60"?'],
    ['p1-50,!p1-99x', '--limit !p1-99x matches no host of f0494733 or f0730670'],
    ['group:rack-y', '--limit group:rack-y: there is no group rack-y in f0494733 or f0730670'],
    ['p1-51,!p1-51', '--limit p1-51,!p1-51 leaves no host of f0494733 or f0730670'],
  ])('refuses one that matches in none, whatever else matches: %s', (limit, message) => {
    expect(() => chosen(limit)).toThrow(message);
  });
});

describe('findHost', () => {
  it('finds by name and by address', () => {
    expect(findHost([cluster], '192.168.10.10').host.name).toBe('c2-10');
    expect(findHost([cluster], 'p1-50').cluster.miner).toBe('f0494733');
  });

  it('says which cluster to name where two have the host, and what was meant where none has', () => {
    const other = { ...cluster, miner: 'f0730670' };
    expect(() => findHost([cluster, other], 'p1-50')).toThrow('f0494733 and f0730670');
    expect(() => findHost([cluster, other], 'p1-50')).toThrow('--miner f0494733 or --miner f0730670');
    expect(() => findHost([cluster], 'p1-5O')).toThrow('did you mean "p1-50"?');
  });

  it('says of a pattern what it matches: hosts are named by themselves', () => {
    const said = (name: string) => {
      try {
        findHost([cluster], name);
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(said('c2-*')).toMatch(
      /c2-\* is a pattern, and hosts are named by themselves here\n.*it matches: c2-10/,
    );
    expect(said('x*')).toContain('fcops inventory list');
    expect(said('!c2-10')).toContain('is a pattern');
    expect(said('p1-[50')).toContain('a bracket has no other half');
  });
});
