import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import { presentSecrets } from '../../../../src/inventory/secrets.ts';
import { encrypted } from '../../../../src/ops/secrets/envelope.ts';
import { resolveSecrets } from '../../../../src/ops/secrets/resolve.ts';
import { askVault } from '../../../../src/ops/secrets/vault-command.ts';
import { chosenCluster, requireSecrets } from '../../../../src/ops/sources.ts';
import { repository } from '../../inventory/support.ts';
import { ALICE, BOB, temporaryFiles } from './support.ts';

const GOOD = readFileSync(join(repository, 'test/unit/inventory/cases/good/f0494733.yaml'), 'utf8');
const VALUE = 'made-up "t0ken" $x ü';

/** A cluster whose token is kept as `ref` says. */
const withToken = async (
  ref: string,
  { recipient = `${ALICE.recipient}`, value = VALUE, key = `${ALICE.identity}`, mode = 0o600 } = {},
) => {
  const made = await encrypted(value, [{ key: recipient, name: null, line: 1 }], 'r.txt');
  if (!made.ok) throw new Error(made.error.what);
  const directory = temporaryFiles({
    'f0494733.yaml': GOOD.replace('{ env: TOKEN }', ref),
    'secrets/token.age': [made.value, 0o644],
    'age.key': [key, mode],
  });
  const sources = {
    inventory: directory,
    packageRoot: repository,
    env: { FCOPS_AGE_IDENTITY: join(directory, 'age.key'), PATH: process.env.PATH },
    home: directory,
  };
  return { sources, directory, cluster: chosenCluster(sources, undefined) };
};

const tokenOf = ({ api }: ReturnType<typeof chosenCluster>): string => api.token.reveal();

/** What is said where it cannot be had. */
const saidOf = async ({ sources, cluster }: Awaited<ReturnType<typeof withToken>>) => {
  try {
    await requireSecrets(sources, cluster);
    return [];
  } catch (error) {
    if (error instanceof FcopsError) return error.problems;
    throw error;
  }
};

describe('a secret of age', () => {
  it('has no value before it was worked out, and then is masked', async () => {
    const { sources, cluster } = await withToken('{ age: token }');
    expect(() => tokenOf(cluster)).toThrow('the secret age token has not been worked out');
    expect(presentSecrets(cluster)).toEqual([]);
    await requireSecrets(sources, cluster);
    expect(tokenOf(cluster)).toBe(VALUE);
    expect(presentSecrets(cluster)).toEqual([VALUE]);
    expect(JSON.stringify(cluster)).not.toContain('t0ken');
  });

  it('is decrypted once, whatever becomes of its file', async () => {
    const { sources, cluster, directory } = await withToken('{ age: token }');
    await resolveSecrets(sources, cluster.secrets);
    writeFileSync(join(directory, 'secrets/token.age'), 'gone');
    await resolveSecrets(sources, cluster.secrets);
    expect(tokenOf(cluster)).toBe(VALUE);
  });

  it('is told with what to do where it is missing, is for others, or the key is none', async () => {
    expect(await saidOf(await withToken('{ age: nothing }'))).toMatchObject([
      {
        what: expect.stringMatching(
          /^the secret age nothing is missing: there is no .*secrets\/nothing\.age$/,
        ),
        where: { line: 3 },
        next: [{ words: ['secrets', 'set', 'nothing'] }],
      },
    ]);
    expect(await saidOf(await withToken('{ age: token }', { recipient: BOB.recipient }))).toMatchObject([
      { what: 'this was not encrypted for your key' },
    ]);
    expect(await saidOf(await withToken('{ age: token }', { mode: 0o644 }))).toMatchObject([
      { what: 'others can read the private key (mode 0644)' },
    ]);
  });

  it.each(['xq7zv', 'of several\nlines in it'])(
    'is refused where its mask would tell it: %j',
    async (value) => {
      const problems = await saidOf(await withToken('{ age: token }', { value }));
      expect(problems).toMatchObject([{ kind: 'weak-secret', where: { line: 3 } }]);
      expect(JSON.stringify(problems)).not.toContain(value.slice(0, 5));
    },
  );
});

describe('a secret of a vault', () => {
  it('is what its command prints, which sees no shell and runs beside the inventory', async () => {
    const { sources, cluster, directory } = await withToken(`{ exec: [cat, secrets/plain] }`);
    writeFileSync(join(directory, 'secrets/plain'), 'made-up $HOME; "x"\n');
    await requireSecrets(sources, cluster);
    expect(tokenOf(cluster)).toBe('made-up $HOME; "x"');
    const there = await withToken('{ exec: [cat, secrets/token.age] }');
    expect(await saidOf(there)).toMatchObject([{ what: expect.stringContaining('has several lines') }]);
  });

  it('is asked for only where it is used, and known to be masked from then on', async () => {
    const made = await withToken('{ exec: [sh, -c, "echo x >>asked; echo made-up$((1))token"] }');
    const { sources, cluster, directory } = made;
    const asked = () => existsSync(join(directory, 'asked'));
    await requireSecrets(sources, cluster, ['ssh']);
    expect([asked(), presentSecrets(cluster)]).toEqual([false, []]);
    // Nor is one that fails a reason not to do what needs none.
    const failing = await withToken('{ exec: [sh, -c, "echo x >>asked; exit 1"] }');
    await requireSecrets(failing.sources, failing.cluster, ['artifacts', 'ssh']);
    expect(existsSync(join(failing.directory, 'asked'))).toBe(false);
    await requireSecrets(sources, cluster, ['api', 'ssh']);
    expect([asked(), presentSecrets(cluster)]).toEqual([true, ['made-up1token']]);
    rmSync(failing.directory, { recursive: true });
  });

  it('is asked for once, by however many keys', async () => {
    const { sources, directory } = await withToken(
      '{ exec: [sh, -c, "echo x >>asked; echo made-up$((1))token"] }',
    );
    const file = join(directory, 'f0494733.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(
        'user: root,',
        'user: root, password: { exec: [sh, -c, "echo x >>asked; echo made-up$((1))token"] },',
      ),
    );
    const cluster = chosenCluster(sources, undefined);
    await requireSecrets(sources, cluster);
    await requireSecrets(sources, cluster);
    expect(readFileSync(join(directory, 'asked'), 'utf8')).toBe('x\n');
  });

  it.each([
    ['exit 3', 'ended with exit code 3'],
    ['exit 0', 'printed nothing'],
    ['sleep 30 & sleep 30', 'did not end within 0.2 s'],
    ['kill -9 $$', 'was ended by SIGKILL'],
    ['yes made-up-secret', 'printed more than 64 KiB, which is no secret'],
  ])('is none where its command fails: %s', async (command, what) => {
    const argv = ['sh', '-c', command] as const;
    const found = await askVault(
      { argv, directory: '/' },
      { env: { PATH: process.env.PATH }, deadline: 0.2 },
    );
    expect(found).toMatchObject({ ok: false, error: { what: expect.stringContaining(what) } });
  });

  it('is none where there is no such command', async () => {
    const found = await askVault({ argv: ['no-such-vault'], directory: '/' }, { env: {}, deadline: 5 });
    expect(found).toMatchObject({ ok: false, error: { what: 'no-such-vault was not found' } });
  });

  it('is in no message of a command that fails after it has printed it', async () => {
    const command = 'echo made-up-token; echo "cannot: made-up-token is over" >&2; exit 1';
    const found = await askVault(
      { argv: ['sh', '-c', command.replaceAll('made-up', '$(echo made)-$(echo up)')], directory: '/' },
      { env: { PATH: process.env.PATH }, deadline: 5 },
    );
    expect(found).toMatchObject({ ok: false, error: { why: 'cannot: ******** is over' } });
  });
});
