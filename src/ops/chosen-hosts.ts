import { edit, fcopsCommand } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { selectHosts } from '../inventory/select.ts';
import { ROLE_NAMES } from '../roles/role-names.ts';
import type { RoleHosts } from './role-work.ts';
import { roleHosts } from './role-work.ts';
import type { Selection, Sources } from './sources.ts';
import { chosenClusters, limitOf } from './sources.ts';

/**
 * The hosts that words name, as `--limit` has them: names, addresses, roles, patterns, `!` before what is left out;
 * of one cluster, which is found by them where none is named. `limit` keeps some of those. A single role is the role
 * that its hosts are taken for. Throws an FcopsError where nothing matches.
 */
export const chosenHosts = (
  sources: Sources,
  words: readonly string[],
  { miner, limit }: Selection,
): RoleHosts => {
  const pattern = limitOf(words.join(','));
  const [first = ''] = words;
  const role = words.length === 1 && ROLE_NAMES.some((name) => name === first) ? first : 'all';
  const hosts = asWords(() =>
    roleHosts(sources, {
      role,
      tags: [],
      start: false,
      miner: miner ?? minerOf(sources, pattern),
      ...(role === 'all' && { limit: pattern }),
    }),
  );
  if (limit === undefined) return hosts;
  const kept = new Set(selectHosts(hosts.cluster, { limit: limitOf(limit) }));
  const chosen = hosts.hosts.filter((host) => kept.has(host));
  if (chosen.length > 0) return { ...hosts, hosts: chosen };
  throw new FcopsError({
    kind: 'usage',
    what: `--limit ${limit} leaves none of ${words.join(' ')}`,
    where: { file: hosts.cluster.file },
    next: [fcopsCommand(['inventory', 'list', '--miner', hosts.cluster.miner])],
  });
};

/** The only cluster that has such hosts; undefined where that is for others to find out. */
const minerOf = (sources: Sources, pattern: string): string | undefined => {
  const clusters = chosenClusters(sources, undefined);
  if (clusters.length < 2) return undefined;
  const matching = clusters.filter((cluster) => {
    try {
      return selectHosts(cluster, { limit: pattern }).length > 0;
    } catch (error) {
      if (error instanceof FcopsError) return false;
      throw error;
    }
  });
  const [first, second] = matching;
  if (first && !second) return first.miner;
  const miners = clusters.map((cluster) => cluster.miner);
  throw new FcopsError({
    kind: 'usage',
    what: first
      ? `${pattern} matches hosts of ${matching.map(({ miner }) => miner).join(' and ')}`
      : `${pattern} matches no host of ${miners.join(' or ')}`,
    next: first
      ? [edit(`say which: ${matching.map(({ miner }) => `--miner ${miner}`).join(' or ')}`)]
      : [fcopsCommand(['inventory', 'list'], 'see their names')],
  });
};

/** The words stand by themselves here, and in no option. */
const asWords = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    throw new FcopsError(
      error.problems.map((problem) => ({ ...problem, what: problem.what.replace(/^--limit (?=\S)/, '') })),
      { cause: error },
    );
  }
};
