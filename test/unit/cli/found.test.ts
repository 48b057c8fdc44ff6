import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { foundHere } from '../../../src/cli/found.ts';
import { chosenClusters } from '../../../src/ops/sources.ts';
import { processesBy } from '../../../src/ops/status/status.ts';
import { ROLE_NAMES } from '../../../src/roles/role-names.ts';
import { repository } from '../inventory/support.ts';
import { testContext } from './context.ts';

const directory = `${repository}/inventories`;

it.each(readdirSync(directory).filter((file) => /^f0\d+\.yaml$/.test(file)))(
  '%s: a completion offers what the processes of each host are called, and nothing else',
  async (file) => {
    const inventory = `${directory}/${file}`;
    const { context } = testContext({}, { packageRoot: repository });
    const sources = { inventory, packageRoot: repository, env: {}, home: '/nonexistent' };
    const processesOf = await processesBy(sources, ROLE_NAMES);
    const typed = new Map([['--inventory', inventory]]);
    const { processes: offered } = foundHere(context.world);
    for (const cluster of chosenClusters(sources, undefined))
      for (const host of cluster.hosts) {
        const { processes } = processesOf({ cluster, host }, host.roles);
        const names = processes.flatMap(({ process: { name, group } }) => [name, group]);
        expect(offered(typed, [host.name]).toSorted(), host.name).toEqual([...new Set(names)].sort());
      }
  },
);
