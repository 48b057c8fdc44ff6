import type { Next } from '../core/next.ts';
import { edit, fcopsCommand } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { closest, didYouMean } from '../core/suggest.ts';
import type { Cluster, Host, RoleName } from './cluster.ts';
import type { HostFinder, Term } from './host-pattern.ts';
import {
  chosenBy,
  colonAdvice,
  compilePattern,
  GROUP,
  hostFinder,
  namesOf,
  rangeAdvice,
  termsIn,
} from './host-pattern.ts';

/** Which hosts of a cluster a command is for. */
export interface Selection {
  readonly role?: RoleName;
  /**
   * As Ansible's --limit: names, addresses or roles with commas between; `*`, `?` and `[abc]`; ranges
   * `p1-[50:53]`; `group:rack-a`; `!x` leaves hosts out; `&x` keeps only hosts that x matches too; `all`.
   */
  readonly limit?: string;
}

/** The names of the groups that a cluster has, in order. */
export const groupNames = ({ hosts }: Pick<Cluster, 'hosts'>): readonly string[] =>
  [...new Set(hosts.flatMap(({ groups }) => groups))].sort();

/** The hosts of a term of `--limit`. Throws where there are none. */
const hostsOf = ({ text, pattern }: Term, find: HostFinder<Host>, cluster: Cluster): readonly Host[] => {
  if (!pattern.startsWith(GROUP)) {
    const found = find(compilePattern(pattern));
    if (found.length === 0) throw nothingMatches(text, cluster);
    return found;
  }
  const name = pattern.slice(GROUP.length);
  const { matches } = compilePattern(name);
  const found = cluster.hosts.filter(({ groups }) => groups.some(matches));
  if (found.length === 0) throw noGroup(text, name, cluster);
  return found;
};

const noGroup = (term: string, name: string, cluster: Cluster): FcopsError => {
  const names = groupNames(cluster);
  const advice = names.length === 0 ? 'the file has no `groups`' : didYouMean(name, names);
  return new FcopsError({
    kind: 'usage',
    what: `--limit ${term}: ${cluster.miner} has no group ${name}`,
    where: { file: cluster.file },
    next: [edit(colonAdvice(term) ?? advice)],
  });
};

const nothingMatches = (term: string, cluster: Cluster): FcopsError => {
  const { miner, hosts, file } = cluster;
  const word = term.replace(/^[!&]/, '');
  const host = closest(word, hosts.flatMap(namesOf));
  const group = closest(word, groupNames(cluster));
  const near = host ?? (group === undefined ? undefined : `${GROUP}${group}`);
  return new FcopsError({
    kind: 'usage',
    what: `--limit ${term} matches no host of ${miner}`,
    where: { file },
    next: [nextFor(term, near)],
  });
};

const nextFor = (term: string, near: string | undefined): Next => {
  const advice = rangeAdvice(term) ?? colonAdvice(term);
  if (advice !== undefined) return edit(advice);
  return near === undefined ? fcopsCommand(['inventory', 'list']) : edit(`did you mean "${near}"?`);
};

const limited = (cluster: Cluster, limit: string): ReadonlySet<Host> => {
  const terms = termsIn(limit);
  // Often a shell variable that is not set: taking it for "all" would be the worst guess.
  if (terms.length === 0)
    throw new FcopsError({
      kind: 'usage',
      what: '--limit is empty',
      next: [edit('leave it out for all hosts')],
    });
  const find = hostFinder(cluster.hosts);
  const found = terms.map((term) => ({ ...term, found: hostsOf(term, find, cluster) }));
  return new Set(chosenBy(cluster.hosts, found));
};

/**
 * The hosts that a command is for, in the order of the file. Throws where a pattern matches nothing, where
 * nobody has the role, or where nothing is left.
 */
export const selectHosts = (cluster: Cluster, { role, limit }: Selection): readonly Host[] => {
  const { miner, file } = cluster;
  const ofRole = cluster.hosts.filter(({ roles }) => role === undefined || roles.includes(role));
  if (ofRole.length === 0)
    throw new FcopsError({
      kind: 'usage',
      what: `no host of ${miner} has the role ${role}`,
      where: { file },
      next: [edit(`add ${role} to the roles of a host`)],
    });
  if (limit === undefined) return ofRole;
  const allowed = limited(cluster, limit);
  const selected = ofRole.filter((host) => allowed.has(host));
  if (selected.length > 0) return selected;
  const names = [...allowed].map(({ name }) => name).join(', ');
  throw new FcopsError({
    kind: 'usage',
    what: `--limit ${limit} leaves no host${role === undefined ? '' : ` with the role ${role}`} of ${miner}`,
    where: { file },
    why: names === '' ? 'everything that matches is left out again' : `it matches ${names}`,
    next: [edit(`${role ?? 'the cluster'} has: ${ofRole.map(({ name }) => name).join(', ')}`)],
  });
};

/** One host by its name or one of its addresses, in whichever cluster it is. */
export const findHost = (
  clusters: readonly Cluster[],
  name: string,
): { readonly cluster: Cluster; readonly host: Host } => {
  const all = clusters.flatMap((cluster) => cluster.hosts.map((host) => ({ cluster, host })));
  const found = all.filter(({ host }) => namesOf(host).includes(name));
  const [first, second] = found;
  if (first && !second) return first;
  if (first)
    throw new FcopsError({
      kind: 'usage',
      what: `${name} is a host of ${found.map(({ cluster }) => cluster.miner).join(' and ')}`,
      next: [edit(`say which: ${found.map(({ cluster }) => `--miner ${cluster.miner}`).join(' or ')}`)],
    });
  if (/[*?[\]!&]/.test(name)) throw noPattern(name, clusters);
  const near = closest(
    name,
    all.flatMap(({ host }) => namesOf(host)),
  );
  throw new FcopsError({
    kind: 'usage',
    what: `there is no host ${name}`,
    next: [near === undefined ? fcopsCommand(['inventory', 'list']) : edit(`did you mean "${near}"?`)],
  });
};

/** Hosts that an advice names. */
const MOST_NAMED = 12;

/** Hosts are named one by one where a mistake would hit others. */
const noPattern = (text: string, clusters: readonly Cluster[]): FcopsError => {
  const pattern = /^[!&]/.test(text) ? null : compilePattern(text);
  const names = clusters.flatMap(({ hosts }) =>
    pattern === null ? [] : hostFinder(hosts)(pattern).map(({ name }) => name),
  );
  const shown = names.slice(0, MOST_NAMED).join(' ');
  return new FcopsError({
    kind: 'usage',
    what: `${text} is a pattern, and hosts are named by themselves here`,
    next: [
      names.length === 0
        ? fcopsCommand(['inventory', 'list'])
        : edit(`it matches: ${shown}${names.length > MOST_NAMED ? ` … (${names.length} in all)` : ''}`),
    ],
  });
};
