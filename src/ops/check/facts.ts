import { posix } from 'node:path';
import { edit, shellHere } from '../../core/next.ts';
import { FcopsError, type Problem } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { quote } from '../../core/shell.ts';
import { isClusterFile } from '../../inventory/cluster-file-name.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { factsDirectory, factsFile } from '../../inventory/saved-facts.ts';
import { isDirectory } from '../is-directory.ts';
import { nodeFiles } from '../node-files.ts';
import { type Finding, findings } from './finding.ts';

/** Saved facts of hosts that a cluster file does not have; none where a mistake hides which it has. */
export const unusedFacts = ({ file, isKnown, checking: { hosts } }: ReadCluster): readonly Finding[] => {
  const isWhole = isKnown && hosts.every(({ host }) => host.name !== undefined);
  if (!isWhole) return [];
  const used = new Set(hosts.map(({ name }) => factsFile(file, name)));
  const directory = factsDirectory(file);
  const names = listed(directory);
  if (!names.ok) return findings('facts-file', names.error);
  const unused = names.value
    .filter((name) => name.endsWith('.json'))
    .map((name) => posix.join(directory, name))
    .filter((path) => !used.has(path));
  return findings(
    'facts-unused',
    unused.map((path) => ({
      kind: 'inventory',
      what: `no host ${posix.basename(path, '.json')} is in ${file}: nobody needs its saved facts`,
      where: { file: path, line: 1 },
      next: [
        shellHere(`rm ${quote(path)}`, 'where the machine is gone'),
        edit('or name them after the host that it is now'),
      ],
    })),
  );
};

const listed = (directory: string): Result<readonly string[], readonly Problem[]> => {
  try {
    return ok(nodeFiles.list(directory) ?? []);
  } catch (error) {
    if (error instanceof FcopsError) return err(error.problems);
    throw error;
  }
};

/** Directories of saved facts whose cluster file is gone. */
export const strayFacts = (inventory: string): readonly Finding[] => {
  const names = nodeFiles.list(inventory) ?? [];
  const own = new Set(names.filter(isClusterFile).map(factsDirectory));
  const stray = names.filter((name) => /.\.facts$/.test(name) && !own.has(name));
  return findings(
    'facts-unused',
    stray
      .map((name) => posix.join(inventory, name))
      .filter(isDirectory)
      .map((directory) => ({
        kind: 'inventory',
        what: `there is no cluster file ${posix.basename(directory, '.facts')}.yaml: nobody needs these saved facts`,
        where: { file: directory },
        next: [shellHere(`rm -r ${quote(directory)}`, 'where the cluster is gone')],
      })),
  );
};
