import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it('leaves what is there, of the miner and of others', async () => {
    await fcops('init', 'f0999');
    writeFileSync(join(directory, 'inventories/f0999.yaml'), 'mine');
    expect(await fcops('init', 'f0999')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: inventories/f0999.yaml: the cluster has a file already, and it stays as it is\n' +
        '  next: see what is left to fill in: fcops inventory check --miner f0999\n',
    });
    expect(read('inventories/f0999.yaml')).toBe('mine');
    expect((await fcops('init', 'f0998')).exitCode).toBe(0);
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
