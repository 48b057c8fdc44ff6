import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/inventory/cluster.ts';
import { versionsWritten, written } from '../../../../src/inventory/edit/versions.ts';
import { loadCluster } from '../../../../src/inventory/load.ts';
import { secretsOf } from '../../../../src/inventory/secrets.ts';
import { memoryFiles, shippedProfiles } from '../support.ts';
import { inventory, VERSIONS } from './inventories.ts';

const FILE = 'inventories/f0494733.yaml';

const load = (text: string): Cluster =>
  loadCluster('f0494733', {
    inventoryDir: 'inventories',
    profiles: shippedProfiles,
    files: memoryFiles({ [FILE]: text }),
    env: { TOKEN: 'a-token-of-some-length' },
    home: '/home/op',
  });

const versionsOf = (text: string, key: 'p1' | 'c2' | 'apx') =>
  new Map(
    load(text).hosts.flatMap(({ name, roles, versions }) =>
      roles.includes(key) ? [[name, versions[key]] as const] : [],
    ),
  );

/** The text, or the problem in its place. */
const textOf = (result: ReturnType<typeof written>): string =>
  result.ok ? result.value : `refused: ${JSON.stringify(result.error)}`;

const say = (text: string, key: 'p1' | 'c2' | 'apx', actual: Readonly<Record<string, string>>) =>
  textOf(versionsWritten(FILE, text, key, new Map(Object.entries(actual))));

const cluster = (versions: string, hosts: string, rest = '') => `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: TOKEN } }
# Which version of what.
${versions}
artifacts: { url: http://artifacts.example.com, sha256: {} }
${rest}hosts:
${hosts}`;

/** All that a cluster says, but for the version of a program on hosts that do not run it. */
const saidOf = (said: Cluster, key: 'p1' | 'c2' | 'apx') => ({
  ...said,
  // A line that is put in moves what stands below it.
  secrets: secretsOf(said).map(({ name }) => name),
  hosts: said.hosts.map((host) =>
    host.roles.includes(key) ? host : { ...host, versions: { ...host.versions, [key]: '' } },
  ),
});

/** Lines that the one text has more often than the other. */
const linesOnlyIn = (text: string, other: string): readonly string[] => {
  const left = other.split('\n');
  return text.split('\n').filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
};

describe('versionsWritten', () => {
  const run = fc
    .tuple(
      inventory,
      fc.constantFrom('p1' as const, 'c2' as const, 'apx' as const),
      fc.array(fc.option(fc.constantFrom(...VERSIONS), { freq: 3 }), { minLength: 7, maxLength: 7 }),
    )
    .map(([made, key, picked]) => ({
      made,
      key,
      actual: new Map(
        made.hosts.flatMap(({ name, role }, index) => {
          const version = picked[index] ?? null;
          return role === key && version !== null ? [[name, version] as const] : [];
        }),
      ),
    }));

  it('says of every host what is so, and of all else what was said', () => {
    fc.assert(
      fc.property(run, ({ made: { text }, key, actual }) => {
        const before = load(text);
        const now = textOf(versionsWritten(FILE, text, key, actual));
        const meant = before.hosts.map((host) => {
          const version = actual.get(host.name);
          return version === undefined ? host : { ...host, versions: { ...host.versions, [key]: version } };
        });
        expect(saidOf(load(now), key)).toEqual(saidOf({ ...before, hosts: meant }, key));
      }),
      { numRuns: 60 },
    );
  });

  it('touches no other line, and loses no comment and no end of a line', () => {
    fc.assert(
      fc.property(run, ({ made: { text, hosts }, key, actual }) => {
        const now = textOf(versionsWritten(FILE, text, key, actual));
        const [gone, come] = [linesOnlyIn(text, now), linesOnlyIn(now, text)];
        for (const line of [...gone, ...come])
          expect(line).toMatch(/versions|p1|c2|apx|profile|roles|lotus|^\s*#/);
        // Each host, the cluster, four groups.
        const most = 2 * hosts.filter(({ role }) => role === key).length + 5;
        expect(gone.length).toBeLessThanOrEqual(most);
        expect(come.length).toBeLessThanOrEqual(most);
        const comments = (one: string) => [...one.matchAll(/#[^\r\n]*/g)].map(([found]) => found);
        expect(comments(now)).toEqual(comments(text));
        expect(/\n$/.test(now)).toBe(/\n$/.test(text));
        if (text.includes('\r\n')) expect(now.replaceAll('\r\n', '')).not.toContain('\n');
        else expect(now).not.toContain('\r');
      }),
      { numRuns: 60 },
    );
  });

  it('changes nothing where that is said already, and names the fewest hosts', () => {
    fc.assert(
      fc.property(run, ({ made: { text }, key, actual }) => {
        const now = textOf(versionsWritten(FILE, text, key, actual));
        expect(textOf(versionsWritten(FILE, now, key, actual))).toBe(now);
        const targets = [...versionsOf(text, key)].map(([name, version]) => actual.get(name) ?? version);
        if (now === text || new Set(targets).size !== 1) return;
        // One version for all hosts is said once, but where a host's own could not be taken out.
        const own = [...now.matchAll(/versions:|"versions":/g)].length;
        expect(now).toContain(String(targets[0]));
        expect(own).toBeLessThanOrEqual([...text.matchAll(/versions:|"versions":/g)].length);
      }),
      { numRuns: 60 },
    );
  });
});

const HOST = (name: string, rest = '') => {
  const [, role = '', number = ''] = /^(.*)-(\d+)$/.exec(name) ?? [];
  return `  - { name: ${name}, address: 10.0.0.${number}, roles: [${role}], profile: ${role === 'c2' ? 'amd-7371' : 'amd-7532'}${rest} }`;
};

describe('where a version is written', () => {
  const three = [HOST('c2-1'), HOST('c2-2'), HOST('c2-3')].join('\n');

  it('at the group that says it: for all of it, for most, and else at the host', () => {
    const groups = 'groups: # racks\n  rack-a: { hosts: "c2-[1:2]", versions: { c2: 1.1-a } } # the first\n';
    const text = cluster('versions: { c2: 1.0-z }', three, groups);
    expect(say(text, 'c2', { 'c2-1': '1.2-b', 'c2-2': '1.2-b' })).toBe(text.replace('1.1-a', '1.2-b'));
    const one = say(text, 'c2', { 'c2-2': '1.2-b' });
    expect(one).toBe(text.replace(HOST('c2-2'), HOST('c2-2', ', versions: { c2: 1.2-b }')));
    expect(say(one, 'c2', { 'c2-1': '1.2-b' })).toBe(text.replace('1.1-a', '1.2-b'));
    // The cluster's is that of the others alone, also where all are on one in the end.
    expect(say(text, 'c2', { 'c2-1': '1.2-b', 'c2-2': '1.2-b', 'c2-3': '1.2-b' })).toBe(
      text.replace('1.1-a', '1.2-b').replace('1.0-z', '1.2-b'),
    );
  });

  it('at the host where its groups would say different things', () => {
    const groups = `groups:
  rack-a: { hosts: "c2-[1:3]", versions: { c2: 1.1-a } }
  trial: { hosts: c2-3, versions: { c2: 1.1-a } }
`;
    const text = cluster('', three, groups);
    expect(say(text, 'c2', { 'c2-1': '1.2-b', 'c2-2': '1.2-b' })).toBe(
      text
        .replace('versions: { c2: 1.1-a } }\n  trial', 'versions: { c2: 1.2-b } }\n  trial')
        .replace(HOST('c2-3'), HOST('c2-3', ', versions: { c2: 1.1-a }')),
    );
    expect(say(text, 'c2', { 'c2-3': '1.2-b' })).toBe(
      text
        .replace('hosts: c2-3, versions: { c2: 1.1-a }', 'hosts: c2-3, versions: { c2: 1.2-b }')
        .replace(HOST('c2-3'), HOST('c2-3', ', versions: { c2: 1.2-b }')),
    );
  });

  it('says by hand at which group', () => {
    const groups =
      'groups: { rack-a: { hosts: c2, versions: &v { c2: 1.1-a } }, b: { hosts: c2-1, versions: *v } }\n';
    expect(
      versionsWritten(
        FILE,
        cluster('', three, groups),
        'c2',
        new Map([
          ['c2-1', '1.2-b'],
          ['c2-2', '1.2-b'],
        ]),
      ),
    ).toMatchObject({
      ok: false,
      error: [{ next: [{ text: 'write c2: 1.2-b under `versions` of the group rack-a' }] }],
    });
  });

  it('for the cluster, where all hosts are on it', () => {
    const text = cluster('versions:\n  c2: 1.1-a # all of them', three);
    expect(say(text, 'c2', { 'c2-1': '1.2-b', 'c2-2': '1.2-b', 'c2-3': '1.2-b' })).toBe(
      text.replace('1.1-a', '1.2-b'),
    );
  });

  it('for the one host that is on another, and for the cluster that of most', () => {
    const text = cluster('versions: { c2: 1.1-a }', three);
    const half = say(text, 'c2', { 'c2-2': '1.2-b' });
    expect(half).toBe(text.replace(HOST('c2-2'), HOST('c2-2', ', versions: { c2: 1.2-b }')));
    const most = say(half, 'c2', { 'c2-1': '1.2-b' });
    expect(most).toBe(
      text.replace('1.1-a', '1.2-b').replace(HOST('c2-3'), HOST('c2-3', ', versions: { c2: 1.1-a }')),
    );
    expect(say(most, 'c2', { 'c2-3': '1.2-b' })).toBe(text.replace('1.1-a', '1.2-b'));
  });

  it('at the hosts alone, where the cluster says none', () => {
    const text = cluster('', HOST('c2-1', ', versions: { c2: 1.1-a }'));
    expect(say(text, 'c2', { 'c2-1': '1.2-b' })).toBe(text.replace('1.1-a', '1.2-b'));
  });

  it('in lines of their own in block style, and in the quotes of before', () => {
    const hosts = `${HOST('c2-3')}
  - name: c2-1 # the first
    address: 10.0.0.1
    roles: [c2]
    profile: amd-7371 # model

    # its neighbour
  - name: c2-2
    address: 10.0.0.2
    roles: [c2]
    profile: amd-7371
    versions:
      # on trial until Friday
      c2: '1.0-z' # by Li
`;
    const text = cluster('versions:\n  c2: "1.1-a"', hosts);
    expect(say(text, 'c2', { 'c2-1': '1.3-c', 'c2-2': '1.2-b' })).toBe(
      text
        .replace('amd-7371 # model\n', 'amd-7371 # model\n    versions: { c2: 1.3-c }\n')
        .replace("'1.0-z'", "'1.2-b'"),
    );
    // Taking it out would take the words above with it.
    expect(say(text, 'c2', { 'c2-1': '1.2-b', 'c2-2': '1.2-b', 'c2-3': '1.2-b' })).toBe(
      text.replace('"1.1-a"', '"1.2-b"').replace("'1.0-z'", "'1.2-b'"),
    );
    const noWords = text.replace('      # on trial until Friday\n', '');
    expect(say(noWords, 'c2', { 'c2-2': '1.1-a' })).toBe(
      noWords.replace("versions:\n      c2: '1.0-z' # by Li", '# by Li'),
    );
  });

  it('quoted, where YAML would take it for a number', () => {
    const text = cluster('versions: { c2: 1.1-a }', HOST('c2-1'));
    expect(say(text, 'c2', { 'c2-1': '1.20' })).toBe(text.replace('1.1-a', '"1.20"'));
  });

  it('nowhere, where that would be said of others too', () => {
    const text = cluster('versions: { p1: &all 1.1-a, c2: *all }', `${HOST('c2-1')}\n${HOST('p1-2')}`);
    expect(versionsWritten(FILE, text, 'c2', new Map([['c2-1', '1.2-b']]))).toMatchObject({
      ok: false,
      error: [
        {
          kind: 'inventory',
          where: { file: FILE, line: 5 },
          why: '*all stands here for a value of another place',
          next: [{ type: 'edit', text: 'write c2: 1.2-b under `versions` of the cluster' }],
        },
      ],
    });
    expect(versionsWritten(FILE, text, 'p1', new Map([['p1-2', '1.2-b']]))).toMatchObject({
      ok: false,
      error: [{ where: { line: 5 }, why: '*all in line 5 stands for this value too' }],
    });
    const shared = cluster(
      'versions: { c2: 1.1-a }',
      [HOST('c2-1', ', versions: &own { c2: 1.0-z }'), HOST('c2-2', ', versions: *own'), HOST('c2-3')].join(
        '\n',
      ),
    );
    expect(versionsWritten(FILE, shared, 'c2', new Map([['c2-2', '1.2-b']]))).toMatchObject({
      ok: false,
      error: [
        {
          where: { line: 9 },
          next: [{ text: 'write c2: 1.2-b under `versions` of the host c2-2' }],
        },
      ],
    });
  });

  it('nowhere, for a host that does not run it, or in a file with a mistake', () => {
    const text = cluster('versions: { c2: 1.1-a }', HOST('c2-1'));
    expect(versionsWritten(FILE, text, 'p1', new Map([['c2-1', '1.2-b']]))).toMatchObject({
      ok: false,
      error: [{ what: 'no host c2-1 runs p1 by this file' }],
    });
    expect(versionsWritten(FILE, `${text}\nfoo: 1`, 'c2', new Map([['c2-1', '1.2-b']])).ok).toBe(false);
    expect(versionsWritten(FILE, '{', 'c2', new Map()).ok).toBe(false);
  });
});

describe('written', () => {
  const sum = (digit: string) => digit.repeat(64);

  it('adds the sums of archives, each once, as those are that are there', () => {
    const text = cluster('versions: { c2: 1.1-a }', HOST('c2-1'));
    const one = textOf(written(FILE, text, { sha256: new Map([['lotus-worker-1.2-b.tar.gz', sum('a')]]) }));
    expect(one).toBe(text.replace('{} }', `{ lotus-worker-1.2-b.tar.gz: ${sum('a')} } }`));
    const two = textOf(
      written(FILE, one, {
        sha256: new Map([
          ['lotus-worker-1.2-b.tar.gz', sum('A')],
          ['lotus-1.2-b.tar.gz', sum('1')],
          ['lotus-miner-1.2-b.tar.gz', sum('b')],
        ]),
      }),
    );
    expect(two).toBe(
      one.replace('a } }', `a, lotus-1.2-b.tar.gz: "${sum('1')}", lotus-miner-1.2-b.tar.gz: ${sum('b')} } }`),
    );
    const lines = one.replace(
      /artifacts: .*/,
      `artifacts:\n  url: http://a.example.com\n  sha256:\n     "x": "${sum('c')}"`,
    );
    expect(textOf(written(FILE, lines, { sha256: new Map([['y.tar.gz', sum('d')]]) }))).toBe(
      lines.replace(`${sum('c')}"`, `${sum('c')}"\n     "y.tar.gz": "${sum('d')}"`),
    );
  });

  it('opens an empty mapping of a key in lines of its own', () => {
    const sums = new Map([
      ['a.tar.gz', sum('a')],
      ['b.tar.gz', sum('b')],
    ]);
    const lines = (indent: string) => `${indent}a.tar.gz: ${sum('a')}\n${indent}b.tar.gz: ${sum('b')}`;
    const of = (artifacts: string) =>
      cluster('versions: { c2: 1.1-a }', HOST('c2-1')).replace(/artifacts: .*/, artifacts);
    const url = 'url: http://a.example.com';
    for (const [before, after] of [
      [
        `artifacts:\n  ${url}\n  sha256: {} # each once\n  # end`,
        `artifacts:\n  ${url}\n  sha256: # each once\n${lines('    ')}\n  # end`,
      ],
      [
        `artifacts:\n    sha256:   {  }\n    ${url}`,
        `artifacts:\n    sha256:\n${lines('        ')}\n    ${url}`,
      ],
    ] as const) {
      expect(textOf(written(FILE, of(before), { sha256: sums }))).toBe(of(after));
      const windows = of(before).replaceAll('\n', '\r\n');
      expect(textOf(written(FILE, windows, { sha256: sums }))).toBe(of(after).replaceAll('\n', '\r\n'));
    }
    const tagged = of(`artifacts:\n  ${url}\n  sha256: &sums {}`);
    expect(textOf(written(FILE, tagged, { sha256: new Map([['a.tar.gz', sum('a')]]) }))).toBe(
      tagged.replace('{}', `{ a.tar.gz: ${sum('a')} }`),
    );
  });

  it('writes several programs and their sums at once', () => {
    const text = cluster('versions: { c2: 1.1-a, p1: 1.1-a }', `${HOST('c2-1')}\n${HOST('p1-2')}\n`);
    const now = textOf(
      written(FILE, text, {
        versions: new Map([
          ['c2', new Map([['c2-1', '1.2-b']])],
          ['p1', new Map([['p1-2', '1.2-b']])],
        ]),
        sha256: new Map([['lotus-worker-1.2-b.tar.gz', sum('e')]]),
      }),
    );
    expect(load(now).hosts.map(({ versions }) => versions)).toEqual([
      { c2: '1.2-b', p1: '1.2-b' },
      { c2: '1.2-b', p1: '1.2-b' },
    ]);
  });
});
