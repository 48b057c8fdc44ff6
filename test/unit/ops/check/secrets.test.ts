import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { checkFiles } from '../../../../src/ops/check/check.ts';
import { repository } from '../../inventory/support.ts';
import { ALICE, BOB, BY_AGE } from '../secrets/support.ts';
import { directoryOf, GOOD, OTHER, saidOf } from './support.ts';

const AGE = GOOD.replace('{ env: TOKEN }', '{ age: token }');
const kept = {
  'inventories/secrets/recipients.txt': `# alice\n${ALICE.recipient}\n# bob\n${BOB.recipient}\n`,
  'inventories/secrets/token.age': BY_AGE,
};

describe('secrets, without a private key', () => {
  it('that stand in the clear are told, once and as what they are', async () => {
    const clear = GOOD.replace('{ env: TOKEN }', 'made-up-token').concat(
      'variables: { environment: { MY_PASSWORD: made-up-password, RUST_LOG: info } }\n',
    );
    const files = {
      'inventories/f0494733.yaml': clear,
      'inventories/secrets/token': 'made-up-token\n',
      'templates/p1/start_p1.sh.hbs': `${readFileSync(join(repository, 'templates/p1/start_p1.sh.hbs'), 'utf8')}# ${ALICE.identity}\n`,
    };
    expect(await saidOf(files, { templates: true })).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:3:57: [secret-in-clear] error: a secret stands here in the clear, in the place of where it is kept",
        "inventories/f0494733.yaml:17:42: [secret-in-clear] error: the value of MY_PASSWORD stands here in the clear, and by its name it is a secret",
        "inventories/secrets/token:1: [secret-in-clear] error: this is not encrypted, and stands among secrets",
        "templates/p1/start_p1.sh.hbs:55: [secret-in-clear] error: a private key stands here in the clear",
      ]
    `);
  });

  it('that nobody names, that are nowhere, or that others are to decrypt', async () => {
    const files = {
      'inventories/f0494733.yaml': AGE.replace('age: token', 'age: nosuch'),
      ...kept,
      'inventories/secrets/recipients.txt': `# alice\n${ALICE.recipient}\n`,
    };
    expect(await saidOf(files)).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:3:57: [secret] error: the secret age nosuch is missing: there is no inventories/secrets/nosuch.age",
        "inventories/secrets/token.age:1: [secret-unused] warning: nobody names the secret token",
        "inventories/secrets/token.age:1: [secret-recipients] error: token is encrypted for 2, and inventories/secrets/recipients.txt has 1",
      ]
    `);
  });

  it('that cannot be looked at here are no findings', async () => {
    expect(await saidOf({ 'inventories/f0494733.yaml': AGE, ...kept })).toEqual([]);
    const exec = GOOD.replace('{ env: TOKEN }', '{ exec: [touch, /tmp/fcops-was-asked] }');
    expect(await saidOf({ 'inventories/f0494733.yaml': exec })).toEqual([]);
  });

  it('that are here are looked at: too short, in the clear elsewhere', async () => {
    const files = { 'inventories/f0494733.yaml': GOOD.concat('# the token is made-up-token\n') };
    expect(await saidOf(files, { env: { TOKEN: 'short' } })).toEqual([
      expect.stringContaining('[secret] error: the secret TOKEN is too short'),
    ]);
    expect(await saidOf(files, { env: { TOKEN: 'made-up-token' } })).toEqual([
      expect.stringMatching(
        /^inventories\/f0494733\.yaml:\d+: \[secret-in-clear\] error: the secret env TOKEN stands here/,
      ),
    ]);
  });

  it('in a file that others can read', async () => {
    const { directory, remove } = directoryOf({
      'inventories/f0494733.yaml': GOOD.replace('{ env: TOKEN }', '{ file: ../token }'),
      token: 'made-up-token\n',
    });
    try {
      const sources = {
        inventory: join(directory, 'inventories'),
        packageRoot: repository,
        env: { PATH: '/nonexistent' },
        home: directory,
      };
      const rules = async () =>
        (await checkFiles(sources, { now: new Date() })).findings.map(({ rule }) => rule);
      chmodSync(join(directory, 'token'), 0o644);
      expect(await rules()).toEqual(['secret', 'shell-unchecked']);
      chmodSync(join(directory, 'token'), 0o600);
      expect(await rules()).toEqual(['shell-unchecked']);
      writeFileSync(join(directory, 'token'), '');
      expect(await rules()).toEqual(['secret', 'shell-unchecked']);
    } finally {
      remove();
    }
  });

  it('in a file of which git does not tell whether it has it: a note', async () => {
    const named = GOOD.replace('{ env: TOKEN }', '{ file: ../token }');
    const files = { 'inventories/f0494733.yaml': named, '.git': 'gitdir: /nonexistent\n' };
    expect(await saidOf(files, { env: { PATH: process.env.PATH ?? '' } })).toEqual([
      expect.stringMatching(/\[secret-unchecked\] note: whether git has secret files of .* does not show$/),
    ]);
    expect(await saidOf(files)).toEqual([]);
  });

  it('in a file that git has in the clear: told of the clusters that name it, and of no other', async () => {
    const OF_TOKEN = /\[secret-in-clear\] error: the secret file .*\/token is in git in the clear$/;
    const named = (text: string) => text.replace('{ env: TOKEN }', '{ file: ../token }');
    const files = {
      ...{ 'inventories/f0494733.yaml': named(GOOD), 'inventories/f0730670.yaml': named(OTHER) },
      ...{ 'inventories/f01.yaml': GOOD.replaceAll('f0494733', 'f01').replaceAll('.10.', '.12.') },
      token: 'made-up-token\n',
    };
    const { directory, remove } = directoryOf(files);
    try {
      chmodSync(join(directory, 'token'), 0o600);
      await execa('git', ['init', '--quiet'], { cwd: directory });
      await execa('git', ['add', 'token'], { cwd: directory });
      const said = async (miner?: string) => {
        const sources = {
          ...{ inventory: join(directory, 'inventories'), packageRoot: repository, home: directory },
          env: { PATH: process.env.PATH },
        };
        return (await checkFiles(sources, { miner, now: new Date() })).findings.flatMap(
          ({ rule, severity, problem: { what, where } }) =>
            severity === 'error' ? [`${where?.file}:${where?.line}: [${rule}] ${severity}: ${what}`] : [],
        );
      };
      const at = (miner: string) =>
        expect.stringMatching(new RegExp(`/inventories/${miner}\\.yaml:3: ${OF_TOKEN.source}`));
      expect(await said()).toEqual([at('f0494733'), at('f0730670')]);
      expect(await said('f0494733')).toEqual([at('f0494733')]);
      expect(await said('f01')).toEqual([]);
    } finally {
      remove();
    }
  });

  it('of one cluster alone, where it is named', async () => {
    const clear = OTHER.replace('{ env: TOKEN }', 'made-up-token');
    const files = { 'inventories/f0494733.yaml': GOOD, 'inventories/f0730670.yaml': clear, ...kept };
    expect(await saidOf(files, { miner: 'f0494733' })).toEqual([]);
    expect(await saidOf(files, { miner: 'f0730670' })).toEqual([
      expect.stringContaining('[secret-in-clear] error: a secret stands here in the clear'),
    ]);
  });
});
