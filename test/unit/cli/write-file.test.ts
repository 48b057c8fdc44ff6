import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileProblem, withFile } from '../../../src/cli/file-problem.ts';
import { replaceFile } from '../../../src/cli/write-file.ts';
import { edit, shellHere } from '../../../src/core/next.ts';
import { FcopsError } from '../../../src/core/problem.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-write-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const refusal = async (path: string) => {
  const error = await replaceFile(path, 'x').catch((thrown: unknown) => thrown);
  if (!(error instanceof FcopsError)) throw error;
  return error.problems[0];
};

describe('replaceFile', () => {
  it('writes the file whole, with its mode, and leaves nothing else', async () => {
    const file = join(directory, 'a');
    writeFileSync(file, 'old');
    await replaceFile(file, 'new', { mode: 0o600 });
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new', 0o600]);
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it('makes a directory only where that is asked for', async () => {
    const file = join(directory, 'missing/a');
    expect(await refusal(file)).toMatchObject({
      what: 'there is no such directory, so no file is written into it',
      next: [shellHere(`mkdir -p ${join(directory, 'missing')}`)],
    });
    expect(existsSync(join(directory, 'missing'))).toBe(false);
    await replaceFile(file, 'x', { makeDirectory: true });
    expect(readFileSync(file, 'utf8')).toBe('x');
  });

  it('says in words what is wrong with a path', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(await refusal(join(file, 'below'))).toMatchObject({
      what: 'the file cannot be written',
      why: 'a part of the path is a file, not a directory',
    });
    expect(await refusal(directory)).toMatchObject({
      what: 'this is a directory',
      next: [edit(`name a file in it: ${directory}/NAME`)],
    });
    expect(await refusal(join(directory, 'x'.repeat(300)))).toMatchObject({ why: 'the name is too long' });
  });

  it('says where to look when it is not allowed', async () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', path: '/srv/a' });
    expect(fileProblem(denied)).toEqual({
      kind: 'file',
      what: 'permission denied',
      where: { file: '/srv/a' },
      next: [shellHere('ls -ld /srv /srv/a', 'see whose it is')],
    });
    const thrown = await withFile('/srv/a b', 'the file cannot be written', () =>
      Promise.reject(denied),
    ).catch((error: unknown) => error);
    expect(thrown instanceof FcopsError && thrown.problems[0]).toEqual({
      kind: 'file',
      what: 'the file cannot be written',
      where: { file: '/srv/a b' },
      why: 'permission denied',
      next: [shellHere("ls -ld /srv '/srv/a b'", 'see whose it is')],
    });
  });
});
