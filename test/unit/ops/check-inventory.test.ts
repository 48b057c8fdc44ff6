import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeProblem } from '../../../src/core/problem.ts';
import { checkInventory } from '../../../src/ops/check-inventory.ts';

const root = join(import.meta.dirname, '../../..');
const GOOD = readFileSync(join(root, 'test/unit/inventory/cases/good/f0494733.yaml'), 'utf8');

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-check-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
};

/** What is said of the files of the directory, each problem's first line, without the directory. */
const said = async (
  { miner, inventory = 'inventories', profiles = false, secrets = true } = {} as {
    readonly miner?: string;
    readonly inventory?: string;
    readonly profiles?: boolean;
    readonly secrets?: boolean;
  },
): Promise<readonly string[]> => {
  const { problems } = await checkInventory(
    {
      inventory: join(directory, inventory),
      ...(profiles && { profiles: join(directory, 'profiles') }),
      packageRoot: root,
      env: { TOKEN: 'made-up-token' },
      home: directory,
    },
    { miner, secrets, now: new Date('2026-11-22T10:30:00') },
  );
  return problems.map((problem) =>
    (describeProblem(problem).split('\n')[0] ?? '').replaceAll(`${directory}/`, ''),
  );
};

describe('every mistake of a file is told at once', () => {
  it('overrides of more than the profile has once, and not what a layout would make of them', async () => {
    const more = (overrides: string) =>
      GOOD.replace(
        'roles: [p1], profile: amd-7532 }',
        `roles: [p1], profile: amd-7532, overrides: { ${overrides}, until: 2026-12-01, reason: moved } }`,
      );
    write({ 'inventories/f0494733.yaml': more('p1Tasks: 40') });
    expect(await said()).toEqual([
      expect.stringContaining('p1-50: `p1Tasks` is 40, and profile amd-7532 has 14'),
    ]);
    write({ 'inventories/f0494733.yaml': more('nodes: { 0: 0, 1: 300 }') });
    expect(await said()).toEqual([expect.stringContaining('p1-50: node 1 has 300 GiB')]);
    // What is less, and no layout: that is told of the layout.
    write({ 'inventories/f0494733.yaml': more('memoryGiB: 64') });
    expect(await said()).toEqual([
      expect.stringContaining('profile amd-7532 with overrides: the P1 tasks need 1792 huge pages'),
    ]);
  });

  it('a bad address, an unknown role, a name that is there twice, and what is wrong in a profile', async () => {
    write({
      'inventories/f0494733.yaml': `${GOOD.replace('env: TOKEN', 'env: NO_SUCH_TOKEN')
        .replace('192.168.10.50', '192.168.10.500')
        .replace('roles: [c2]', 'roles: [p2]')
        .replace('name: c2-10', 'name: p1-50')
        .replace('port: 22', 'port: 22, privateKey: ~/no-such-key')}
  - { name: p1-51, address: 192.168.10.51, roles: [p1], profile: mine }
`,
      'profiles/mine.yaml': readFileSync(join(root, 'profiles/amd-7532.yaml'), 'utf8')
        .replace('l3GroupsPerSocket', 'l3GroupPerSocket')
        .replace('memoryGiB: 2048', 'memoryGiB: 2T'),
      'profiles/amd-7532.yaml': readFileSync(join(root, 'profiles/amd-7532.yaml'), 'utf8').replace(
        '64GiB: 14',
        '64GiB: 140',
      ),
      'profiles/intel-4216.yaml': readFileSync(join(root, 'profiles/intel-4216.yaml'), 'utf8'),
    });
    expect(await said({ profiles: true })).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:3:57: the secret NO_SUCH_TOKEN is missing: the environment variable is not set",
        "inventories/f0494733.yaml:10:42: the private key ~/no-such-key is missing",
        "inventories/f0494733.yaml:12:29, p1-50: \`address\` must be an IPv4 address, not "192.168.10.500"",
        "inventories/f0494733.yaml:13:11: the name p1-50 is used twice (also in line 12)",
        "inventories/f0494733.yaml:15:13, p1-50: \`roles[0]\` cannot be "p2"",
        "profiles/amd-7532.yaml:22:19, p1-50: profile amd-7532: the P1 tasks need 17920 huge pages of 1 GiB, the machine can give 2016",
        "profiles/mine.yaml:12:3: unknown key "l3GroupPerSocket" in \`cpu\`",
        "profiles/mine.yaml:14:12: \`memoryGiB\` must be a number, not "2T"",
      ]
    `);
  });

  it('versions for another vendor, though something else of the host is wrong', async () => {
    write({
      'inventories/f0494733.yaml': GOOD.replace(
        'p1: 1.11.1-3079a405a,',
        'p1: 1.11.1-3079a405a-intel,',
      ).replace('profile: amd-7532 }', 'profile: amd-7532, ssh: { port: 99999 } }'),
    });
    expect(await said()).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:4:17: there is no sha256 for lotus-worker-1.11.1-3079a405a-intel.tar.gz",
        "inventories/f0494733.yaml:12:66, p1-50: version 1.11.1-3079a405a-intel of p1 is built for Intel with Ubuntu, but the host is amd-7532 with ubuntu-18.04",
        "inventories/f0494733.yaml:12:89, p1-50: \`ssh.port\` must be at most 65535, not 99999",
      ]
    `);
  });

  it('what stands beside a wrong value: other sums, other versions, other roles', async () => {
    write({
      'inventories/f0494733.yaml': GOOD.replace('deadbeef', 'dead')
        .replace('{ p1: 1.11.1-3079a405a, c2: 1.11.1-39c692f52-intel }', '{ p1: 1.11.2, c2: [] }')
        .replace('roles: [p1]', 'roles: [p9, p1, p1]'),
    });
    expect(await said()).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:4:17: there is no sha256 for lotus-worker-1.11.2.tar.gz",
        "inventories/f0494733.yaml:4:29: \`versions.c2\` must be text",
        "inventories/f0494733.yaml:8:43: \`artifacts.sha256.lotus-worker-1.11.1-3079a405a.tar.gz\` must be a sha256: 64 hexadecimal digits, not "deaddeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef"",
        "inventories/f0494733.yaml:12:52, p1-50: \`roles[0]\` cannot be "p9"",
        "inventories/f0494733.yaml:12:60, p1-50: the role p1 is here twice",
      ]
    `);
  });

  it('but secrets and keys only where they are asked for', async () => {
    write({
      'inventories/f0494733.yaml': GOOD.replace('env: TOKEN', 'env: NO_SUCH_TOKEN').replace(
        'port: 22',
        'privateKey: /no/such',
      ),
    });
    expect(await said({ secrets: false })).toEqual([]);
    expect(await said()).toHaveLength(2);
  });
});

describe('all inventories of a directory are checked together', () => {
  const other = GOOD.replace('f0494733', 'f0730670').replace('192.168.10.10', '192.168.11.10');

  it('a machine is in one cluster', async () => {
    write({ 'inventories/f0494733.yaml': GOOD, 'inventories/f0730670.yaml': other });
    const expected = (file: string, first: string) => [
      `inventories/${file}.yaml:12:29, p1-50: the machine 192.168.10.50 is in two clusters: it is p1-50 in ${join(directory, 'inventories', first)}.yaml:12`.replaceAll(
        `${directory}/`,
        '',
      ),
    ];
    expect(await said()).toEqual(expected('f0730670', 'f0494733'));
    expect(await said({ miner: 'f0494733' })).toEqual(expected('f0494733', 'f0730670'));
    expect(await said({ inventory: 'inventories/f0494733.yaml' })).toEqual([]);
  });

  it('behind other bastions, or at another port, it is another machine', async () => {
    write({
      'inventories/f0494733.yaml': GOOD,
      'inventories/f0730670.yaml': other.replace('port: 22', 'port: 22, proxyJump: gate.example.com'),
      'inventories/f0730671.yaml': other.replace('f0730670', 'f0730671').replace('port: 22', 'port: 2222'),
    });
    expect(await said()).toEqual([]);
  });

  it('a host has not the address of another for its name', async () => {
    write({
      'inventories/f0494733.yaml': GOOD,
      'inventories/f0730670.yaml': other
        .replace('192.168.10.50', '192.168.10.51')
        .replace('name: p1-50', 'name: 192.168.10.50'),
    });
    expect(await said()).toEqual([
      'inventories/f0730670.yaml:12:13: the host 192.168.10.50 has the address 192.168.10.51, and 192.168.10.50 is the address of p1-50 (inventories/f0494733.yaml:12)',
    ]);
  });

  it('no machine is to listen on an address of one of another cluster, but behind another bastion', async () => {
    const listening = (text: string, listen: string) =>
      text.replace('192.168.10.50', `192.168.12.50, listen: ${listen}`);
    write({
      'inventories/f0494733.yaml': GOOD,
      'inventories/f0730670.yaml': listening(other, '192.168.10.50'),
      'inventories/f0730671.yaml': listening(other, '10.0.0.50')
        .replace('f0730670', 'f0730671')
        .replace('192.168.12', '192.168.13')
        .replace('192.168.11', '192.168.14'),
      'inventories/f0730672.yaml': listening(other, '10.0.0.50')
        .replace('f0730670', 'f0730672')
        .replace('192.168.12', '192.168.15')
        .replace('192.168.11', '192.168.16'),
      'inventories/f0730673.yaml': listening(other, '10.0.0.50')
        .replace('f0730670', 'f0730673')
        .replace('port: 22', 'port: 22, proxyJump: gate.example.com'),
    });
    expect(await said()).toEqual([
      'inventories/f0730670.yaml:12:52, p1-50: 192.168.10.50 is an address of two machines: p1-50 has it in inventories/f0494733.yaml:12',
      'inventories/f0730672.yaml:12:52, p1-50: 10.0.0.50 is an address of two machines: p1-50 has it in inventories/f0730671.yaml:12',
    ]);
    expect(await said({ miner: 'f0494733' })).toEqual([
      'inventories/f0494733.yaml:12:29, p1-50: 192.168.10.50 is an address of two machines: p1-50 has it in inventories/f0730670.yaml:12',
    ]);
  });

  it('a host has not what another listens on for its name', async () => {
    write({
      'inventories/f0494733.yaml': GOOD.replace('192.168.10.50', '192.168.10.50, listen: 10.0.0.50'),
      'inventories/f0730670.yaml': other
        .replace('192.168.10.50', '192.168.10.51')
        .replace('name: p1-50', 'name: 10.0.0.50'),
    });
    expect(await said()).toEqual([
      'inventories/f0730670.yaml:12:13: the host 10.0.0.50 has the address 192.168.10.51, and 10.0.0.50 is the address of p1-50 (inventories/f0494733.yaml:12)',
    ]);
  });

  it('mistakes of other files do not keep a miner from being checked', async () => {
    write({ 'inventories/f0494733.yaml': GOOD, 'inventories/f0730670.yaml': 'hosts: [' });
    expect(await said({ miner: 'f0494733' })).toEqual([]);
  });
});
