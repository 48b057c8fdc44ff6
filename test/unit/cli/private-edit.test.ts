import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { editPrivately } from '../../../src/cli/private-edit.ts';
import { testContext } from './context.ts';

test('a text is edited in a file of its own that only its user can read, and nothing of it is left', async () => {
  let seen = '';
  const { context } = testContext(
    {},
    {
      edit: async (file) => {
        seen = file;
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
        expect(readFileSync(file, 'utf8')).toBe('made-up "s3cret" ü\n');
        writeFileSync(`${dirname(file)}/.token.swp`, 'made-up');
        writeFileSync(file, 'another $one\n');
        return 0;
      },
    },
  );
  const edited = await editPrivately('made-up "s3cret" ü\n', 'token', context.world);
  expect(edited.text).toBe('another $one\n');
  expect(existsSync(dirname(seen))).toBe(false);
});

test.each([
  [127, 'there is no such editor'],
  [1, 'the editor ended with exit code 1'],
])('where the editor ends with %i nothing is left either', async (status, what) => {
  let seen = '';
  const { context } = testContext(
    {},
    {
      edit: async (file) => {
        seen = file;
        return status;
      },
    },
  );
  await expect(editPrivately('made-up', 'token', context.world)).rejects.toThrow(what);
  expect(existsSync(dirname(seen))).toBe(false);
});

test('nothing is left where fcops is ended meanwhile, and Ctrl-C is for the editor', async () => {
  let seen = '';
  const { context, interrupt, exits } = testContext(
    {},
    {
      edit: async (file) => {
        seen = file;
        interrupt();
        expect(existsSync(file)).toBe(true);
        return 0;
      },
    },
  );
  await editPrivately('made-up', 'token', context.world);
  expect(exits).toEqual([]);
  expect(existsSync(dirname(seen))).toBe(false);
});
