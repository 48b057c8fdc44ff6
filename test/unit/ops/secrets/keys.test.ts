import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../../src/ops/node-files.ts';
import { identityFile, readIdentities } from '../../../../src/ops/secrets/identities.ts';
import { readRecipients, shownRecipient, stanzaOf } from '../../../../src/ops/secrets/recipients.ts';
import { ALICE, BOB, temporaryFiles } from './support.ts';

describe('recipients', () => {
  it('have the name that stands above them', () => {
    const { recipients, problems } = readRecipients(
      'r.txt',
      `# those who may\n\n# alice@ops1\n${ALICE.recipient}\n${BOB.recipient}  \r\n`,
    );
    expect(problems).toEqual([]);
    expect(recipients).toEqual([
      { key: ALICE.recipient, name: 'alice@ops1', line: 4 },
      { key: BOB.recipient, name: null, line: 5 },
    ]);
    expect(recipients.map(shownRecipient)).toEqual(['alice@ops1 (age1l9fj27h3vp75…)', 'age1cvm8x0pr5jp8…']);
    expect(stanzaOf(ALICE.recipient)).toBe('X25519');
  });

  it.each([
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFs alice', 'SSH keys cannot be recipients'],
    [
      'age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t',
      'recipients of age plugins cannot be used',
    ],
    ['age1tooshort', 'this is no recipient of age'],
    ['alice', 'this is no recipient of age'],
    [ALICE.identity, 'this is a private key, and whoever reads this file can decrypt with it'],
  ])('that fcops cannot encrypt for are told with their line: %s', (line, what) => {
    const { problems } = readRecipients('r.txt', `${ALICE.recipient}\n\n${line}\n`);
    expect(problems).toMatchObject([{ what, where: { file: 'r.txt', line: 3 } }]);
    expect(JSON.stringify(problems)).not.toContain('AGE-SECRET-KEY-1Q');
  });

  it('stand there once', () => {
    const { problems } = readRecipients('r.txt', `${ALICE.recipient}\n${ALICE.recipient}\n`);
    expect(problems).toMatchObject([{ what: 'the same recipient as in line 1', where: { line: 2 } }]);
  });
});

describe('the private key', () => {
  const read = (text: string, mode = 0o600) => {
    const directory = temporaryFiles({ key: [text, mode] });
    return readIdentities(`${directory}/key`, nodeFiles);
  };

  it('is where it was said to be, else in the home directory', () => {
    const home = '/home/op';
    expect(identityFile({ env: {}, home })).toBe('/home/op/.config/fcops/age.key');
    expect(identityFile({ env: { XDG_CONFIG_HOME: '/c' }, home })).toBe('/c/fcops/age.key');
    expect(identityFile({ env: { FCOPS_AGE_IDENTITY: '/k' }, home })).toBe('/k');
    expect(identityFile({ env: { FCOPS_AGE_IDENTITY: '/k' }, home, identity: 'mine' })).toBe('mine');
  });

  it('is one of age, or several', () => {
    expect(read(`# alice\n${ALICE.identity}\n\n${BOB.identity}`)).toEqual({
      ok: true,
      value: [ALICE.identity, BOB.identity],
    });
  });

  it('is refused where others can read it', () => {
    expect(read(ALICE.identity, 0o640)).toMatchObject({
      ok: false,
      error: { what: 'others can read the private key (mode 0640)' },
    });
  });

  it.each([
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nmade-up', /SSH key/],
    ['-----BEGIN AGE ENCRYPTED FILE-----\nmade-up', /passphrase/],
    ['AGE-PLUGIN-YUBIKEY-1MADEUP', /plugin/],
    ['made-up', /begin with/],
  ])('is not quoted where it is none that can be used: %s', (text, why) => {
    const found = read(text);
    expect(found).toMatchObject({
      ok: false,
      error: { why: expect.stringMatching(why), where: { line: 1 } },
    });
    expect(JSON.stringify(found)).not.toMatch(/made-up|MADEUP/);
  });

  it('is missing, or is not in the file', () => {
    expect(readIdentities('/nowhere/age.key', nodeFiles)).toMatchObject({
      ok: false,
      error: { where: { file: '/nowhere/age.key' } },
    });
    expect(read('# nothing\n')).toMatchObject({ ok: false });
  });
});
