import { describe, expect, it } from 'vitest';
import type { VersionKey } from '../../../../src/inventory/check-versions.ts';
import { chooseVersions } from '../../../../src/ops/upgrade/choose-versions.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';

/** A miner, two AMD and one Intel machine for C2, and a P1 machine that has an own version. */
const cluster = clusterOf(
  clusterFile({
    api: { from: 'miner' },
    versions: { p1: '1.11.1-a', c2: '1.11.1-i-intel', lotus: '1.11.1-a', miner: '1.11.1-a' },
    artifacts: {
      url: 'http://artifacts.example.com',
      sha256: Object.fromEntries(
        [
          'lotus-worker-1.11.1-a',
          'lotus-worker-1.11.1-i-intel',
          'lotus-1.11.1-a',
          'lotus-miner-1.11.1-a',
        ].map((name) => [`${name}.tar.gz`, 'a'.repeat(64)]),
      ),
    },
    hosts: [
      { name: 'm', address: '10.0.0.1', roles: ['miner'], profile: 'amd-7371' },
      { name: 'p1-1', address: '10.0.0.2', roles: ['p1'], profile: 'amd-7532' },
      ...['c2-1', 'c2-2'].map((name, index) => ({
        ...{ name, address: `10.0.0.${index + 3}`, roles: ['c2'], profile: 'amd-7371' },
        versions: { c2: '1.11.1-a' },
      })),
      { name: 'c2-3', address: '10.0.0.5', roles: ['c2'], profile: 'intel-4216' },
    ],
  }),
);
const ALL: readonly VersionKey[] = ['lotus', 'miner', 'p1', 'c2'];
const choose = (keys: readonly VersionKey[], ...words: readonly string[]) => {
  const hosts = cluster.hosts.filter(({ name }) => keys.includes('miner') || name.startsWith(keys[0] ?? ''));
  return chooseVersions(words, { cluster, hosts, keys });
};
const chosen = (keys: readonly VersionKey[], ...words: readonly string[]) => {
  const made = choose(keys, ...words);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value.map(({ key, version, hosts }) => `${key} ${version}: ${hosts.join(' ')}`);
};
const refused = (keys: readonly VersionKey[], ...words: readonly string[]) => {
  const made = choose(keys, ...words);
  return made.ok ? [] : made.error.map(({ what, where }) => (where?.host ? `${where.host}: ${what}` : what));
};

describe('versions of an upgrade', () => {
  it('go each to the machines that they are built for', () => {
    expect(chosen(['c2'], '1.13.2-n', '1.13.2-n-intel')).toEqual([
      'c2 1.13.2-n: c2-1 c2-2',
      'c2 1.13.2-n-intel: c2-3',
    ]);
    expect(chosen(ALL, '1.13.2-n-intel', '1.13.2-n')).toEqual([
      'lotus 1.13.2-n: m',
      'miner 1.13.2-n: m',
      'p1 1.13.2-n: p1-1',
      'c2 1.13.2-n: c2-1 c2-2',
      'c2 1.13.2-n-intel: c2-3',
    ]);
    expect(chosen(['p1'], '1.13.2-n')).toEqual(['p1 1.13.2-n: p1-1']);
  });

  it('may be for one program alone, by its key in the inventory', () => {
    expect(chosen(ALL, '1.13.2-n', '1.13.2-n-intel', 'p1=1.13.2-p', 'lotus=1.13.1-l')).toEqual([
      'lotus 1.13.1-l: m',
      'miner 1.13.2-n: m',
      'p1 1.13.2-p: p1-1',
      'c2 1.13.2-n: c2-1 c2-2',
      'c2 1.13.2-n-intel: c2-3',
    ]);
  });

  it('are those of the inventory, of each host its own, where none is given', () => {
    expect(chosen(ALL)).toEqual([
      'lotus 1.11.1-a: m',
      'miner 1.11.1-a: m',
      'p1 1.11.1-a: p1-1',
      'c2 1.11.1-a: c2-1 c2-2',
      'c2 1.11.1-i-intel: c2-3',
    ]);
  });

  it('are refused where a host has none that runs on it, all such hosts at once', () => {
    expect(refused(['c2'], '1.13.2-n-intel')).toEqual([
      'c2-1 and c2-2: version 1.13.2-n-intel of c2 is built for Intel with Ubuntu, but the host is amd-7371 with ubuntu-18.04',
    ]);
    expect(refused(['c2'], '1.13.2-n-intel', '1.13.2-n-centos')).toEqual([
      'c2-1 and c2-2: none of the versions 1.13.2-n-intel, 1.13.2-n-centos of c2 is built for AMD with Ubuntu',
    ]);
  });

  it('are refused where it is not said which of two a host gets, or for which program there is one', () => {
    expect(refused(['p1'], '1.13.2-n', '1.13.3-n')).toEqual([
      'p1-1: which version p1 gets is not said: 1.13.2-n and 1.13.3-n are built for AMD with Ubuntu',
    ]);
    expect(refused(ALL, 'lotus=1.13.2-n', 'miner=1.13.2-n', 'c2=1.13.2-n', 'c2=1.13.2-n-intel')).toEqual([
      'p1-1: no version is given for p1',
    ]);
    // The same one twice is one.
    expect(chosen(['p1'], '1.13.2-n', '1.13.2-n')).toEqual(['p1 1.13.2-n: p1-1']);
  });

  it('are refused where they are none, or for what is no program of the upgrade', () => {
    for (const word of ['', '../x', 'a b', '-1', 'c2=', '=1', 'c2=a=b', '1.13.2-n\n'])
      expect(choose(['c2'], word)).toMatchObject({ ok: false, error: [{ kind: 'usage' }] });
    expect(refused(['c2'], 'intel=1.13.2-n-intel')).toEqual([
      '--ver intel=1.13.2-n-intel: no version has the key "intel"',
    ]);
    expect(refused(['c2'], 'p1=1.13.2-n')).toEqual([
      '--ver p1=1.13.2-n: p1 is none of the programs of this upgrade',
    ]);
  });
});
