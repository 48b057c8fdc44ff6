import type { Cluster, Host, RoleName } from '../inventory/cluster.ts';

/** What a deploy calls a machine: `f0494733-p1-192-168-10-50` (handbook 3.2); one with several roles by its first. */
export const hostNameOf = (
  { miner }: Pick<Cluster, 'miner'>,
  { roles, listen }: Pick<Host, 'roles' | 'listen'>,
  role?: RoleName,
): string => [miner, roles[0] ?? role, ...listen.split('.')].join('-');
