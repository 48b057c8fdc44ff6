import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codeOf, isMissing } from '../../../src/core/error-code.ts';
import { sources } from '../../support/layers.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test('a missing file is told from a part of the path that is no directory, and from anything else', () => {
  const missing = thrownBy(() => readFileSync('/nowhere/at/all'));
  const below = thrownBy(() => readFileSync(`${import.meta.filename}/x`));
  expect([codeOf(missing), isMissing(missing)]).toEqual(['ENOENT', true]);
  expect([codeOf(below), isMissing(below)]).toEqual(['ENOTDIR', false]);
  for (const other of [new Error('x'), 'ENOENT', null, { code: 'ENOENT' }])
    expect([codeOf(other), isMissing(other)]).toEqual([undefined, false]);
});

test('nobody else asks errors for their codes', () => {
  const asking = sources()
    .map(({ path }) => path)
    .filter((path) => readFileSync(`src/${path}`, 'utf8').includes("'code' in"));
  expect(asking).toEqual(['core/error-code.ts']);
});
