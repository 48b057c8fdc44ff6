import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { secretsCheckDocumentSchema } from '../../../src/cli/views/secrets-check-document.ts';
import { secretsDocumentSchema } from '../../../src/cli/views/secrets-document.ts';
import { fcops as run, startFcopsOnTerminal } from '../../support/fcops.ts';

/** Secrets are kept in a repository by people who type commands; their values show nowhere. */

const VALUES = {
  token: `made-up "t0ken" $HOME 'ü' \\`,
  typed: 'made-up typed €',
  edited: 'made-up edited `x`',
};

let home = '';
let inventory = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'fcops-secrets-'));
  inventory = join(home, 'inventories');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const printed: string[] = [];
const fcops = async (args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) => {
  const ended = await run([...args, '--inventory', inventory], { home, input, env });
  printed.push(ended.stdout, ended.stderr);
  return ended;
};
const kept = (name: string): string => readFileSync(join(inventory, 'secrets', `${name}.age`), 'utf8');

test('a key is made, once, for its user alone', async () => {
  await fcops(['init', 'f0494733', '--role', 'p1']);
  const { stdout, exitCode } = await fcops(['secrets', 'init', '--name', 'alice']);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('as alice')]);
  const key = join(home, '.config/fcops/age.key');
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, '.config/fcops')).mode & 0o777).toBe(0o700);
  const before = readFileSync(key, 'utf8');
  const again = await fcops(['secrets', 'init', '--name', 'alice']);
  expect(again.stdout).toContain('has your public key already');
  expect(readFileSync(key, 'utf8')).toBe(before);
  expect(readFileSync(join(inventory, 'secrets/recipients.txt'), 'utf8').match(/^age1/gm)).toHaveLength(1);
});

test('a name that is nearly that of a secret which a cluster file names is told', async () => {
  const file = join(inventory, 'near.yaml');
  writeFileSync(file, 'miner: f0494733\napi: { address: a, token: { age: f0494733-token } }\n');
  const { stdout } = await fcops(['secrets', 'set', 'f0494733-tokn'], `${VALUES.token}\n`);
  expect(stdout).toContain('no cluster file names it yet; did you mean "f0494733-token", which one names?');
  rmSync(file);
  rmSync(join(inventory, 'secrets/f0494733-tokn.age'));
});

test('a secret comes from standard input, or is typed without being shown', async () => {
  const set = await fcops(['secrets', 'set', 'token'], `${VALUES.token}\n`);
  expect([set.exitCode, set.stdout]).toEqual([0, expect.stringContaining('no cluster file names it yet')]);
  expect(statSync(join(inventory, 'secrets/token.age')).mode & 0o777).toBe(0o644);

  const typing = startFcopsOnTerminal(['secrets', 'set', 'typed', '--inventory', inventory], { home });
  let shown = '';
  let asked = 0;
  typing.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const questions = shown.match(/typed(, once more)?: /g)?.length ?? 0;
    if (questions === asked) return;
    asked = questions;
    typing.stdin.write(`${VALUES.typed}\r`);
  });
  const { exitCode } = await typing;
  printed.push(shown);
  expect([exitCode, asked]).toEqual([0, 2]);
  expect(shown).toContain('typed.age, which can be decrypted by alice');
});

test('a secret that could not be masked is refused, and what was there stays', async () => {
  const before = kept('token');
  for (const value of ['tok\n', 'two lines\nof a secret\n', '\n', '']) {
    const { exitCode, stderr } = await fcops(['secrets', 'set', 'token'], value);
    expect([value, exitCode, stderr]).toEqual([value, 1, expect.stringMatching(/too short|several lines/)]);
  }
  expect((await fcops(['secrets', 'set', '../token'], 'made-up-token')).stderr).toContain(
    'is no name of a secret',
  );
  expect(kept('token')).toBe(before);
});

test('an editor gets a file of its own, of which nothing is left', async () => {
  const editor = join(home, 'editor');
  writeFileSync(
    editor,
    `#!/bin/sh\nstat -c '%a %n' "$1" >${home}/seen\ncat "$1" >${home}/was\nprintf '%s\\n' '${VALUES.edited}' >"$1"\n`,
  );
  chmodSync(editor, 0o755);
  const ended = await fcops(['secrets', 'edit', 'typed'], '', { EDITOR: editor });
  expect([ended.exitCode, ended.stderr, ended.stdout]).toEqual([0, '', expect.stringContaining('replaced')]);
  expect(readFileSync(join(home, 'was'), 'utf8')).toBe(`${VALUES.typed}\n`);
  const [mode, file = ''] = readFileSync(join(home, 'seen'), 'utf8').trim().split(' ');
  expect(mode).toBe('600');
  expect(existsSync(file)).toBe(false);
  const unnamed = await fcops(['secrets', 'edit', 'typed'], '', { EDITOR: '', VISUAL: '' });
  expect([unnamed.exitCode, unnamed.stdout]).toEqual([1, '']);
  expect(unnamed.stderr).toMatch(
    /there is no terminal for vi.*\n {2}next: from a pipe: fcops secrets set typed/,
  );
  const failed = await fcops(['secrets', 'edit', 'typed'], '', { EDITOR: 'false' });
  expect(failed.stderr).toContain('nothing was changed');
  rmSync(join(home, 'was'));
});

test('what is kept is listed and checked, as text and for programs', async () => {
  const file = join(inventory, 'f0494733.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/token: \{ env: .* \}/, 'token: { age: token }'));
  const listed = await fcops(['secrets', 'list']);
  expect(listed.stdout).toMatch(/^token +all +.*f0494733\.yaml:\d+:\d+$/m);
  expect(listed.stdout).toMatch(/^typed +all +nobody names it$/m);
  const json = await fcops(['secrets', 'list', '--output', 'json']);
  expect(secretsDocumentSchema.parse(JSON.parse(json.stdout)).secrets).toHaveLength(2);

  const checked = await fcops(['secrets', 'check']);
  expect(checked.exitCode).toBe(0);
  expect(checked.stdout).toMatch(/typed\.age:1: warning: nobody names the secret typed; next: /);
  expect(checked.stdout).toMatch(/^ok: looked at 2 secrets .*; 1 warning$/m);
  const warned = await fcops(['secrets', 'check', '--output', 'json']);
  expect(secretsCheckDocumentSchema.parse(JSON.parse(warned.stdout))).toMatchObject({
    ...{ wrong: 0, warnings: 1 },
    findings: [{ level: 'warning' }],
  });
  rmSync(join(inventory, 'secrets/typed.age'));
  const good = await fcops(['secrets', 'check', '--output', 'json']);
  expect(good.exitCode, good.stdout).toBe(0);
  expect(secretsCheckDocumentSchema.parse(JSON.parse(good.stdout))).toMatchObject({
    kept: 1,
    wrong: 0,
    warnings: 0,
    known: 1,
  });
});

test('a secret that stands in the words of its own command is told, and not shown', async () => {
  const file = join(inventory, 'f0494733.yaml');
  const before = readFileSync(file, 'utf8');
  const value = 'made-up-of-a-vault';
  writeFileSync(file, before.replace('token: { age: token }', `token: { exec: [echo, ${value}] }`));
  const check = await run(['inventory', 'check', '--inventory', inventory], { home });
  expect(check).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining('a text that stands in'),
  });
  const secrets = await run(['secrets', 'check', '--inventory', inventory], { home });
  expect(secrets.stdout).toMatch(/f0494733\.yaml:\d+: error: .* stands here in the clear/);
  expect([check.stderr, secrets.stdout].filter((text) => text.includes(value))).toEqual([]);
  writeFileSync(file, before);
});

test('who comes later can decrypt after a rotation by who could before, and who has gone is told of', async () => {
  const bob = join(home, 'bob.key');
  const joined = await fcops(['secrets', 'init', '--name', 'bob', '--identity', bob]);
  expect(joined.stdout).toContain('cannot be decrypted with it yet');
  expect((await fcops(['secrets', 'rotate', '--identity', bob])).stderr).toContain(
    'not encrypted for your key',
  );
  expect((await fcops(['secrets', 'check'])).stdout).toMatch(
    /recipients\.txt:\d+: error: bob \(.*cannot decrypt token/,
  );
  expect((await fcops(['secrets', 'rotate'])).stdout).toMatch(/encrypted 1 secret anew, for alice .*, bob /);
  expect((await fcops(['secrets', 'check'], '', { FCOPS_AGE_IDENTITY: bob })).exitCode).toBe(0);

  const recipients = join(inventory, 'secrets/recipients.txt');
  writeFileSync(recipients, readFileSync(recipients, 'utf8').replace(/# alice\n.*\n/, ''));
  const rotated = await fcops(['secrets', 'rotate']);
  expect(rotated.stdout).toMatch(/can still read the old commits[\s\S]*for each: token\n/);
  expect(rotated.stdout).toContain('Your own key is not among them: you cannot decrypt these any more\n');
  expect((await fcops(['secrets', 'rotate'])).stderr).toContain('not encrypted for your key');
  const ofBob = await fcops(['secrets', 'rotate', '--identity', bob]);
  expect([ofBob.exitCode, ofBob.stdout]).toEqual([0, expect.not.stringContaining('own key')]);
});

test('no value was printed, or left anywhere but encrypted', () => {
  const all = [...printed, ...filesBelow(home).map((file) => readFileSync(file, 'utf8'))];
  for (const value of Object.values(VALUES))
    expect(all.filter((text) => text.includes(value) && !text.startsWith('#!/bin/sh'))).toEqual([]);
  expect(parse(readFileSync(join(inventory, 'f0494733.yaml'), 'utf8')).api.token).toEqual({ age: 'token' });
});

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
