import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import { nodeFiles } from '../../../src/ops/node-files.ts';
import { readyHosts, roleWork } from '../../../src/ops/role-work.ts';

const root = join(import.meta.dirname, '../../..');
const GOOD = readFileSync(join(root, 'test/unit/inventory/cases/good/f0494733.yaml'), 'utf8');

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-ready-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

/** What keeps the P1 hosts of the cluster from being worked on. */
const said = async (text: string, env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> => {
  writeFileSync(join(directory, 'f0494733.yaml'), text);
  const sources = { inventory: directory, packageRoot: root, env, home: directory };
  try {
    await readyHosts(sources, { role: 'p1', tags: [], start: false });
    return [];
  } catch (error) {
    if (error instanceof FcopsError) return error.problems.map(({ what }) => what);
    throw error;
  }
};

const MISSING = 'the secret TOKEN is missing: the environment variable is not set';

test('secrets that are missing are told with the other mistakes of the file, each once', async () => {
  expect(await said(GOOD.replace('192.168.10.50', '192.168.10.500'))).toEqual([
    '`address` must be an IPv4 address, not "192.168.10.500"',
    MISSING,
  ]);
  expect(await said(GOOD)).toEqual([MISSING]);
  expect(await said(GOOD, { TOKEN: 'made-up-token' })).toEqual([]);
});

test('a slip on the command line is told alone', async () => {
  const sources = { inventory: directory, packageRoot: root, env: {}, home: directory };
  writeFileSync(join(directory, 'f0494733.yaml'), GOOD);
  await expect(readyHosts(sources, { role: 'p3', tags: [], start: false })).rejects.toThrow(
    /^"p3" is no role that can be deployed\n {2}next: .*$/,
  );
});

const P1 = { role: 'p1', tags: [], start: true, operation: 'start' } as const;

/** Own templates, with how often they were read. */
const ownTemplates = () => {
  const templates = join(directory, 'templates');
  mkdirSync(join(templates, 'p1'), { recursive: true });
  copyFileSync(join(root, 'templates/p1/profile.hbs'), join(templates, 'p1/profile.hbs'));
  writeFileSync(join(directory, 'f0494733.yaml'), GOOD);
  const reads = vi.spyOn(nodeFiles, 'read');
  return {
    sources: {
      inventory: directory,
      packageRoot: root,
      env: { TOKEN: 'made-up-token' },
      home: directory,
      templates,
    },
    reads: () => reads.mock.calls.filter(([file]) => file === `${templates}/p1/profile.hbs`).length,
  };
};

test('templates are read once, though processes are named, and before anything is asked', async () => {
  const { sources, reads } = ownTemplates();
  const request = { ...P1, processes: ['P1'] };
  const hosts = await readyHosts(sources, request);
  const work = await roleWork(hosts, request);
  expect(work.hosts.flatMap(work.processesOf).length).toBeGreaterThan(10);
  expect(reads()).toBe(1);
});

test('a process that no host runs is told before anybody looks for a secret', async () => {
  const { sources } = ownTemplates();
  const named = { ...P1, processes: ['P1-99'] };
  await expect(readyHosts({ ...sources, env: {} }, named)).rejects.toThrow(
    /^--process: none of these hosts runs "P1-99"\n {2}next: .*$/,
  );
});
