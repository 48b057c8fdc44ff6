import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';

let cache: string;
const directory = () => join(cache, 'fcops/compiled');
const help = (...words: string[]) =>
  execa(inject('fcops'), ['help', ...words], { env: { XDG_CACHE_HOME: cache }, reject: false });
const kept = async () => {
  const [name = ''] = await readdir(directory());
  return join(directory(), name);
};

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'fcops-cache-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

it('is written by the first run, for nobody else to change, and left as it is by the second', async () => {
  const first = await help('plan');
  expect(await readdir(directory())).toEqual([
    expect.stringMatching(`^help-[0-9a-f]{16}-node-${process.version}-${process.arch}$`),
  ]);
  const [about, file] = [await stat(directory()), await stat(await kept())];
  expect([about.mode & 0o777, file.mode & 0o777]).toEqual([0o700, 0o600]);
  const second = await help('plan');
  expect(second.stdout).toBe(first.stdout);
  expect(await stat(await kept())).toMatchObject({ ino: file.ino, mtimeMs: file.mtimeMs });
});

it.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 70_000)],
  ['damaged', (bytes: Buffer) => bytes.map((byte, index) => (index === 50_000 ? byte ^ 1 : byte))],
  ['empty', () => Buffer.alloc(0)],
])('is not used and written anew where it is %s', async (_, spoilt) => {
  const { stdout } = await help('plan');
  const whole = await readFile(await kept());
  await writeFile(await kept(), spoilt(whole));
  expect(await help('plan')).toMatchObject({ stdout, stderr: '', exitCode: 0 });
  const anew = await readFile(await kept());
  expect(anew.length).toBeGreaterThan(whole.length / 2);
  expect(anew.equals(spoilt(whole))).toBe(false);
});

it('is neither read nor written where others can write', async () => {
  await mkdir(directory(), { recursive: true });
  await chmod(directory(), 0o777);
  expect(await help('plan')).toMatchObject({ stderr: '', exitCode: 0 });
  expect(await readdir(directory())).toEqual([]);
});

it('is not kept of a command that failed, nor where there is no place for it', async () => {
  expect(await help('paln')).toMatchObject({ exitCode: 1 });
  await expect(readdir(directory())).rejects.toThrow('ENOENT');
  await writeFile(join(cache, 'fcops'), 'a file where the directory should be');
  expect(await help('plan')).toMatchObject({ stderr: '', exitCode: 0 });
});

it('is kept forty times at the most: the oldest go', async () => {
  await mkdir(directory(), { recursive: true, mode: 0o700 });
  const names = Array.from({ length: 45 }, (_, index) => `plan-${index}`);
  for (const [index, name] of names.entries()) {
    await writeFile(join(directory(), name), 'code');
    const written = new Date(Date.now() - (index + 1) * 60_000);
    await utimes(join(directory(), name), written, written);
  }
  await help('plan');
  const left = await readdir(directory());
  expect(left).toHaveLength(40);
  expect(left).toEqual(expect.arrayContaining([expect.stringMatching(/^help-/), ...names.slice(0, 39)]));
});

it('asks the loader of modules for nothing, which code that was compiled before may not', async () => {
  const program = await readFile(join(dirname(inject('fcops')), 'program.cjs'), 'utf8');
  expect(program.match(/\bimport\(["'`]node:[^)]*\)/g)).toBeNull();
});

it('is left out where the home cannot be looked at, or is no path', async () => {
  await writeFile(join(cache, 'file'), '');
  for (const home of [join(cache, 'file/below'), 'relative/cache'])
    expect(
      await execa(inject('fcops'), ['help', 'plan'], { env: { XDG_CACHE_HOME: home, HOME: '/nonexistent' } }),
    ).toMatchObject({ stderr: '', exitCode: 0 });
});

it('is made of ASCII, as which the program is read', async () => {
  const program = await readFile(inject('fcops').replace(/fcops\.js$/, 'program.cjs'));
  expect(program.length).toBeGreaterThan(1_000_000);
  expect(program.findIndex((byte) => byte > 127)).toBe(-1);
});
