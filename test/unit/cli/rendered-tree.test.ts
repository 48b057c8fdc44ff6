import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTree } from '../../../src/cli/rendered-tree.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-render-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const tree = (text: string) => [
  {
    host: 'p1-50',
    files: [
      { path: '/opt/worker/start.sh', text, mode: '0755' },
      { path: '/opt/worker/profile', text: 'token\n', mode: '0600' },
    ],
  },
];

describe('writeTree', () => {
  it('writes the files of each host with their modes, and nothing else', async () => {
    const out = join(directory, 'out');
    await writeTree(out, tree('run\n'));
    expect(readFileSync(`${out}/p1-50/opt/worker/start.sh`, 'utf8')).toBe('run\n');
    expect(statSync(`${out}/p1-50/opt/worker/start.sh`).mode & 0o7777).toBe(0o755);
    expect(statSync(`${out}/p1-50/opt/worker/profile`).mode & 0o7777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('replaces what it made before, whole', async () => {
    const out = join(directory, 'out');
    await writeTree(out, tree('old\n'));
    writeFileSync(`${out}/p1-50/left-over`, '');
    await writeTree(out, tree('new\n'));
    expect(readFileSync(`${out}/p1-50/opt/worker/start.sh`, 'utf8')).toBe('new\n');
    expect(readdirSync(`${out}/p1-50`)).toEqual(['opt']);
  });

  it('takes an empty directory', async () => {
    await writeTree(directory, tree('run\n'));
    expect(readdirSync(directory)).toContain('p1-50');
  });

  it('leaves alone what others made', async () => {
    mkdirSync(join(directory, 'precious'));
    await expect(writeTree(directory, tree('run\n'))).rejects.toThrow('was not made by fcops render');
    const file = join(directory, 'file');
    writeFileSync(file, 'precious');
    await expect(writeTree(file, tree('run\n'))).rejects.toThrow('was not made by fcops render');
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(readdirSync(directory).toSorted()).toEqual(['file', 'precious']);
  });

  it('says why it cannot write, and leaves nothing', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(writeTree(join(file, 'out'), tree('run\n'))).rejects.toThrow(/cannot be (read|written)/);
    expect(readdirSync(directory)).toEqual(['file']);
  });
});
