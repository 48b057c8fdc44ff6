import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeProblem, FcopsError } from '../../../src/core/problem.ts';
import { YAML_LIMITS } from '../../../src/inventory/bounded-yaml.ts';
import { loadClusters } from '../../../src/inventory/load.ts';
import { loadProfiles } from '../../../src/inventory/profiles.ts';
import { knownFacts, savedFactsProblems } from '../../../src/inventory/saved-facts.ts';
import { missingSecrets } from '../../../src/inventory/secrets.ts';
import { compareTopology } from '../../../src/layout/compare.ts';
import { nodeFiles } from '../../../src/ops/node-files.ts';
import { hasLayout, layouts } from '../../../src/roles/roles.ts';
import { cpuSeconds } from '../../support/cpu-seconds.ts';
import { changedFile, scribbledFile, soupOfYaml } from '../../support/odd-files.ts';
import { savedFacts } from './saved-facts.ts';
import { memoryFiles, repository } from './support.ts';

/**
 * Whatever stands in a cluster file, a profile or a file of saved facts: fcops reads it, or says what is wrong with
 * it, and soon. A defect would be told as a stack trace, and one file could keep it busy for minutes.
 */

const shipped = (path: string): string => nodeFiles.read(join(repository, path)) ?? '';
const CLUSTER = shipped('test/unit/inventory/cases/good/f0494733.yaml');
const GOOD = {
  'inventories/f0494733.yaml': CLUSTER,
  'inventories/f0494733.facts/p1-50.json': JSON.stringify(savedFacts),
  'profiles/amd-7532.yaml': shipped('profiles/amd-7532.yaml'),
  'profiles/intel-4216.yaml': shipped('profiles/intel-4216.yaml'),
};

/** All that is said of the files with one of them as it is given; anything but an FcopsError gets out. */
const said = (name: string, text: string): readonly string[] => {
  const files = memoryFiles({ ...GOOD, [name]: text });
  const problems = [];
  try {
    const profiles = loadProfiles('profiles', files);
    const env = { TOKEN: 'made-up-token' };
    const clusters = loadClusters({ inventoryDir: 'inventories', profiles, files, env, home: '/home/op' });
    for (const cluster of clusters) {
      problems.push(...missingSecrets(cluster), ...savedFactsProblems(cluster));
      for (const host of cluster.hosts) {
        const [role] = host.roles;
        if (role === undefined || !hasLayout(role)) continue;
        const layout = layouts[role].solve(host.profile, cluster.sectorSize);
        const { savedFacts: facts } = host;
        if (facts) compareTopology(host.profile, { ...facts, ...knownFacts(host) }, layout);
      }
    }
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    problems.push(...error.problems);
  }
  return problems.map(describeProblem);
};

/** Takes more than this only where work is not bounded; a slow machine under load takes a tenth of it. */
const SECONDS = 20;
/** Hundreds of them take four seconds of a processor, which a machine under load may not give for a while. */
const ALL_SECONDS = 120;
const saidSoon = (name: string, text: string): readonly string[] => {
  let lines: readonly string[] = [];
  const took = cpuSeconds(() => {
    lines = said(name, text);
  });
  expect(took).toBeLessThan(SECONDS);
  return lines;
};

it('the files that are changed here are good ones', () => {
  for (const [name, text] of Object.entries(GOOD)) expect(said(name, text)).toEqual([]);
});

describe('no text of a file ends in a defect', () => {
  it.each([
    ['good files with other values', changedFile(GOOD), 400],
    ['good files with a slip of the hand', scribbledFile(GOOD), 300],
    ['words of YAML', soupOfYaml(GOOD), 300],
  ] as const)('%s', { timeout: ALL_SECONDS * 1000 }, (_, texts, numRuns) => {
    fc.assert(
      fc.property(texts, ({ name, text }) => {
        for (const line of saidSoon(name, text)) expect(line).not.toBe('');
      }),
      { numRuns },
    );
  });
});

describe('what would take long is refused, with its place', () => {
  const nines = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array(9).fill(inner).join(', ')}]`;
  }).join('\n');
  const brackets = (count: number): string => `a: ${'['.repeat(count)}${']'.repeat(count)}`;

  it.each([
    ['aliases of aliases', nines, /:7:10: the file stands for more than 200000 values/],
    [
      'aliases without end',
      'a: &a [*a]',
      /^inventories\/f0494733.yaml:1:8: \*a stands within what it refers to/,
    ],
    ['many aliases', `a: &a x\nb: [${'*a,'.repeat(2000)}]`, /there are more than 1000 aliases/],
    ['depth', brackets(5000), /:1:\d+: more than 50 lists and mappings are within each other here/],
    ['depth without brackets', '- '.repeat(50_000), /more than 50 lists and mappings/],
    ['brackets that are not closed', '['.repeat(100_000), /more than 50 lists and mappings/],
    ['size', `a: ${'x'.repeat(YAML_LIMITS.characters)}`, /the file is longer than 1024 KiB/],
    ['number of values', `a: [${'1,'.repeat(300_000)}]`, /the file holds more than 500000 words and marks/],
    ['keys that are no text', '{ [1, 2]: x }', /a key has to be plain text/],
  ])('%s', (_, text, expected) => {
    const lines = saidSoon('inventories/f0494733.yaml', text);
    expect(lines.join('\n')).toMatch(expected);
  });

  it('many keys of one mapping', () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n');
    const lines = saidSoon('inventories/f0494733.yaml', text);
    expect(lines.join('\n')).toContain('more mistakes of this file, not shown');
  });

  it('many mistakes: a hundred are told, and how many more there are', () => {
    const text = CLUSTER.replace(/hosts:[\s\S]*/, `hosts: [${'1, '.repeat(4000)}]`);
    const lines = saidSoon('inventories/f0494733.yaml', text);
    expect(lines.join('\n')).toContain('more mistakes of this file, not shown');
  });

  it.each([
    ['sectorSize: 64GiB', 'sectorSize: { toString: x }', '`sectorSize`'],
    ['port: 22', 'port: 1e99', '`ssh.port` must be'],
    ['port: 22', 'port: { valueOf: 1 }', '`ssh.port` must be'],
  ])('%s as %s', (good, bad, expected) => {
    expect(saidSoon('inventories/f0494733.yaml', CLUSTER.replace(good, bad)).join('\n')).toContain(expected);
  });

  it.each([
    ['sockets: 2', 'sockets: 1000000000', /^profiles\/amd-7532.yaml:8:12: `cpu.sockets` must be at most 64/],
    ['coresPerSocket: 32', 'coresPerSocket: 1000', /^profiles\/amd-7532.yaml:\d+:\d+/],
    ['64GiB: 14', '64GiB: 1000', /^profiles\/amd-7532.yaml:22:19: .*the P1 tasks need 128000 huge pages/],
    ['numaNode: 3', 'numaNode: 8', /^profiles\/amd-7532.yaml:18:15: .*the GPU is on NUMA node 8/],
    ['memoryGiB: 2048', 'memoryGiB: 1e300', /^profiles\/amd-7532.yaml:14:12: `memoryGiB` must be/],
  ])('in a profile: %s as %s', (good, bad, expected) => {
    expect(saidSoon('profiles/amd-7532.yaml', GOOD['profiles/amd-7532.yaml'].replace(good, bad))[0]).toMatch(
      expected,
    );
  });
});
