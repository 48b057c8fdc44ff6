import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { RoleHosts } from '../role-work.ts';
import { roleHosts } from '../role-work.ts';
import type { Selection, Sources } from '../sources.ts';

/** The one miner host of a cluster. */
export interface MinerHost {
  readonly hosts: RoleHosts;
  readonly host: Host;
}

/** Finds it. Throws an FcopsError where there is none, or more than one. `what`: what is done on one host. */
export const theMinerHost = (sources: Sources, selection: Selection, what: string): MinerHost => {
  const hosts = roleHosts(sources, { role: 'miner', tags: ['config'], start: false, ...selection });
  const [host, second] = hosts.hosts;
  if (host && !second) return { hosts, host };
  throw new FcopsError({
    kind: 'usage',
    what: `${hosts.hosts.map(({ name }) => name).join(' and ') || 'no host'}: ${what}`,
    next: [edit('say which: --limit HOST')],
  });
};
