import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fcops as run } from '../../support/fcops.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-init-'));
});
afterEach(() => rmSync(directory, { recursive: true }));
const fcops = (...args: string[]) => run(args, { cwd: directory });
const read = (path: string) => readFileSync(join(directory, path), 'utf8');

describe('fcops init', () => {
  it('writes a cluster file and its schema, and says what comes next', async () => {
    expect(await fcops('init', 'f0999')).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "",
        "stdout": "wrote inventories/f0999.yaml, and inventories/inventory.schema.json for your editor

      next:
        1. keep the token of the miner's API outside of the file, in the environment variable that the file names:
             read -rs F0999_TOKEN && export F0999_TOKEN
        2. fill in what stands in <…>, and see what is left:
             fcops inventory check --miner f0999
        3. look at the host keys, compare them, record them:
             fcops trust --miner f0999
        4. see what would change; nothing is touched:
             fcops plan p1 --miner f0999
      ",
      }
    `);
    expect(readdirSync(join(directory, 'inventories')).sort()).toEqual([
      'f0999.yaml',
      'inventory.schema.json',
    ]);
    const [schemaLine = ''] = read('inventories/f0999.yaml').split('\n');
    expect(schemaLine).toBe('# yaml-language-server: $schema=./inventory.schema.json');
    expect(read('inventories/inventory.schema.json')).toBe((await fcops('schema')).stdout);
  });

  it('leaves what is no cluster file, and what lacks nothing', async () => {
    await fcops('init', 'f0999');
    const whole = read('inventories/f0999.yaml');
    expect(await fcops('init', 'f0999')).toEqual({
      exitCode: 0,
      stdout: `inventories/f0999.yaml is there and lacks no section: it stays as it is

next:
  1. see what is left to fill in:
       fcops inventory check --miner f0999
`,
      stderr: '',
    });
    expect(read('inventories/f0999.yaml')).toBe(whole);
    writeFileSync(join(directory, 'inventories/f0999.yaml'), 'mine');
    expect(await fcops('init', 'f0999')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining(
        'error: inventories/f0999.yaml: this is no cluster file, so it stays as it is\n',
      ),
    });
    expect(read('inventories/f0999.yaml')).toBe('mine');
    expect((await fcops('init', 'f0998')).exitCode).toBe(0);
  });

  it('adds to a file that is there what it lacks, for the roles of its hosts, and touches nothing else', async () => {
    const mine = `# of the second farm
miner: f0999
hosts: # two racks
-   {name: c2-1, address: 10.0.0.1, roles: [c2], profile: intel-4216}
# the end`;
    mkdirSync(join(directory, 'inventories'));
    writeFileSync(join(directory, 'inventories/f0999.yml'), mine);
    const { exitCode, stdout, stderr } = await fcops('init', 'f0999');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('+sectorSize: <32GiB or 64GiB>\n');
    expect(stdout).toContain(
      'added to inventories/f0999.yml what it lacked: sectorSize, api, versions, artifacts; all else stays as it is\n',
    );
    const now = read('inventories/f0999.yml');
    expect(now.startsWith(`${mine}\n\nsectorSize: `)).toBe(true);
    expect(now).toContain('\n  c2: <version> # like 1.11.1-3079a405a-intel\n');
    expect(now).not.toContain('p1:');
    expect(readdirSync(join(directory, 'inventories')).sort()).toEqual([
      'f0999.yml',
      'inventory.schema.json',
    ]);
    // What is left is to be filled in, and nothing else is wrong.
    const check = await fcops('inventory', 'check', '--no-secrets');
    const lines = new Set([...check.stderr.matchAll(/f0999\.yml:(\d+)/g)].map(([, line]) => Number(line)));
    const marks = now.split('\n').flatMap((line, index) => (/<[^…>]+>/.test(line) ? [index + 1] : []));
    expect([...lines].sort((a, b) => a - b)).toEqual(marks);
    const again = await fcops('init', 'f0999', '--inventory', 'inventories/f0999.yml', '--output', 'json');
    expect(JSON.parse(again.stdout)).toMatchObject({ file: 'inventories/f0999.yml', added: [] });
    expect(read('inventories/f0999.yml')).toBe(now);
  });

  it('shows what it adds and nothing of what was there, where a secret may stand in the clear', async () => {
    mkdirSync(join(directory, 'inventories'));
    writeFileSync(
      join(directory, 'inventories/f0999.yaml'),
      'miner: f0999\napi:\n  token: |\n    made-up-token',
    );
    const { stdout } = await fcops('init', 'f0999');
    expect(stdout).not.toContain('made-up-token');
    expect(stdout.startsWith('+sectorSize: <32GiB or 64GiB>\n')).toBe(true);
    expect(read('inventories/f0999.yaml')).toContain('made-up-token\n\nsectorSize: ');
  });

  it('makes its own schema anew, and leaves one of somebody else', async () => {
    await fcops('init', 'f0999');
    const schema = join(directory, 'inventories/inventory.schema.json');
    const whole = readFileSync(schema, 'utf8');
    writeFileSync(schema, whole.replace('"description"', '"before"'));
    expect((await fcops('init', 'f0998')).exitCode).toBe(0);
    expect(readFileSync(schema, 'utf8')).toBe(whole);
    writeFileSync(schema, '{}');
    const { exitCode, stderr } = await fcops('init', 'f0997');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('this is not the schema of fcops')]);
    expect(readFileSync(schema, 'utf8')).toBe('{}');
    expect(existsSync(join(directory, 'inventories/f0997.yaml'))).toBe(false);
  });

  it('takes roles and another directory, and gives JSON', async () => {
    const { stdout } = await fcops('init', 't01000', '-i', 'a/b', '--role', 'c2', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      miner: 't01000',
      file: 'a/b/t01000.yaml',
      schema: 'a/b/inventory.schema.json',
      next: expect.arrayContaining([
        expect.objectContaining({ command: 'fcops plan c2 --miner t01000 --inventory a/b' }),
      ]),
    });
    expect(read('a/b/t01000.yaml')).not.toContain('p1-50');
  });

  it.each([
    [['init', '494733'], 'error: "494733" is no miner id\n'],
    [['init', '../x'], 'error: "../x" is no miner id\n'],
    [['init', 'f0999', '--role', 'p3'], '"p3" is no role: miner, p1, c2'],
    [['init', 'f0999', '-i', 'a/f0999.yaml'], 'next: give its directory: --inventory a\n'],
    [['plan', 'p1'], 'fcops init MINER'],
    [['plan', 'p1', '--miner', 'f0999', '-i', 'x y'], "fcops init f0999 --inventory 'x y'"],
  ])('%j is answered with what to do', async (args, text) => {
    const { exitCode, stderr } = await fcops(...args);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(text)]);
    expect(readdirSync(directory)).toEqual([]);
  });
});
