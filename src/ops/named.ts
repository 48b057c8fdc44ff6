import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Host } from '../inventory/cluster.ts';
import { findHost } from '../inventory/select.ts';
import { ROLE_NAMES } from '../roles/role-names.ts';
import type { RoleHosts, RoleRequest } from './role-work.ts';
import { roleHosts } from './role-work.ts';
import type { Sources } from './sources.ts';
import { chosenClusters } from './sources.ts';

/** Which hosts a command is about that takes a role or hosts. */
type About = Pick<RoleRequest, 'role' | 'miner' | 'limit'>;

/**
 * A role or `all`, as it is; or hosts by name or address: of one cluster, and together with what `--limit` says. What is
 * called like a role is one.
 */
export const namedHosts = (
  sources: Sources,
  words: readonly string[],
  { miner, limit }: Pick<About, 'miner' | 'limit'>,
): About => {
  const [first = '', ...others] = words;
  const isRole = (word: string) => word === 'all' || ROLE_NAMES.some((name) => name === word);
  if (others.length === 0 && isRole(first)) return { role: first, miner, limit };
  const clusters = chosenClusters(sources, miner);
  const beside = words.find(isRole);
  if (beside !== undefined)
    throw new FcopsError({
      kind: 'usage',
      what: `${beside} is a role, and other words stand beside it`,
      next: [edit('name the role alone, or hosts alone; --limit says which hosts of a role')],
    });
  const found = words.map((word) => findHost(clusters, word));
  const miners = new Set(found.map(({ cluster }) => cluster.miner));
  if (limit !== undefined || miners.size > 1)
    throw new FcopsError({
      kind: 'usage',
      what:
        limit !== undefined
          ? 'hosts are named, and --limit says which as well'
          : `these are hosts of ${[...miners].join(' and ')}`,
      next: [edit(limit !== undefined ? 'leave one of them out' : 'name those of one miner')],
    });
  const roles = new Set(found.flatMap(({ host }) => host.roles));
  const [role = 'all'] = roles;
  return {
    role: roles.size === 1 ? role : 'all',
    miner: [...miners][0],
    limit: found.map(({ host }) => host.name).join(','),
  };
};

/**
 * The one host that a word names, for a command that is about a single machine; `why` says so: `machines are recovered one
 * by one`.
 */
export const namedHost = (
  sources: Sources,
  word: string,
  miner: string | undefined,
  why: string,
): { readonly about: About; readonly hosts: RoleHosts; readonly host: Host } => {
  const about = namedHosts(sources, [word], { miner, limit: undefined });
  const hosts = roleHosts(sources, { ...about, tags: [], start: false });
  const [host, second] = hosts.hosts;
  if (host && !second) return { about, hosts, host };
  throw new FcopsError({
    kind: 'usage',
    what: `${word} is no single host: ${why}`,
    next: [edit(`name one of ${hosts.hosts.map(({ name }) => name).join(', ')}`)],
  });
};
