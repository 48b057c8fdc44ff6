import type { Next } from '../core/next.ts';
import { edit, fcopsCommand } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { closest } from '../core/suggest.ts';
import type { Cluster, Host, RoleName } from './cluster.ts';

/** Which hosts of a cluster a command is for. */
export interface Selection {
  readonly role?: RoleName;
  /**
   * As Ansible's --limit: names, addresses or roles with commas between; `*`, `?` and `[abc]`; ranges
   * `p1-[50:53]`; `!x` leaves hosts out; `&x` keeps only hosts that x matches too; `all`.
   */
  readonly limit?: string;
}

/** A number range `[08:12]` (width as in Ansible: leading zeros count) as a test of the digits found. */
interface RangeTest {
  readonly first: number;
  readonly last: number;
  readonly width: number;
}

interface Pattern {
  readonly text: string;
  readonly matches: (text: string) => boolean;
}

const TOKEN = /\[(\d+):(\d+)\]|\[(!?)([^\]:]+)\]|[*?]|[^*?[]+|\[/g;

const expressionOf = (text: string, source: string): RegExp => {
  try {
    return new RegExp(`^${source}$`);
  } catch {
    throw new FcopsError({
      kind: 'usage',
      what: `--limit ${text}: the letters in [ ] are not a range`,
      next: [edit('write [a-c] or [50:53]')],
    });
  }
};

/** A bracket without its other half, or nothing that makes sense between two: a slip of the keyboard. */
const checkBrackets = (text: string): void => {
  const inside = [...text.matchAll(/\[([^[\]]*)\]/g)].map(([, between = '']) => between);
  const rest = text.replace(/\[[^[\]]*\]/g, '');
  const odd = inside.find((between) => !/^\d+:\d+$|^!?[^:!]+$/.test(between));
  if (!/[[\]]/.test(rest) && odd === undefined) return;
  const what = odd === undefined ? 'a bracket has no other half' : `[${odd}] is neither a range nor letters`;
  const [, from, to] = /\[(\d+):(\d+)$/.exec(text) ?? [];
  const meant = from === undefined ? undefined : text.replace(/\[\d+:\d+$/, `[${from}:${to}]`);
  throw new FcopsError({
    kind: 'usage',
    what: `--limit ${text}: ${what}`,
    next: [
      edit(
        meant === undefined
          ? "write a range as 'p1-[50:53]', letters as '[a-c]'"
          : `did you mean '${meant}'?`,
      ),
    ],
  });
};

/** One pattern as a test of names, addresses and roles. Ranges are tested, not expanded: any size is cheap. */
export const compilePattern = (text: string): Pattern => {
  checkBrackets(text);
  const ranges: RangeTest[] = [];
  const source = [...text.matchAll(TOKEN)].map(([token, first, last, not, letters]) => {
    if (first !== undefined && last !== undefined) {
      const width = first.startsWith('0') ? first.length : 0;
      ranges.push({ first: Number(first), last: Number(last), width });
      return '(\\d+)';
    }
    if (letters !== undefined) return `[${not ? '^' : ''}${letters.replace(/[\\^]/g, '\\$&')}]`;
    if (token === '*') return '.*';
    if (token === '?') return '.';
    return token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  const expression = expressionOf(text, source.join(''));
  const within = (digits: string, { first, last, width }: RangeTest): boolean =>
    Number(digits) >= first &&
    Number(digits) <= last &&
    (width > 0 ? digits.length === Math.max(width, String(Number(digits)).length) : !/^0\d/.test(digits));
  return {
    text,
    matches: (candidate) => {
      if (text === 'all') return true;
      const found = expression.exec(candidate);
      return found !== null && ranges.every((range, index) => within(found[index + 1] ?? '', range));
    },
  };
};

/** A host by name or address; by role only where no host is named like the role. */
const matchingHosts = (pattern: Pattern, hosts: readonly Host[]): readonly Host[] => {
  const named = hosts.filter(({ name, address }) => pattern.matches(name) || pattern.matches(address));
  return named.length > 0 ? named : hosts.filter(({ roles }) => roles.some((role) => role === pattern.text));
};

const terms = (limit: string): readonly string[] =>
  limit
    .split(/[,\s]+/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

const nothingMatches = (term: string, { miner, hosts, file }: Cluster): FcopsError => {
  const near = closest(
    term.replace(/^[!&]/, ''),
    hosts.flatMap(({ name, address }) => [name, address]),
  );
  return new FcopsError({
    kind: 'usage',
    what: `--limit ${term} matches no host of ${miner}`,
    where: { file },
    next: [nextFor(term, near)],
  });
};

const nextFor = (term: string, near: string | undefined): Next => {
  const [, first, last] = /\[(\d+):(\d+)\]/.exec(term) ?? [];
  if (first !== undefined && Number(first) > Number(last))
    return edit(`the range counts down: write [${last}:${first}]`);
  const colons = colonAdvice(term);
  if (colons !== undefined) return edit(colons);
  return near === undefined ? fcopsCommand(['inventory', 'list']) : edit(`did you mean "${near}"?`);
};

/** Ansible once took colons between patterns; in `[50:53]` they stay. */
const colonAdvice = (term: string): string | undefined => {
  const parts = term.split(/:(?![^[]*\])/).filter((part) => part !== '');
  return parts.length > 1 ? `separate patterns with commas: ${parts.join(',')}` : undefined;
};

const limited = (cluster: Cluster, limit: string): ReadonlySet<Host> => {
  // Often a shell variable that is not set: taking it for "all" would be the worst guess.
  if (terms(limit).length === 0)
    throw new FcopsError({
      kind: 'usage',
      what: '--limit is empty',
      next: [edit('leave it out for all hosts')],
    });
  const byTerm = terms(limit).map((term) => {
    const sign = /^[!&]/.exec(term)?.[0] ?? '';
    const found = matchingHosts(compilePattern(term.slice(sign.length)), cluster.hosts);
    if (found.length === 0) throw nothingMatches(term, cluster);
    return { sign, found: new Set(found) };
  });
  const of = (sign: string) => byTerm.filter((term) => term.sign === sign).map(({ found }) => found);
  const included = of('');
  return new Set(
    cluster.hosts.filter(
      (host) =>
        (included.length === 0 || included.some((found) => found.has(host))) &&
        of('&').every((found) => found.has(host)) &&
        !of('!').some((found) => found.has(host)),
    ),
  );
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

/** One host by its name or address, in whichever cluster it is. */
export const findHost = (
  clusters: readonly Cluster[],
  name: string,
): { readonly cluster: Cluster; readonly host: Host } => {
  const all = clusters.flatMap((cluster) => cluster.hosts.map((host) => ({ cluster, host })));
  const found = all.filter(({ host }) => host.name === name || host.address === name);
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
    all.flatMap(({ host }) => [host.name, host.address]),
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
    pattern === null ? [] : matchingHosts(pattern, hosts).map(({ name }) => name),
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
