import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describePlace } from '../../../../src/core/problem.ts';
import { nodeFiles } from '../../../../src/ops/node-files.ts';
import { checkSecrets } from '../../../../src/ops/secrets/check-secrets.ts';
import { encrypted } from '../../../../src/ops/secrets/envelope.ts';
import { rotateSecrets } from '../../../../src/ops/secrets/rotate-secrets.ts';
import { readStore } from '../../../../src/ops/secrets/store.ts';
import { repository } from '../../inventory/support.ts';
import { ALICE, BOB, BY_AGE, temporaryFiles } from './support.ts';

const GOOD = readFileSync(join(repository, 'test/unit/inventory/cases/good/f0494733.yaml'), 'utf8').replace(
  '{ env: TOKEN }',
  '{ age: token }',
);
const VALUE = 'made-up "t0ken" $x ü';

const sealed = async (value: string, keys: readonly string[] = [ALICE.recipient]): Promise<string> => {
  const recipients = keys.map((key, index) => ({ key, name: null, line: index + 1 }));
  const made = await encrypted(value, recipients, 'r.txt');
  if (!made.ok) throw new Error(made.error.what);
  return made.value;
};

/** A directory that has nothing wrong, but for what is given. */
const checked = async (
  more: Readonly<Record<string, string | readonly [string, number] | null>> = {},
  env: Readonly<Record<string, string>> = {},
) => {
  const content = {
    'f0494733.yaml': GOOD,
    'secrets/recipients.txt': `# alice\n${ALICE.recipient}\n`,
    'secrets/token.age': await sealed(VALUE),
    'home/age.key': `${ALICE.identity}\n`,
    ...more,
  };
  const directory = temporaryFiles(
    Object.fromEntries(
      Object.entries(content).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const])),
    ),
  );
  const sources = {
    inventory: directory,
    packageRoot: repository,
    env: { FCOPS_AGE_IDENTITY: join(directory, 'home/age.key'), PATH: process.env.PATH, ...env },
    home: join(directory, 'home'),
  };
  const check = async (askVaults = true) => {
    const { findings } = await checkSecrets(sources, { askVaults });
    const said = findings.map(({ level, problem: { what, where } }) =>
      `${where ? describePlace(where) : ''}: ${level}: ${what}`.replaceAll(`${directory}/`, ''),
    );
    expect(JSON.stringify(findings)).not.toMatch(/t0ken|AGE-SECRET-KEY-1[A-Z0-9]/);
    return said;
  };
  return { directory, sources, check };
};

describe('a check of the secrets', () => {
  it('finds nothing where all is well', async () => {
    expect(await (await checked()).check()).toEqual([]);
  });

  it('finds values in the clear, wherever they stand', async () => {
    const { check } = await checked({
      'f0494733.yaml': `${GOOD}# was: ${VALUE}\nvariables: { environment: { S3_SECRET_KEY: x1, RUST_LOG: info } }\n`,
      'f01089422.yaml': readFileSync(join(repository, 'inventories/f01089422.yaml'), 'utf8').replace(
        '{ env: F01089422_TOKEN }',
        'eyJhbGciOiJIUzI1NiJ9.written-down',
      ),
      'f0494733.facts/p1-50.json': `{\n"x": ${JSON.stringify(VALUE)} }`,
      'secrets/recipients.txt': `# alice\n${ALICE.recipient}\n# ${BOB.identity}\n`,
    });
    expect(await check()).toEqual([
      'f01089422.yaml:11:10: wrong: a secret stands here in the clear, in the place of where it is kept',
      'f0494733.facts/p1-50.json:2: wrong: the secret age token stands here in the clear',
      'f0494733.yaml:17: wrong: the secret age token stands here in the clear',
      expect.stringMatching(
        /^f0494733\.yaml:18:\d+: wrong: the value of S3_SECRET_KEY stands here in the clear/,
      ),
      'secrets/recipients.txt:3: wrong: a private key stands here in the clear',
    ]);
  });

  it('finds files that others can read, and those that are not encrypted', async () => {
    const { check, directory } = await checked({
      'f0494733.yaml': GOOD.replace('user: root', 'user: root, password: { file: secrets/login }'),
      'secrets/login': ['made-up-login', 0o644],
      'secrets/old-token.txt': 'made-up',
    });
    chmodSync(join(directory, 'home/age.key'), 0o640);
    expect(await check()).toEqual([
      'f0494733.yaml:10:30: wrong: the secret file secrets/login can be read by others (mode 0644)',
      'home/age.key: wrong: others can read the private key (mode 0640)',
      'secrets/old-token.txt:1: wrong: this is not encrypted, and stands among secrets',
    ]);
  });

  it('finds secrets that nobody names, that are named and not there, and that are too short', async () => {
    const { check } = await checked({
      'f0494733.yaml': GOOD.replace('user: root', 'user: root, password: { age: nothing }'),
      'secrets/token.age': await sealed('t0k'),
      'secrets/unused.age': await sealed('made-up-other'),
    });
    expect(await check()).toEqual([
      'f0494733.yaml:3:57: wrong: the secret age token is too short: 8 characters are the least',
      expect.stringMatching(/^f0494733\.yaml:10:\d+: wrong: the secret age nothing is missing/),
      'secrets/unused.age:1: warning: nobody names the secret unused',
    ]);
  });

  it('does not know what a file names that cannot be read, and advises to remove no secret then', async () => {
    const { check, directory } = await checked({
      'f01.yaml': 'miner: f01\napi: { token: { age: other } \n',
      'secrets/other.age': await sealed('made-up-other'),
    });
    symlinkSync(join(directory, 'nowhere'), join(directory, 'f02.yaml'));
    mkdirSync(join(directory, 'f03.yaml'));
    expect(await check()).toEqual([
      expect.stringMatching(/^f01\.yaml:\d+:\d+: unknown: /),
      'f02.yaml: unknown: there is no such file, though its directory has the name',
      'f03.yaml: unknown: cannot be read',
    ]);
  });

  it('finds recipients that cannot decrypt, and others that still can', async () => {
    const both = `# alice\n${ALICE.recipient}\n# bob\n${BOB.recipient}\n`;
    const missing = await checked({ 'secrets/recipients.txt': both });
    expect(await missing.check()).toEqual([
      'secrets/recipients.txt:4: wrong: bob (age1cvm8x0pr5jp8…) cannot decrypt token: it was encrypted without that key',
    ]);
    const gone = await checked({
      'secrets/token.age': await sealed(VALUE, [ALICE.recipient, BOB.recipient]),
    });
    expect(await gone.check()).toEqual([
      'secrets/token.age:1: wrong: a key that no longer stands in secrets/recipients.txt can decrypt token',
    ]);
    const wrong = await checked({
      'secrets/recipients.txt': `${ALICE.recipient}\nssh-ed25519 AAAA alice\n${BOB.recipient.replace(/d$/, 'q')}\n`,
    });
    expect((await wrong.check()).slice(0, 2)).toEqual([
      'secrets/recipients.txt:2: wrong: SSH keys cannot be recipients',
      'secrets/recipients.txt:3: wrong: this is no recipient of age',
    ]);
  });

  it('says that it is not known who can decrypt what another program has encrypted', async () => {
    const both = { 'secrets/recipients.txt': `${ALICE.recipient}\n${BOB.recipient}\n` };
    const { check } = await checked({ ...both, 'secrets/token.age': BY_AGE });
    expect(await check()).toEqual([
      'secrets/token.age:1: unknown: who can decrypt token does not show: another program has encrypted it',
    ]);
    const other = await checked({ 'secrets/token.age': BY_AGE });
    expect(await other.check()).toEqual([
      'secrets/token.age:1: wrong: token is encrypted for 2, and secrets/recipients.txt has 1',
    ]);
  });

  it('knows less without a private key, variables and vaults, and says so', async () => {
    const { check } = await checked({
      'home/age.key': null,
      'f0494733.yaml': GOOD.replace(
        'user: root',
        'user: root, password: { env: LOGIN }, sudoPassword: { exec: [no-such-vault] }',
      ),
    });
    expect(await check()).toEqual([
      expect.stringMatching(/^f0494733.yaml:10:\d+: unknown: the secret LOGIN is missing/),
      expect.stringMatching(/^f0494733.yaml:10:\d+: unknown: no-such-vault was not found/),
      'home/age.key: unknown: there is no private key of age to decrypt secrets with',
    ]);
    expect(await check(false)).toHaveLength(2);
  });

  it('is not stopped by damaged files', async () => {
    const { check, directory } = await checked();
    writeFileSync(join(directory, 'secrets/token.age'), 'made-up-token-in-the-clear');
    expect(await check()).toEqual([
      'secrets/token.age:1: wrong: the secret token is not encrypted as it should be',
    ]);
    rmSync(join(directory, 'secrets/recipients.txt'));
    expect(await check()).toEqual([
      'secrets/recipients.txt: wrong: it is not said who can decrypt: there is no such file',
      'secrets/token.age:1: wrong: the secret token is not encrypted as it should be',
    ]);
  });
});

describe('a rotation', () => {
  it('encrypts for the recipients of now, and says what old commits tell', async () => {
    const { directory, sources } = await checked({
      'secrets/recipients.txt': `${BOB.recipient}\n`,
      'secrets/other.age': await sealed('made-up-other', [ALICE.recipient, BOB.recipient]),
    });
    const { secrets, exposed, unknown } = await rotateSecrets(sources, readStore(directory, nodeFiles));
    expect(exposed).toEqual(['other', 'token']);
    expect(unknown).toEqual([]);
    for (const { file, text } of secrets) writeFileSync(file, text);
    writeFileSync(join(directory, 'home/age.key'), BOB.identity);
    const again = await rotateSecrets(sources, readStore(directory, nodeFiles));
    expect(again.exposed).toEqual([]);
    expect(again.secrets.map(({ name }) => name)).toEqual(['other', 'token']);
  });

  it('is of all or of none', async () => {
    const { directory, sources } = await checked({
      'secrets/other.age': await sealed('made-up', [BOB.recipient]),
    });
    await expect(rotateSecrets(sources, readStore(directory, nodeFiles))).rejects.toThrow(
      'this was not encrypted for your key',
    );
  });
});
