import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewHost } from '../../../../src/inventory/edit/host-style.ts';
import { hostsAppended } from '../../../../src/inventory/edit/hosts.ts';
import { readYaml, valueAt } from '../../../../src/inventory/yaml-file.ts';
import { inventory } from './inventories.ts';

const FILE = 'inventories/f0494733.yaml';

const P1 = (number: number): NewHost => ({
  name: `p1-${number}`,
  address: `192.168.10.${number}`,
  roles: ['p1'],
  profile: 'amd-7532',
});

const top = `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: TOKEN } }
artifacts: { url: http://artifacts.example.com, sha256: {} }
`;

/** The text, or the problem in its place. */
const append = (text: string, ...hosts: readonly NewHost[]): string => {
  const result = hostsAppended(FILE, text, hosts);
  return result.ok ? result.value : `refused: ${JSON.stringify(result.error)}`;
};

/** What stands after the hosts that were there. */
const added = (hosts: string, ...more: readonly NewHost[]): string => {
  const now = append(`${top}hosts:\n${hosts}`, ...more);
  const [before = '', after] = now.split(hosts);
  return after === undefined || before !== `${top}hosts:\n` ? now : after;
};

const dataOf = (text: string) => readYaml(FILE, text).value;

/** Lists in brackets, as JSON and people write them. */
const inBrackets = fc
  .record({
    hosts: fc.integer({ min: 1, max: 4 }),
    lines: fc.boolean(),
    comma: fc.boolean(),
    comment: fc.constantFrom('', ' # the last', ' # {'),
    json: fc.boolean(),
    crlf: fc.boolean(),
    end: fc.constantFrom('', '\n', '\n# end\n', '\nvariables: { ntpServer: null }\n'),
    indent: fc.constantFrom('  ', '    ', '      '),
  })
  .map(({ hosts, lines, comma, comment, json, crlf, end, indent }) => {
    const one = (index: number) =>
      json
        ? `{"name":"h-${index}","address":"10.0.0.${index}","roles":["p1"],"profile":"amd-7532"}`
        : `{ name: h-${index}, address: 10.0.0.${index}, roles: [ p1 ], profile: amd-7532 }`;
    const all = Array.from({ length: hosts }, (_, index) => one(index + 1));
    const list = lines
      ? `[\n${all.map((text, index) => `${indent}${text}${index < hosts - 1 || comma ? ',' : ''}${comment}`).join('\n')}\n${indent}]`
      : `[${all.join(', ')}${comma ? ',' : ''}]`;
    const text = `${top}hosts: ${list}${end}`;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });

/** Anchors that nothing refers to: every tool leaves some. */
const withAnchors = (text: string): string =>
  text.replace(/^( *)- \{/gm, (_, indent: string, at: number) => `${indent}- &a${at} {`);

const inDashes = fc
  .tuple(inventory, fc.boolean())
  .map(([{ text }, anchors]) => (anchors ? withAnchors(text) : text));

const files = fc.oneof({ weight: 3, arbitrary: inDashes }, inBrackets);

const newHosts = fc
  .array(
    fc.record(
      {
        roles: fc.constantFrom<NewHost['roles']>(['p1'], ['c2'], ['apx'], ['miner', 'apx']),
        profile: fc.constantFrom('amd-7532', 'no: such', '7532', 'true'),
        os: fc.constantFrom('debian-12' as const, 'ubuntu' as const),
        listen: fc.constantFrom('10.8.0.1'),
      },
      { requiredKeys: ['roles', 'profile'] },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((hosts) =>
    hosts.map((host, index): NewHost => ({ name: `n-${index}`, address: `10.9.0.${index}`, ...host })),
  );

describe('hostsAppended, whatever the file looks like', () => {
  it('says what was said and the new hosts, and nothing else', () => {
    fc.assert(
      fc.property(files, newHosts, (text, hosts) => {
        const now = append(text, ...hosts);
        const before = dataOf(text);
        expect(dataOf(now)).toEqual(
          Object.assign({}, before, { hosts: [...Array.from(hostsIn(before)), ...hosts] }),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every line as it is, and what ends it', () => {
    fc.assert(
      fc.property(files, newHosts, (text, hosts) => {
        const now = append(text, ...hosts);
        // Of a list in brackets the host before gets a comma: nothing else comes between what was there.
        expect(withoutPieces(now, text)).toBe(true);
        const eol = text.includes('\r\n') ? '\r\n' : '\n';
        const lines = now.split(eol);
        const missing = text.split(eol).filter((line) => !lines.includes(line));
        expect(missing.length).toBeLessThanOrEqual(text.includes('hosts: [') ? 1 : 0);
        if (eol === '\r\n') expect(now.replaceAll('\r\n', '')).not.toContain('\n');
        else expect(now).not.toContain('\r');
        expect(now.endsWith('\n')).toBe(text.endsWith('\n'));
      }),
      { numRuns: 200 },
    );
  });

  it('is the same where hosts come one after the other', () => {
    fc.assert(
      fc.property(files, newHosts, (text, hosts) => {
        const together = append(text, ...hosts);
        const apart = hosts.reduce((now, host) => append(now, host), text);
        expect(dataOf(apart)).toEqual(dataOf(together));
      }),
      { numRuns: 60 },
    );
  });
});

const hostsIn = (data: unknown): readonly unknown[] => {
  const hosts = valueAt(data, ['hosts']);
  return Array.isArray(hosts) ? hosts : [];
};

/** Whether a text is another one with pieces put in. */
const withoutPieces = (longer: string, shorter: string): boolean => {
  let at = 0;
  for (const letter of longer) if (letter === shorter[at]) at += 1;
  return at === shorter.length;
};

describe('a new host is written as its neighbour', () => {
  it('in braces, with its blanks, quotes and order', () => {
    expect(added('  - { name: p1-50, address: 10.0.0.50, roles: [p1], profile: amd-7532 }\n', P1(74))).toBe(
      '  - { name: p1-74, address: 192.168.10.74, roles: [p1], profile: amd-7532 }\n',
    );
    expect(
      added("-   {address: '10.0.0.50', name: 'p1-50', roles: ['p1'], profile: 'amd-7532'} # old", P1(74)),
    ).toBe("\n-   {address: '192.168.10.74', name: 'p1-74', roles: ['p1'], profile: 'amd-7532'}");
    expect(
      added('  - {"name":"p1-50","address":"10.0.0.50","roles":["p1"],"profile":"amd-7532"}\n', {
        ...P1(74),
        roles: ['p1', 'apx'],
        os: 'debian-12',
      }),
    ).toBe(
      '  - {"name":"p1-74","address":"192.168.10.74","roles":["p1","apx"],"profile":"amd-7532","os":"debian-12"}\n',
    );
  });

  it('without what is only true of the neighbour', () => {
    expect(
      added(
        '  - &first { name: p1-50, address: 10.0.0.50, os: debian-12, roles: [ p1 ], profile: amd-7532, checks: warn, ssh: { port: 23 } } # slow\n',
        P1(74),
      ),
    ).toBe('  - { name: p1-74, address: 192.168.10.74, roles: [ p1 ], profile: amd-7532 }\n');
  });

  it('with the address that it listens on behind that which it is reached by', () => {
    expect(
      added('  - { name: p1-50, roles: [p1], address: 10.0.0.50, listen: 10.1.0.50, profile: amd-7532 }\n', {
        ...P1(74),
        listen: '10.1.0.74',
      }),
    ).toBe(
      '  - { name: p1-74, roles: [p1], address: 192.168.10.74, listen: 10.1.0.74, profile: amd-7532 }\n',
    );
    expect(
      added('  - { name: p1-50, address: 10.0.0.50, roles: [p1], profile: amd-7532 }\n', {
        ...P1(74),
        listen: '10.1.0.74',
      }),
    ).toBe(
      '  - { name: p1-74, address: 192.168.10.74, listen: 10.1.0.74, roles: [p1], profile: amd-7532 }\n',
    );
  });

  it('in braces over several lines', () => {
    expect(
      added(
        '  - { # the first\n      name: p1-50, # a name\n      address: 10.0.0.50,\n      roles: [p1],\n      profile: amd-7532,\n    }\n',
        P1(74),
        P1(75),
      ),
    ).toBe(
      [74, 75]
        .map(
          (n) =>
            `  - {\n      name: p1-${n},\n      address: 192.168.10.${n},\n      roles: [p1],\n      profile: amd-7532,\n    }\n`,
        )
        .join(''),
    );
  });

  it('in lines of its own, with the blank line that parts the others', () => {
    const one = (name: string, address: string) =>
      `  -   name: ${name}\n      address: "${address}"\n      roles:\n        - p1\n      profile: amd-7532\n`;
    expect(added(`${one('p1-50', '10.0.0.50')}\n${one('p1-51', '10.0.0.51')}`, P1(74), P1(75))).toBe(
      `\n${one('p1-74', '192.168.10.74')}\n${one('p1-75', '192.168.10.75')}`,
    );
    expect(added(one('p1-50', '10.0.0.50'), P1(74))).toBe(one('p1-74', '192.168.10.74'));
  });

  it('in the line after the dash, where that stands alone', () => {
    expect(
      added(
        '- # first\n    name: p1-50\n    address: 10.0.0.50\n    roles: [p1]\n    profile: amd-7532\n',
        P1(74),
      ),
    ).toBe('-\n    name: p1-74\n    address: 192.168.10.74\n    roles: [p1]\n    profile: amd-7532\n');
  });

  it('behind a text of several lines, whose end belongs to it', () => {
    const host = `  - name: p1-50
    address: 10.0.0.50
    roles: [p1]
    profile: amd-7532
    overrides:
      p1Tasks: 12
      until: 2027-01-01
      reason: |+
        a module is gone

`;
    const one = '  - name: p1-74\n    address: 192.168.10.74\n    roles: [p1]\n    profile: amd-7532\n';
    expect(added(host, P1(74))).toBe(one);
    expect(append(`${top}hosts:\n${host}# end\nos: debian-12\n`, P1(74))).toBe(
      `${top}hosts:\n${host}${one}# end\nos: debian-12\n`,
    );
  });

  it('with the keys of one whose keys have marks of their own', () => {
    expect(
      added(
        '  - ? name\n    : p1-50\n    ? address\n    : 10.0.0.50\n    ? roles\n    : [p1]\n    ? profile\n    : amd-7532\n',
        P1(74),
      ),
    ).toBe('  - name: p1-74\n    address: 192.168.10.74\n    roles: [p1]\n    profile: amd-7532\n');
  });

  it('behind the comments that stand within the last host', () => {
    const host = `  - name: p1-50
    address: 10.0.0.50
    roles: [p1]
    profile: amd-7532
    # listen: 172.16.0.50
      # once it has that network
`;
    const one = '  - name: p1-74\n    address: 192.168.10.74\n    roles: [p1]\n    profile: amd-7532\n';
    for (const rest of ['', '  # p1-60 is away\n', '\n    # further down\n'])
      expect(append(`${top}hosts:\n${host}${rest}`, P1(74))).toBe(`${top}hosts:\n${host}${one}${rest}`);
    expect(append(`${top}hosts:\n${host.trimEnd()}`, P1(74))).toBe(`${top}hosts:\n${host}${one.trimEnd()}`);
    const reason = host.replace(
      '    # listen',
      '    overrides:\n      reason: |\n        gone\n    # listen',
    );
    expect(append(`${top}hosts:\n${reason}# end\n`, P1(74))).toBe(`${top}hosts:\n${reason}${one}# end\n`);
  });

  it('between the last host and the comments below it', () => {
    const host = '  - { name: p1-50, address: 10.0.0.50, roles: [p1], profile: amd-7532 } # the last\n';
    const rest = '  # p1-60 is away\n\n# settings\nvariables: { ntpServer: null }\n';
    expect(append(`${top}hosts:\n${host}${rest}`, P1(74))).toBe(
      `${top}hosts:\n${host}  - { name: p1-74, address: 192.168.10.74, roles: [p1], profile: amd-7532 }\n${rest}`,
    );
  });
});

describe('a new host begins a list', () => {
  const first = '  - { name: p1-74, address: 192.168.10.74, roles: [p1], profile: amd-7532 }\n';
  const second = first.replaceAll('74', '75');

  it.each([
    ['hosts: []\n', ''],
    ['hosts: [ ]\n', ''],
    ['hosts:\n', ''],
    ['hosts: null\n', ''],
    ['hosts: ~\n', ''],
    ['hosts: [] # none yet\n', ' # none yet'],
    ['hosts: # none yet\n', ' # none yet'],
  ])('in the place of %j', (empty, comment) => {
    expect(append(`${top}${empty}`, P1(74), P1(75))).toBe(`${top}hosts:${comment}\n${first}${second}`);
    expect(append(`${empty}${top}`, P1(74))).toBe(`hosts:${comment}\n${first}${top}`);
    const away = '  # - { name: p1-50 }\nstorage: []\n';
    expect(append(`${top}${empty}${away}`, P1(74))).toBe(`${top}hosts:${comment}\n${first}${away}`);
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    expect(append(crlf(`${top}${empty}`), P1(74))).toBe(crlf(`${top}hosts:${comment}\n${first}`));
    expect(append(`${top}${empty}`.trimEnd(), P1(74))).toBe(`${top}hosts:${comment}\n${first.trimEnd()}`);
  });

  it('of a file whose keys are quoted or further in', () => {
    const text = `${top}"hosts" : []\n`.replace(/^/gm, '  ').trimEnd();
    expect(append(text, P1(74))).toBe(`${text.replace(' []', '')}\n  ${first.trimEnd()}`);
  });
});

describe('a new host is not written', () => {
  const byHand = [
    {
      type: 'edit',
      text: 'write at the end of `hosts`:\n  - { name: p1-74, address: 192.168.10.74, roles: [p1], profile: amd-7532 }',
    },
  ];
  const refused = (text: string) => hostsAppended(FILE, text, [P1(74)]);

  it('where another place means the list too, or the last host is one of another place', () => {
    const host = '{ name: p1-50, address: 10.0.0.50, roles: [p1], profile: amd-7532 }';
    expect(refused(`${top}hosts:\n  - &a ${host}\n  - *a\n`)).toMatchObject({
      ok: false,
      error: [{ kind: 'inventory', where: { file: FILE, line: 6 }, next: byHand }],
    });
    expect(refused(`${top}hosts: &all\n  - ${host}\nstorage: *all\n`).ok).toBe(false);
  });

  it('into a list that is empty in another way, or into something else', () => {
    for (const odd of [
      'hosts: &a []',
      'hosts: !!seq []',
      'hosts: [\n]',
      'hosts: &a',
      'hosts: 5',
      'hosts: {}',
      'a: 1',
    ])
      expect(refused(`${top}${odd}\n`)).toMatchObject({ ok: false, error: [{ next: byHand }] });
    expect(refused('{ "miner": "f0494733", "hosts": [] }').ok).toBe(false);
  });

  it.each(['- p1\n', 'miner f0494733\n'])('into a file that is no cluster file: %j', (text) => {
    expect(refused(text)).toMatchObject({
      ok: false,
      error: [{ what: 'this is no cluster file, so it stays as it is', where: { file: FILE } }],
    });
  });

  it('where the file has a mistake or a merge key, which is told', () => {
    expect(refused(`${top}hosts:\n  - { <<: {}, name: p1-50 }\n`)).toMatchObject({
      ok: false,
      error: expect.arrayContaining([
        expect.objectContaining({ what: expect.stringContaining('merge keys') }),
      ]),
    });
    expect(refused('').ok).toBe(false);
  });
});
