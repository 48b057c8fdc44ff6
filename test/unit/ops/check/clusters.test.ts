import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFiles } from '../../../../src/ops/check/check.ts';
import { savedFacts } from '../../inventory/saved-facts.ts';
import { repository } from '../../inventory/support.ts';
import { directoryOf, GOOD, OTHER, SUM, saidOf } from './support.ts';

const profile = (name: string) => readFileSync(join(repository, `profiles/${name}.yaml`), 'utf8');

const two = (one: string, other: string) => ({
  'inventories/f0494733.yaml': one,
  'inventories/f0730670.yaml': other,
});

it('files without a mistake have no findings', async () => {
  expect(await saidOf(two(GOOD, OTHER))).toEqual([]);
});

describe('a cluster file by itself', () => {
  it('is told under the rules that it breaks, whatever else is broken', async () => {
    const broken = GOOD.replace('port: 22', 'port: 99999')
      .replace('{ p1: 1.11.1-3079a405a,', '{ p1: 1.11.2,')
      .replace('roles: [c2]', 'roles: [c2, miner]');
    expect(await saidOf(two(broken, 'hosts: ['))).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:4:17: [checksum-missing] error: there is no sha256 for lotus-worker-1.11.2.tar.gz",
        "inventories/f0494733.yaml:10:26: [cluster-file] error: \`ssh.port\` must be at most 65535, not 99999",
        "inventories/f0494733.yaml:15:12, c2-10: [version] error: \`versions.lotus\` is missing: the role miner needs it",
        "inventories/f0494733.yaml:15:12, c2-10: [version] error: \`versions.miner\` is missing: the role miner needs it",
        "inventories/f0494733.yaml:15:13, c2-10: [cluster-file] error: miner and c2 cannot be on one machine: c2 uses all of its cores and GPUs, and what proves in time would wait for them",
        "inventories/f0730670.yaml:1:9: [cluster-file] error: a "{" or "[" above is not closed",
      ]
    `);
  });

  it('and so is what it names: hardware models, saved facts, overrides that are over, layouts', async () => {
    const overrides = 'overrides: { p1Tasks: 12, until: 2026-11-21, reason: broken }';
    const files = {
      ...two(
        GOOD.replace('profile: amd-7532 }', `profile: amd-7532, ${overrides} }`).replace(
          'profile: intel-4216',
          'profile: mine',
        ),
        OTHER.replace('profile: amd-7532 }', 'profile: big }'),
      ),
      'inventories/f0494733.facts/c2-10.json': '{}',
      'profiles/mine.yaml': profile('intel-4216').replace('memoryGiB: ', 'memory: '),
      'profiles/big.yaml': profile('amd-7532').replace('64GiB: 14', '64GiB: 140'),
      'profiles/amd-7532.yaml': profile('amd-7532'),
      'profiles/intel-4216.yaml': profile('intel-4216'),
    };
    expect(await saidOf(files, { profiles: true })).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:12:109, p1-50: [overrides-over] error: its overrides (12 P1 tasks) were good until 2026-11-21, and are over: broken",
        "inventories/f0494733.facts/c2-10.json:1:1: [facts-file] error: \`hostname\` is missing",
        "profiles/big.yaml:22:19, p1-150: [layout] error: profile big: the P1 tasks need 17920 huge pages of 1 GiB, the machine can give 2016",
        "profiles/mine.yaml:3:1: [profile-file] error: \`memoryGiB\` is missing",
        "profiles/mine.yaml:14:1: [profile-file] error: unknown key "memory"",
      ]
    `);
  });

  it('of saved facts: those of hosts that it does not have, where it is known which it has', async () => {
    const facts = JSON.stringify(savedFacts);
    const files = {
      ...two(GOOD, OTHER),
      'inventories/f0494733.facts/p1-50.json': facts,
      'inventories/f0494733.facts/p1-99.json': facts,
      'inventories/f0494733.facts/README.md': '',
      'inventories/f0999.facts/p1-1.json': facts,
    };
    const unused = [
      'inventories/f0494733.facts/p1-99.json:1: [facts-unused] warning: no host p1-99 is in inventories/f0494733.yaml: nobody needs its saved facts',
    ];
    expect(await saidOf(files)).toEqual([
      ...unused,
      'inventories/f0999.facts: [facts-unused] warning: there is no cluster file f0999.yaml: nobody needs these saved facts',
    ]);
    expect(await saidOf(files, { miner: 'f0494733' })).toEqual(unused);
    expect(await saidOf(files, { miner: 'f0730670' })).toEqual([]);
    const unnamed = { ...files, 'inventories/f0494733.yaml': GOOD.replace('name: c2-10', 'name: c2 10') };
    expect(await saidOf(unnamed, { miner: 'f0494733' })).toEqual([
      expect.stringContaining('[cluster-file] error'),
    ]);
    const broken = { ...files, 'inventories/f0494733.yaml': 'hosts: [' };
    expect(await saidOf(broken, { miner: 'f0494733' })).toEqual([
      expect.stringContaining('[cluster-file] error'),
    ]);
  });

  it('of saved facts that cannot be read: those, and all else', async () => {
    const { directory, remove } = directoryOf({ ...two(GOOD, OTHER), 'inventories/f01.facts/h.json': '' });
    try {
      const inventory = join(directory, 'inventories');
      // Neither can be listed nor read by anybody, whatever his rights.
      for (const name of ['f0494733.facts', 'f02.facts']) symlinkSync(name, join(inventory, name));
      const sources = { inventory, packageRoot: repository, env: { PATH: '/nonexistent' }, home: directory };
      const { findings } = await checkFiles(sources, { now: new Date('2026-11-22T10:30:00') });
      expect(
        findings.map(
          ({ rule, problem: { where } }) => `${where?.file?.replace(`${inventory}/`, '')}: ${rule}`,
        ),
      ).toEqual([
        'f01.facts: facts-unused',
        'f0494733.facts: facts-file',
        'f0494733.facts/c2-10.json: facts-file',
        'f0494733.facts/p1-50.json: facts-file',
        'undefined: shell-unchecked',
      ]);
    } finally {
      remove();
    }
  });

  it('of what is only called like saved facts: nothing', async () => {
    const files = { ...two(GOOD, OTHER), 'inventories/.facts/p1-1.json': '', 'inventories/old.facts': '' };
    expect(await saidOf(files)).toEqual([]);
  });

  it('of versions: those of one role that differ, sums that none needs', async () => {
    const more = GOOD.replace(
      '    lotus-worker-1.11.1-39c',
      `    lotus-worker-1.11.0.tar.gz: ${SUM}\n    lotus-worker-1.10.0.tar.gz: ${SUM}\n    lotus-worker-1.11.1-39c`,
    ).concat(
      '  - { name: p1-51, address: 192.168.10.51, roles: [p1], profile: amd-7532 }\n',
      '  - { name: p1-52, address: 192.168.10.52, roles: [p1], profile: amd-7532, versions: { p1: 1.11.0 } }\n',
    );
    expect(await saidOf({ 'inventories/f0494733.yaml': more })).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:10:33: [checksum-unused] warning: no version of a host needs the sha256 of lotus-worker-1.10.0.tar.gz",
        "inventories/f0494733.yaml:20:92: [versions-mixed] warning: the hosts have 2 versions of p1 for AMD with Ubuntu: 1.11.1-3079a405a on p1-50, p1-51; 1.11.0 on p1-52",
      ]
    `);
  });

  it.each([
    ['deadbeef'.repeat(8), true],
    ['0'.repeat(64), true],
    ['0123456789ABCDEF'.repeat(4), true],
    [SUM, false],
    [SUM.toUpperCase(), false],
  ])('has a sum that only stands for one, which no host would take: %s', async (sum, isTold) => {
    const text = GOOD.replace(`-3079a405a.tar.gz: ${SUM}`, `-3079a405a.tar.gz: '${sum}'`);
    expect(text).toContain(sum);
    expect(await saidOf({ 'inventories/f0494733.yaml': text })).toEqual(
      isTold
        ? [
            'inventories/f0494733.yaml:8:43: [checksum-placeholder] error: the sha256 of lotus-worker-1.11.1-3079a405a.tar.gz is a placeholder',
          ]
        : [],
    );
  });

  it('whose mistakes may hide what needs a sum says nothing of sums', async () => {
    const broken = GOOD.replace('{ p1: 1.11.1-3079a405a,', '{ p1: [],');
    expect(await saidOf({ 'inventories/f0494733.yaml': broken })).toEqual([
      expect.stringContaining('[cluster-file] error: `versions.p1` must be text'),
    ]);
  });

  it('may have versions of its own for each platform', async () => {
    const more = GOOD.replace(
      '    lotus-worker-1.11.1-39c',
      `    lotus-worker-1.11.0.tar.gz: ${SUM}\n    lotus-worker-1.11.1-39c`,
    ).concat(
      '  - { name: c2-11, address: 192.168.10.11, roles: [c2], profile: amd-c2, versions: { c2: 1.11.0 } }\n',
    );
    const files = {
      'inventories/f0494733.yaml': more,
      'profiles/amd-c2.yaml': profile('intel-4216').replace('vendor: intel', 'vendor: amd'),
      'profiles/amd-7532.yaml': profile('amd-7532'),
      'profiles/intel-4216.yaml': profile('intel-4216'),
    };
    expect(await saidOf(files, { profiles: true })).toEqual([]);
  });
});

describe('clusters together', () => {
  it('have no machine in common: both places are named', async () => {
    const other = OTHER.replace('192.168.11.50', '192.168.10.50');
    expect(await saidOf(two(GOOD, other))).toEqual([
      'inventories/f0730670.yaml:12:30, p1-150: [address-twice] error: the machine 192.168.10.50 is in two clusters: it is p1-50 in inventories/f0494733.yaml:12',
    ]);
    expect(await saidOf(two(GOOD, other), { miner: 'f0494733' })).toEqual([
      'inventories/f0494733.yaml:12:29, p1-50: [address-twice] error: the machine 192.168.10.50 is in two clusters: it is p1-150 in inventories/f0730670.yaml:12',
    ]);
  });

  it('have no host that is named like the address of another', async () => {
    expect(await saidOf(two(GOOD, OTHER.replace('p1-150', '192.168.10.50')))).toEqual([
      expect.stringContaining('inventories/f0730670.yaml:12:13: [name-is-address] error: '),
    ]);
  });

  it('may have hosts of one name, each told once', async () => {
    const other = OTHER.replace('p1-150', 'p1-50').replace('c2-110', 'c2-10');
    const third = other.replace('f0730670', 'f01').replaceAll('192.168.11', '192.168.12');
    expect(await saidOf({ ...two(GOOD, other), 'inventories/f01.yaml': third })).toEqual([
      'inventories/f0494733.yaml:12:13: [name-twice] note: 2 hosts have the same name as one of another cluster: p1-50, c2-10 (inventories/f01.yaml:12)',
      'inventories/f0730670.yaml:12:13: [name-twice] note: 2 hosts have the same name as one of another cluster: p1-50, c2-10 (inventories/f01.yaml:12)',
    ]);
  });

  const withFacts = (facts: Readonly<Record<string, string>>) => ({
    ...two(GOOD, OTHER),
    ...Object.fromEntries(
      Object.entries(facts).map(([host, hostname]) => [
        `inventories/${host}.json`,
        JSON.stringify({ ...savedFacts, hostname }),
      ]),
    ),
  });

  it('have no machine that is called like one of another, by its saved facts', async () => {
    const seen = { 'f0730670.facts/p1-150': 'f0494733-p1-192-168-10-50' };
    expect(await saidOf(withFacts(seen))).toEqual([
      'inventories/f0730670.yaml:12:13, p1-150: [hostname-twice] error: the machine is called f0494733-p1-192-168-10-50 by its saved facts, as a deploy calls p1-50 of another cluster (inventories/f0494733.yaml:12)',
    ]);
    expect(await saidOf(withFacts(seen), { miner: 'f0494733' })).toEqual([
      'inventories/f0494733.yaml:12:13, p1-50: [hostname-twice] error: a deploy calls the machine f0494733-p1-192-168-10-50, as p1-150 of another cluster (inventories/f0730670.yaml:12) is called by its saved facts',
    ]);
    const third = 'f0999-p1-192-168-9-50';
    expect(
      await saidOf(withFacts({ 'f0494733.facts/p1-50': third, 'f0730670.facts/p1-150': third })),
    ).toEqual([
      expect.stringContaining('p1-150: [hostname-twice] error: the machine is called f0999-p1-192-168-9-50'),
    ]);
  });

  it('may have machines that nobody has given a name', async () => {
    expect(
      await saidOf(withFacts({ 'f0494733.facts/p1-50': 'ubuntu', 'f0730670.facts/p1-150': 'ubuntu' })),
    ).toEqual([]);
    expect(await saidOf(withFacts({ 'f0494733.facts/p1-50': 'f0494733-p1-192-168-10-50' }))).toEqual([]);
  });

  it('of which the broken one keeps nothing of the others from being seen', async () => {
    const other = OTHER.replace('192.168.11.50', '192.168.10.50').replace('64GiB', '46GiB');
    const said = await saidOf({ ...two(GOOD, other), 'inventories/f01.yaml': 'miner: [' });
    expect(said.some((line) => line.includes('[address-twice]'))).toBe(true);
    expect(said.filter((line) => line.includes('[cluster-file]')).length).toBeGreaterThan(1);
  });

  it('property: every address that is in several files is told at each but the first, and no other', async () => {
    const addresses = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(addresses, { minLength: 1, maxLength: 4 }), async (clusters) => {
        const files = Object.fromEntries(
          clusters.map((own, index) => [
            `inventories/f0${index + 1}.yaml`,
            `${GOOD.replace('f0494733', `f0${index + 1}`).replace(/hosts:[\s\S]*/, 'hosts:')}\n${own
              .map(
                (last) =>
                  `  - { name: h${index}-${last}, address: 10.0.0.${last}, roles: [p1], profile: amd-7532 }\n`,
              )
              .join('')}`,
          ]),
        );
        const expected = clusters.flatMap((own, index) =>
          own
            .filter((last) => clusters.slice(0, index).some((earlier) => earlier.includes(last)))
            .map((last) => `h${index}-${last}`),
        );
        const told = (await saidOf(files)).flatMap((line) =>
          line.includes('[address-twice]') ? [/, (h\d-\d): /.exec(line)?.[1] ?? ''] : [],
        );
        expect(told.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 30 },
    );
  });
});
