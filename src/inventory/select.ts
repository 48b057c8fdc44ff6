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

/** A cluster with those of its hosts that are meant, in the order of the file. */
export interface Selected {
  readonly cluster: Cluster;
  readonly hosts: readonly Host[];
}

/** The names of the groups that a cluster has, in order. */
export const groupNames = ({ hosts }: Pick<Cluster, 'hosts'>): readonly string[] =>
  [...new Set(hosts.flatMap(({ groups }) => groups))].sort();

/** The hosts of a term of `--limit`. */
const hostsOf = ({ pattern }: Term, { hosts }: Cluster, find: HostFinder<Host>): readonly Host[] => {
  if (!pattern.startsWith(GROUP)) return find(compilePattern(pattern));
  const { matches } = compilePattern(pattern.slice(GROUP.length));
  return hosts.filter(({ groups }) => groups.some(matches));
};

const noHost = (term: Term, clusters: readonly Cluster[]): FcopsError => {
  const { text, pattern } = term;
  if (pattern.startsWith(GROUP)) return noGroup(text, pattern.slice(GROUP.length), clusters);
  return nothingMatches(text, clusters);
};

const noGroup = (term: string, name: string, clusters: readonly Cluster[]): FcopsError => {
  const names = clusters.flatMap(groupNames);
  const place = fileOf(clusters);
  const advice =
    names.length > 0
      ? didYouMean(name, names)
      : `${place.where ? 'the file has' : 'the files have'} no \`groups\``;
  return new FcopsError({
    kind: 'usage',
    what: place.where
      ? `--limit ${term}: ${minersOf(clusters)} has no group ${name}`
      : `--limit ${term}: there is no group ${name} in ${minersOf(clusters)}`,
    ...place,
    next: [edit(colonAdvice(term) ?? advice)],
  });
};

const nothingMatches = (term: string, clusters: readonly Cluster[]): FcopsError => {
  const word = term.replace(/^[!&]/, '');
  const host = closest(
    word,
    clusters.flatMap(({ hosts }) => hosts.flatMap(namesOf)),
  );
  const group = closest(word, clusters.flatMap(groupNames));
  const near = host ?? (group === undefined ? undefined : `${GROUP}${group}`);
  return new FcopsError({
    kind: 'usage',
    what: `--limit ${term} matches no host of ${minersOf(clusters)}`,
    ...fileOf(clusters),
    next: [nextFor(term, near)],
  });
};

/** The file of all of them; of several files none is the place of a mistake. */
const fileOf = (clusters: readonly Cluster[]): { readonly where?: { readonly file: string } } => {
  const [file, another] = new Set(clusters.map((cluster) => cluster.file));
  return file === undefined || another !== undefined ? {} : { where: { file } };
};

/** Hosts that an advice names. */
const MOST_NAMED = 12;

const someOf = (names: readonly string[], between = ', '): string =>
  names.length > MOST_NAMED
    ? `${names.slice(0, MOST_NAMED).join(between)} … (${names.length} in all)`
    : names.join(between);

/** Miners that a message names one by one. */
const MOST_MINERS = 4;

const minersOf = (clusters: readonly Cluster[]): string => {
  const miners = [...new Set(clusters.map(({ miner }) => miner))];
  return miners.length > MOST_MINERS ? `${miners.length} clusters` : miners.join(' or ');
};

const nextFor = (term: string, near: string | undefined): Next => {
  const advice = rangeAdvice(term) ?? colonAdvice(term);
  if (advice !== undefined) return edit(advice);
  return near === undefined ? fcopsCommand(['inventory', 'list']) : edit(`did you mean "${near}"?`);
};

const limited = (clusters: readonly Cluster[], limit: string): ReadonlySet<Host> => {
  const terms = termsIn(limit);
  // Often a shell variable that is not set: taking it for "all" would be the worst guess.
  if (terms.length === 0)
    throw new FcopsError({
      kind: 'usage',
      what: '--limit is empty',
      next: [edit('leave it out for all hosts')],
    });
  const ofEach = clusters.map((cluster) => {
    const find = hostFinder(cluster.hosts);
    return { cluster, terms: terms.map((term) => ({ ...term, found: hostsOf(term, cluster, find) })) };
  });
  for (const [index, term] of terms.entries())
    if (ofEach.every((one) => one.terms[index]?.found.length === 0)) throw noHost(term, clusters);
  return new Set(ofEach.flatMap((one) => chosenBy(one.cluster.hosts, one.terms)));
};

/**
 * The hosts that a command is for, in the order of the file. Throws where a pattern matches nothing, where
 * nobody has the role, or where nothing is left.
 */
export const selectHosts = (cluster: Cluster, selection: Selection): readonly Host[] =>
  selectAmong([cluster], selection).flatMap(({ hosts }) => hosts);

/**
 * The same of several clusters: those that have such hosts, with them. A pattern may match in one of them alone; one that
 * matches in none is a mistake.
 */
export const selectAmong = (
  clusters: readonly Cluster[],
  { role, limit }: Selection,
): readonly Selected[] => {
  const ofRole = kept(
    clusters.map((cluster) => ({ cluster, hosts: cluster.hosts })),
    ({ roles }) => role === undefined || roles.includes(role),
  );
  if (ofRole.length === 0 && clusters.length > 0)
    throw new FcopsError({
      kind: 'usage',
      what: `no host of ${minersOf(clusters)} has the role ${role}`,
      ...fileOf(clusters),
      next: [edit(`add ${role} to the roles of a host`)],
    });
  if (limit === undefined || ofRole.length === 0) return ofRole;
  const allowed = limited(clusters, limit);
  const selected = kept(ofRole, (host) => allowed.has(host));
  if (selected.length > 0) return selected;
  const names = someOf([...allowed].map(({ name }) => name));
  const rest = ofRole.flatMap(({ hosts }) => hosts.map(({ name }) => name));
  throw new FcopsError({
    kind: 'usage',
    what: `--limit ${limit} leaves no host${role === undefined ? '' : ` with the role ${role}`} of ${minersOf(clusters)}`,
    ...fileOf(clusters),
    why: names === '' ? 'everything that matches is left out again' : `it matches ${names}`,
    next: [edit(`${role ?? (clusters.length > 1 ? 'the inventory' : 'the cluster')} has: ${someOf(rest)}`)],
  });
};

/** What is left of each with the hosts that pass; those with none are left out. */
const kept = (selected: readonly Selected[], passes: (host: Host) => boolean): readonly Selected[] =>
  selected.flatMap(({ cluster, hosts }) => {
    const left = hosts.filter(passes);
    return left.length === 0 ? [] : [{ cluster, hosts: left }];
  });

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
  if (isOnlyRole(name, clusters))
    throw roleIsNoHost(name, fcopsCommand(['inventory', 'list', '--limit', name], 'its hosts'));
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

/** Whether a word is a role that hosts have, and no host is called so. */
export const isOnlyRole = (word: string, clusters: readonly Cluster[]): boolean => {
  const hosts = clusters.flatMap((cluster) => cluster.hosts);
  return (
    hosts.some(({ roles }) => roles.some((role) => role === word)) &&
    !hosts.some((host) => namesOf(host).includes(word))
  );
};

/** Such a word stands where a host is to be named; `next`: what takes the hosts of a role. */
export const roleIsNoHost = (role: string, next: Next): FcopsError =>
  new FcopsError({ kind: 'usage', what: `${role} is a role, and no host is called so`, next: [next] });

/** Hosts are named one by one where a mistake would hit others. */
const noPattern = (text: string, clusters: readonly Cluster[]): FcopsError => {
  const pattern = /^[!&]/.test(text) ? null : compilePattern(text);
  const names = clusters.flatMap(({ hosts }) =>
    pattern === null ? [] : hostFinder(hosts)(pattern).map(({ name }) => name),
  );
  return new FcopsError({
    kind: 'usage',
    what: `${text} is a pattern, and hosts are named by themselves here`,
    next: [
      names.length === 0 ? fcopsCommand(['inventory', 'list']) : edit(`it matches: ${someOf(names, ' ')}`),
    ],
  });
};
