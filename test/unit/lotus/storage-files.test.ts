import { expect, it } from 'vitest';
import { readSectorStore, readStorageJson } from '../../../src/lotus/storage-files.ts';

it('storage.json lists paths, twice where one was attached twice', () => {
  const text =
    '{\n  "StoragePaths": [\n    {\n      "Path": "/ceph"\n    },\n    {\n      "Path": "/ceph"\n    }\n  ]\n}';
  expect(readStorageJson(text)).toEqual({ type: 'understood', value: ['/ceph', '/ceph'] });
  expect(readStorageJson('{\n  "StoragePaths": null\n}')).toEqual({ type: 'understood', value: [] });
});

it('sectorstore.json describes a path', () => {
  const store = { ID: '7b6a1c1e', Weight: 10, CanSeal: true, CanStore: false, MaxStorage: 0 };
  const value = { id: '7b6a1c1e', weight: 10, seals: true, stores: false, maxStorage: 0 };
  expect(readSectorStore(JSON.stringify(store))).toEqual({ type: 'understood', value });
});

it.each(['', '{', '{}', 'null', '{"StoragePaths": [{}]}', '{"StoragePaths": [{"Path": "x"}]}'])(
  '%j is neither',
  (text) => {
    expect(readStorageJson(text)).toMatchObject({ type: 'not understood' });
    expect(readSectorStore(text)).toMatchObject({ type: 'not understood' });
  },
);
