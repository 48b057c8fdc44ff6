import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceUnchanged, writeBack } from '../../../src/ops/inventory-file.ts';

const TEXT = `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: TOKEN } }
versions:
  c2: 1.1-a # 全部
artifacts: { url: http://artifacts.example.com, sha256: {} }
hosts:
  - { name: c2-1, address: 10.0.0.1, roles: [c2], profile: amd-7371 }
`;
const TO_B = { versions: new Map([['c2' as const, new Map([['c2-1', '1.2-b']])]]) };

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fcops-inventory-'));
  file = join(directory, 'f0494733.yaml');
  await writeFile(file, TEXT);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('writeBack', () => {
  it('writes the file anew with its mode and nothing beside it', async () => {
    await chmod(file, 0o640);
    const before = await stat(file);
    expect(await writeBack(file, TO_B)).toEqual({ ok: true, value: 'written' });
    expect(await readFile(file, 'utf8')).toBe(TEXT.replace('1.1-a', '1.2-b'));
    const { mode, uid, gid, ino } = await stat(file);
    expect([mode, uid, gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(ino).not.toBe(before.ino);
    expect(await readdir(directory)).toEqual(['f0494733.yaml']);
  });

  it('touches nothing where that is said already', async () => {
    await writeBack(file, TO_B);
    const { ino, mtimeMs } = await stat(file);
    expect(await writeBack(file, TO_B)).toEqual({ ok: true, value: 'same' });
    expect(await stat(file)).toMatchObject({ ino, mtimeMs });
  });

  it('replaces what a link leads to, and leaves the link', async () => {
    const link = join(directory, 'link.yaml');
    await symlink('f0494733.yaml', link);
    expect(await writeBack(link, TO_B)).toEqual({ ok: true, value: 'written' });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await lstat(file)).isSymbolicLink()).toBe(false);
    expect(await readFile(file, 'utf8')).toContain('1.2-b');
  });

  it('says what is wrong, and leaves the file', async () => {
    expect(await writeBack(join(directory, 'none.yaml'), TO_B)).toMatchObject({
      ok: false,
      error: [{ kind: 'file', why: 'there is no such file or directory' }],
    });
    const latin = Buffer.concat([Buffer.from(TEXT), Buffer.from([0x23, 0xe9, 0x0a])]);
    await writeFile(file, latin);
    expect(await writeBack(file, TO_B)).toMatchObject({
      ok: false,
      error: [{ what: 'the versions were not written: the file is not all text in UTF-8' }],
    });
    expect((await readFile(file)).equals(latin)).toBe(true);
    expect(await readdir(directory)).toEqual(['f0494733.yaml']);
  });
});

describe('replaceUnchanged', () => {
  it('leaves a file that somebody else has changed since it was read', async () => {
    const before = await readFile(file);
    await writeFile(file, `${TEXT}# theirs\n`);
    expect(await replaceUnchanged(file, before, 'ours')).toBe(false);
    expect(await readFile(file, 'utf8')).toBe(`${TEXT}# theirs\n`);
    expect(await readdir(directory)).toEqual(['f0494733.yaml']);
  });
});
