import { describe, expect, it } from 'vitest';
import { FcopsError, type Problem } from '../../../src/core/problem.ts';
import { loadClusters } from '../../../src/inventory/load.ts';
import { missingSecrets } from '../../../src/inventory/secrets.ts';
import type { Start } from '../../../src/inventory/starting-file.ts';
import { startingFile, tokenVariable } from '../../../src/inventory/starting-file.ts';
import { memoryFiles, shippedProfiles } from './support.ts';

const MINER = 'f0999';
const SUM = 'ab'.repeat(32);

const load = (text: string) =>
  loadClusters({
    inventoryDir: 'inventories',
    profiles: shippedProfiles,
    files: memoryFiles({ [`inventories/${MINER}.yaml`]: text }),
    env: { [tokenVariable(MINER)]: 'a-token-of-the-miner' },
    home: '/home/op',
  });

const problemsOf = (text: string): readonly Problem[] => {
  try {
    load(text);
    return [];
  } catch (error) {
    if (error instanceof FcopsError) return error.problems;
    throw error;
  }
};

/** What a person writes in place of the marks, in the order in which they stand. */
const FILLED: readonly (readonly [RegExp, string])[] = [
  [/<32GiB or 64GiB>/, '64GiB'],
  [/<content of the file api> # like (\S+)/, '$1'],
  [/p1: <version> # like (\S+)/, 'p1: $1'],
  [/c2: <version> # like (\S+)/, 'c2: $1'],
  [/apx: <version> # like (\S+)/, 'apx: $1'],
  [/lotus: <version> # like (\S+)/, 'lotus: $1'],
  [/miner: <version> # like (\S+)/, 'miner: $1'],
  [/(roles: \[miner\], profile: )<hardware model>/, '$1amd-7532'],
  [/(name: miner-1, address: )<IPv4 address>/, '$1192.168.10.1'],
  [/<URL of their directory> # like (\S+)/, '$1'],
  [/(roles: \[apx\], profile: )<hardware model>/, '$1amd-7532'],
  [/(name: apx-60, address: )<IPv4 address>/, '$1192.168.10.60'],
  [/(roles: \[p1\], profile: )<hardware model>/, '$1amd-7532'],
  [/(roles: \[c2\], profile: )<hardware model>/, '$1intel-4216'],
  [/(name: p1-50, address: )<IPv4 address>/, '$1192.168.10.50'],
  [/(name: c2-10, address: )<IPv4 address>/, '$1192.168.10.10'],
];

/** What `fcops artifacts hash NAME --write` puts in. */
const SUMS = [
  'lotus-1.11.1-3079a405a.tar.gz',
  'lotus-miner-1.11.1-3079a405a.tar.gz',
  'lotus-worker-1.11.1-3079a405a.tar.gz',
  'lotus-worker-1.11.1-3079a405a-intel.tar.gz',
].map((name) => `${name}: ${SUM}`);

const filled = (text: string): string =>
  FILLED.reduce((before, [mark, value]) => before.replace(mark, value), text).replace(
    'sha256: {}',
    `sha256: { ${SUMS.join(', ')} }`,
  );

const marked = (text: string): number[] =>
  text
    .split('\n')
    .flatMap((line, index) => (/<[^…>]+>/.test(line) && !line.startsWith('#') ? [index + 1] : []));

const STARTS: readonly Start['roles'][] = [['p1', 'c2'], ['p1'], ['c2'], ['apx'], ['miner', 'p1', 'c2']];

describe.each(STARTS.map((roles) => [roles] as const))('a starting inventory for %j', (roles) => {
  const text = startingFile({ miner: MINER, roles, profiles: shippedProfiles.names });

  it('is a cluster when its marks are filled in', () => {
    expect(marked(filled(text))).toEqual([]);
    const [cluster] = load(filled(text));
    expect(cluster?.hosts.map((host) => host.roles)).toEqual(roles.map((role) => [role]));
    expect(cluster && missingSecrets(cluster)).toEqual([]);
  });

  it('is none before: each mark is told, and nothing else', () => {
    const told = new Set(problemsOf(text).map(({ where }) => where?.line));
    expect([...told].toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(marked(text));
    for (const line of marked(text)) {
      const lines = filled(text).split('\n');
      lines[line - 1] = text.split('\n')[line - 1] ?? '';
      expect([line, problemsOf(lines.join('\n')).length]).not.toEqual([line, 0]);
    }
  });

  it('has lines of at most 120 columns, and names no secret', () => {
    expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
    expect(text).not.toMatch(/token: (?!\{ env)/);
  });
});
