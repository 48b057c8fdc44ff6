import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Cluster } from '../../../src/inventory/cluster.ts';
import type { Files } from '../../../src/inventory/files.ts';
import { loadCluster } from '../../../src/inventory/load.ts';
import { loadProfiles } from '../../../src/inventory/profiles.ts';
import { nodeFiles } from '../../../src/ops/node-files.ts';

export const repository = join(import.meta.dirname, '../../..');
export const shippedProfiles = loadProfiles(join(repository, 'profiles'), nodeFiles);

/** Files that exist only here: path → content, all with mode 0600. */
export const memoryFiles = (content: Readonly<Record<string, string>>): Files => ({
  list: (directory) =>
    Object.keys(content).flatMap((path) =>
      path.startsWith(`${directory}/`) ? [path.slice(directory.length + 1)] : [],
    ),
  read: (file) => content[file],
  mode: (file) => (content[file] === undefined ? undefined : 0o600),
});

/** A small cluster file as data, to be changed by a test. */
export const clusterFile = (change: object = {}): object => ({
  ...parse(nodeFiles.read(join(import.meta.dirname, 'cases/good/f0494733.yaml')) ?? ''),
  ...change,
});

/** The cluster that such data means; `files` stand beside it. */
export const clusterOf = (
  file: object,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Cluster =>
  loadCluster('f0494733', {
    inventoryDir: 'inventories',
    profiles: shippedProfiles,
    files: memoryFiles({ ...files, 'inventories/f0494733.yaml': stringify(file) }),
    env,
    home: '/home/op',
  });
