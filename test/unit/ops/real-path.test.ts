import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realPath } from '../../../src/ops/real-path.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'fcops-real-path-')));
  mkdirSync(join(root, 'there'));
  writeFileSync(join(root, 'there/file'), '');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('where a path leads to', () => {
  it.each([
    ['there/file', 'there/file'],
    ['there/gone/file', 'there/gone/file'],
    ['there/file/below', 'there/file/below'],
    ['link/file', 'there/file'],
    ['link/gone', 'there/gone'],
    ['dangling', 'gone/file'],
    ['dangling/below', 'gone/file/below'],
    ['to-dangling', 'gone/file'],
    ['circle', 'circle'],
    ['itself', 'itself'],
  ])('%s is %s', (path, real) => {
    symlinkSync('there', join(root, 'link'));
    symlinkSync('gone/file', join(root, 'dangling'));
    symlinkSync('link/../dangling', join(root, 'to-dangling'));
    symlinkSync('circle', join(root, 'circle'));
    symlinkSync('gone/../itself', join(root, 'itself'));
    expect(realPath(join(root, path))).toBe(join(root, real));
  });
});
