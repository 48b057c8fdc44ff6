import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypted, encrypted, newIdentity, recipientsOf } from '../../../../src/ops/secrets/envelope.ts';
import { readHeader } from '../../../../src/ops/secrets/header.ts';
import { recipientTag } from '../../../../src/ops/secrets/recipients.ts';
import { ALICE, BOB, BY_AGE } from './support.ts';

const FILE = 'secrets/recipients.txt';
const recipient = (key: string, line = 1) => ({ key, name: null, line });
const forBoth = [recipient(ALICE.recipient), recipient(BOB.recipient, 2)];

const sealed = async (text: string, recipients = forBoth): Promise<string> => {
  const made = await encrypted(text, recipients, FILE);
  if (!made.ok) throw new Error(made.error.what);
  return made.value;
};
const opened = (text: string, identity: string) =>
  decrypted({ file: 'secrets/x.age', text }, [identity], 'age.key');

describe('an encrypted secret', () => {
  it('is opened by each of its recipients and gives every text as it was', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '\ufeffx', 'a\n', '\u0000', 'ä€𝄞'),
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(ALICE, BOB), async (text, { identity }) => {
        expect(await opened(await sealed(text), identity)).toEqual({ ok: true, value: text });
      }),
      { numRuns: 25 },
    );
  });

  it('is one that age understands, and the other way round', async () => {
    for (const { identity } of [ALICE, BOB])
      expect(await opened(BY_AGE, identity)).toEqual({ ok: true, value: 'made-up "s3cret" $x ä' });
    expect(readHeader(BY_AGE)).toEqual({ ok: true, value: { kinds: ['X25519', 'X25519'], tags: null } });
  });

  it('says for whom it is, in text that stands in no line of more than 64 characters', async () => {
    const text = await sealed('made-up-secret');
    expect(readHeader(text)).toEqual({
      ok: true,
      value: { kinds: ['X25519', 'X25519'], tags: [ALICE, BOB].map((one) => recipientTag(one.recipient)) },
    });
    expect(text.endsWith('-----END AGE ENCRYPTED FILE-----\n')).toBe(true);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(64);
    expect(text).not.toContain('made-up');
  });

  it('is for nobody else, and says so without what is in it', async () => {
    const other = await newIdentity();
    const found = await opened(await sealed('made-up-secret'), other.identity);
    expect(found).toMatchObject({ ok: false, error: { what: 'this was not encrypted for your key' } });
    expect(JSON.stringify(found)).not.toContain('made-up');
    expect(await recipientsOf([other.identity], 'age.key')).toEqual({ ok: true, value: [other.recipient] });
  });

  it('that was damaged or cut is told as such, wherever', async () => {
    const text = await sealed('made-up-secret');
    const at = text.length - 80;
    const other = text[at] === 'A' ? 'B' : 'A';
    for (const broken of [
      `${text.slice(0, at)}${other}${text.slice(at + 1)}`,
      text.slice(0, text.length / 2),
      '',
      'made-up-secret',
      text.replace(/\n/, '\n\n\n?'),
    ])
      expect(await opened(broken, ALICE.identity)).toMatchObject({
        ok: false,
        error: { kind: 'secret', next: [{ type: 'look' }, { words: ['secrets', 'set', 'x'] }] },
      });
  });

  it('is not made for a key that was copied wrongly, nor opened with one', async () => {
    const wrong = ALICE.recipient.replace(/d$/, 'q');
    expect(await encrypted('made-up-secret', [recipient(wrong, 7)], FILE)).toMatchObject({
      ok: false,
      error: { where: { file: FILE, line: 7 } },
    });
    const found = await opened(await sealed('made-up-secret'), ALICE.identity.replace(/Y$/, 'Q'));
    expect(found).toMatchObject({ ok: false, error: { where: { file: 'age.key' } } });
    expect(JSON.stringify(found)).not.toContain('AGE-SECRET');
  });
});

it('a header is read from anything, and proves nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      readHeader(text);
      readHeader(
        `-----BEGIN AGE ENCRYPTED FILE-----\n${Buffer.from(`age-encryption.org/v1\n${text}`).toString('base64')}\n-----END AGE ENCRYPTED FILE-----`,
      );
    }),
  );
});
