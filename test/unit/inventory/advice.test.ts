import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { sayNext } from '../../../src/core/next.ts';
import { FcopsError, type Problem } from '../../../src/core/problem.ts';
import { loadCluster } from '../../../src/inventory/load.ts';
import { nodeFiles } from '../../../src/ops/node-files.ts';
import { memoryFiles, repository, shippedProfiles } from './support.ts';

const good = nodeFiles.read(`${repository}/test/unit/inventory/cases/good/f0494733.yaml`) ?? '';

/** What is said of the good file with other text at a path, in the line of that path. */
const said = (path: readonly (string | number)[], source: string): readonly Problem[] => {
  const document = parseDocument(good);
  document.setIn(path, 'REPLACED');
  const text = String(document).replace('REPLACED', () => source);
  const line = text.slice(0, String(document).indexOf('REPLACED')).split('\n').length;
  const files = memoryFiles({ 'inventories/f0494733.yaml': text });
  const sources = {
    inventoryDir: 'inventories',
    profiles: shippedProfiles,
    files,
    env: {},
    home: '/home/op',
  };
  try {
    loadCluster('f0494733', sources);
    return [];
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    const name = path.filter((key) => typeof key === 'string' && key !== 'hosts').join('.');
    return error.problems.filter(
      ({ what, where }) => where?.line === line && what.includes(`${name}\` must be`),
    );
  }
};

const PATHS = [
  ['miner'],
  ['api', 'address'],
  ['artifacts', 'url'],
  ['artifacts', 'sha256', 'lotus-worker-1.11.1-3079a405a.tar.gz'],
  ['versions', 'p1'],
  ['ssh', 'user'],
  ['ssh', 'port'],
  ['ssh', 'proxyJump'],
  ['variables', 'timezone'],
  ['variables', 'minKernel'],
  ['variables', 'gpuDriver'],
  ['variables', 'raidMinGiB'],
  ['hosts', 1, 'name'],
  ['hosts', 1, 'address'],
  ['hosts', 1, 'profile'],
];
const SOURCES = [
  '0494733',
  '494733',
  '7',
  '1.10',
  '15490e24',
  '+8',
  'true',
  '"22"',
  '"192.168.10.10:22"',
  'v4.15',
];

describe('advice for a wrong value', () => {
  const advised = PATHS.flatMap((path) =>
    SOURCES.flatMap((source) =>
      said(path, source).flatMap(({ next = [] }) => {
        const [, quoted, plain] =
          /^(?:quote it: (".*")|write (\S+)(?: without quotes)?)$/.exec(sayNext(next)) ?? [];
        const advice = quoted ?? plain;
        return advice === undefined ? [] : [{ key: path.join('.'), path, source, advice }];
      }),
    ),
  );

  it('is given for many', () => {
    expect(advised.length).toBeGreaterThan(30);
  });

  it.each(advised)('$key: $source → $advice is right when it is followed', ({ path, source, advice }) => {
    expect(parse(advice)).not.toEqual(parse(source));
    expect(said(path, source)).not.toEqual([]);
    expect(said(path, advice)).toEqual([]);
  });
});
