import { posix } from 'node:path';
import { edit, shellHere } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { factsFile } from '../../inventory/saved-facts.ts';
import { nodeFiles } from '../node-files.ts';

/** Saved facts of hosts that a cluster file does not have; none where a mistake hides which it has. */
export const unusedFacts = ({ file, isKnown, checking: { hosts } }: ReadCluster): readonly Problem[] => {
  const isWhole = isKnown && hosts.every(({ host }) => host.name !== undefined);
  if (!isWhole) return [];
  const used = new Set(hosts.map(({ name }) => factsFile(file, name)));
  const directory = posix.dirname(factsFile(file, ''));
  return (nodeFiles.list(directory) ?? [])
    .filter((name) => name.endsWith('.json'))
    .map((name) => posix.join(directory, name))
    .filter((path) => !used.has(path))
    .map((path) => ({
      kind: 'inventory',
      what: `no host ${posix.basename(path, '.json')} is in ${file}: nobody needs its saved facts`,
      where: { file: path, line: 1 },
      next: [
        shellHere(`rm ${quote(path)}`, 'where the machine is gone'),
        edit('or name them after the host that it is now'),
      ],
    }));
};

const FACTS = '.facts';

/** Directories of saved facts whose cluster file is gone. */
export const strayFacts = (inventory: string): readonly Problem[] => {
  const names = nodeFiles.list(inventory) ?? [];
  return names
    .filter((name) => name.endsWith(FACTS))
    .map((name) => name.slice(0, -FACTS.length))
    .filter((miner) => !names.includes(`${miner}.yaml`) && !names.includes(`${miner}.yml`))
    .map((miner) => {
      const file = posix.join(inventory, `${miner}${FACTS}`);
      return {
        kind: 'inventory',
        what: `there is no cluster file ${miner}.yaml: nobody needs these saved facts`,
        where: { file },
        next: [shellHere(`rm -r ${quote(file)}`, 'where the cluster is gone')],
      };
    });
};
