import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { execaSync } from 'execa';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseSecrets, supportArchive } from '../../../../src/ops/support/archive.ts';
import { had, lacks } from '../../../../src/ops/support/gathered.ts';
import { filesOfTar, tarOf } from '../../../../src/ops/support/tar.ts';

const SECRET = 'p@ss "w0rd"/+x';
const OF = { directory: 'support-p1', about: ['Support archive of p1.'], at: 1_764_446_400 };
const read = (bytes: Uint8Array) =>
  new Map(filesOfTar(gunzipSync(bytes)).map((file) => [file.name, Buffer.from(file.bytes).toString()]));

describe('tar', () => {
  it('is read by the tar of the system, with mode and owner', () => {
    const directory = mkdtempSync(join(tmpdir(), 'fcops-tar-'));
    try {
      const files = [
        { name: 'a/empty', bytes: Buffer.alloc(0) },
        { name: 'a/one', bytes: Buffer.from('1') },
        { name: 'a/block', bytes: Buffer.alloc(512, 'x') },
        { name: `a/${'n'.repeat(98)}`, bytes: Buffer.alloc(70_000, 'y') },
      ];
      writeFileSync(join(directory, 'a.tar'), tarOf(files, 1_764_446_400));
      execaSync('tar', ['-xf', 'a.tar'], { cwd: directory });
      for (const { name, bytes } of files) expect(readFileSync(join(directory, name))).toEqual(bytes);
      const { stdout } = execaSync('tar', ['-tvf', 'a.tar'], { cwd: directory, env: { TZ: 'UTC' } });
      expect(stdout).toMatch(/^-rw------- root\/root +0 2025-11-29 20:00 a\/empty$/m);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('gives back what it was made of, and takes no name that would leave its directory', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 1500 }), { maxLength: 5 }), (contents) => {
        const files = contents.map((bytes, index) => ({ name: `f${index}`, bytes: Buffer.from(bytes) }));
        expect(filesOfTar(tarOf(files, 1))).toEqual(files);
      }),
    );
    for (const name of ['/etc/passwd', '', 'n'.repeat(101), 'a\nb', 'ä'])
      expect(() => tarOf([{ name, bytes: Buffer.alloc(0) }], 1)).toThrow(RangeError);
    expect(() => filesOfTar(Buffer.alloc(512, 'x'))).toThrow(RangeError);
  });
});

describe('an archive', () => {
  it('has an index of what is there and of what is not', () => {
    const { bytes, files, missing } = supportArchive(
      [had('logs/P2.log', 'all\n'), lacks('plan', 'the host\ndid not answer')],
      [],
      OF,
    );
    const all = read(bytes);
    expect([...all.keys()]).toEqual(['support-p1/index.txt', 'support-p1/logs/P2.log']);
    expect(all.get('support-p1/index.txt')).toBe(
      'Support archive of p1.\n\nIn this archive:\n  logs/P2.log (4 bytes)\n\nNot in this archive:\n  plan: the host did not answer\n',
    );
    expect(files.map(({ name }) => name)).toEqual(['index.txt', 'logs/P2.log']);
    expect(missing).toEqual([{ name: 'plan', why: 'the host\ndid not answer' }]);
  });

  const forms: Readonly<Record<string, string>> = {
    'as it is': SECRET,
    'in JSON': JSON.stringify({ a: SECRET }),
    'in base64': Buffer.from(SECRET).toString('base64'),
    'in base64 with a user before': Buffer.from(`me:${SECRET}`).toString('base64'),
    'in base64 with more around': Buffer.from(`user7:${SECRET}!`).toString('base64url'),
    'in an address': `http://me:${encodeURIComponent(SECRET)}@mirror/`,
    'in an address in small letters': encodeURIComponent(SECRET).toLowerCase(),
    'in hexadecimal': Buffer.from(SECRET).toString('hex').toUpperCase(),
  };

  it.each(Object.entries(forms))('masks a secret %s', (_, form) => {
    const { bytes } = supportArchive([had('a.log', `x ${form} y\n`), lacks('b', form)], [SECRET], OF);
    const text = [...read(bytes).values()].join('\n');
    expect(text).toContain('********');
    expect(text).not.toContain(form);
  });

  it.each([
    ...Object.entries(forms),
    ['over two lines', `${SECRET.slice(0, 6)}\n${SECRET.slice(6)}`],
    [
      'in base64 over two lines',
      Buffer.from(`me:${SECRET}`)
        .toString('base64')
        .replace(/(.{9})/, '$1\n'),
    ],
  ])('is refused where one is left %s', (_, form) => {
    const bytes = gzipSync(tarOf([{ name: 'd/a.log', bytes: Buffer.from(`x ${form} y`) }], 1));
    expect(() => refuseSecrets(bytes, [SECRET])).toThrow(/^d\/a\.log: a secret would be in the archive/);
    expect(() => refuseSecrets(bytes, ['another secret'])).not.toThrow();
  });

  it('is refused for a secret in the name of a file, and for any secret in base64 of anything', () => {
    const bytes = gzipSync(tarOf([{ name: 'd/hunter22-hunter22', bytes: Buffer.alloc(0) }], 1));
    expect(() => refuseSecrets(bytes, ['hunter22-hunter22'])).toThrow();
    fc.assert(
      fc.property(
        fc.string({ minLength: 10, unit: 'binary-ascii' }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          if (secret.trim().length < 10) return;
          const text = Buffer.from(`${before}${secret.trim()}${after}`).toString('base64');
          const tar = gzipSync(tarOf([{ name: 'a', bytes: Buffer.from(text) }], 1));
          expect(() => refuseSecrets(tar, [secret])).toThrow();
        },
      ),
    );
  });
});
