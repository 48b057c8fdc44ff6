import { edit, fcopsCommand, shellHere } from '../../core/next.ts';
import { FcopsError, inShort, type Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import type { RoleHosts } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { Published } from './published-sums.ts';
import { publishedQuery, SUMS_FILE, sumsUrl } from './published-sums.ts';

/** A sum of an archive, with where it is from: whoever installs it may want to know whom to believe. */
export interface KnownSum {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly from: 'command line' | 'inventory' | 'server';
}

/** `SHA256SUMS of http://…`, for people. */
export const describeSource = ({ from }: KnownSum, cluster: Pick<Cluster, 'artifacts'>): string => {
  switch (from) {
    case 'command line':
      return '--sha256';
    case 'inventory':
      return 'artifacts.sha256 of the inventory';
    case 'server':
      return sumsUrl(cluster);
  }
};

/**
 * The sums of archives before any of them is downloaded: the given one, else those of the inventory, else what stands in
 * the list beside the archives. `ask` is called once, and only where somebody has to be asked.
 */
export const knownSums = async (
  cluster: Pick<Cluster, 'artifacts' | 'file'>,
  archives: readonly string[],
  { given, ask }: { readonly given?: string; readonly ask: () => Promise<Published> },
): Promise<Result<ReadonlyMap<string, KnownSum>, readonly Problem[]>> => {
  const names = [...new Set(archives)];
  if (given !== undefined) return givenSum(cluster, names, given);
  const ofInventory = (name: string) => cluster.artifacts.sha256[name];
  const published = names.every((name) => ofInventory(name) !== undefined) ? null : await ask();
  const found = names.map((name): Result<readonly [string, KnownSum], Problem> => {
    const own = ofInventory(name);
    if (own !== undefined) return ok([name, { sha256: own, from: 'inventory' }]);
    const sum = published?.type === 'sums' ? published.sums.get(name) : undefined;
    if (sum === undefined || sum === 'several') return err(noSum(cluster, name, published));
    return ok([name, { sha256: sum, from: 'server' }]);
  });
  const problems = found.flatMap((one) => (one.ok ? [] : [one.error]));
  if (problems.length > 0) return err(problems);
  return ok(new Map(found.flatMap((one) => (one.ok ? [one.value] : []))));
};

const givenSum = (
  { artifacts, file }: Pick<Cluster, 'artifacts' | 'file'>,
  [name = '', ...others]: readonly string[],
  given: string,
): Result<ReadonlyMap<string, KnownSum>, readonly Problem[]> => {
  const sha256 = given.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256))
    return err([
      {
        kind: 'usage',
        what: '--sha256 is no sha256: it has 64 hexadecimal digits',
        next: [shellHere(`sha256sum ${name}`, 'see it')],
      },
    ]);
  if (others.length > 0)
    return err([
      {
        kind: 'usage',
        what: `--sha256 is of one archive, and this takes ${others.length + 1}: ${[name, ...others].join(', ')}`,
        next: [edit('give their sums in artifacts.sha256 of the inventory')],
      },
    ]);
  const own = artifacts.sha256[name];
  if (own !== undefined && own !== sha256)
    return err([
      {
        kind: 'usage',
        what: `--sha256 is another sum of ${name} than artifacts.sha256 has`,
        where: { file },
        why: `${own} there`,
        next: [edit('correct the one that is wrong')],
      },
    ]);
  return ok(new Map([[name, { sha256, from: own === undefined ? 'command line' : 'inventory' }]]));
};

const noSum = (
  cluster: Pick<Cluster, 'artifacts' | 'file'>,
  name: string,
  published: Published | null,
): Problem => ({
  kind: 'inventory',
  what: `no sha256 of ${name} is known`,
  where: { file: cluster.file },
  why: `a program is installed only where its sum is known beforehand; ${whyNone(cluster, name, published)}`,
  next: [
    fcopsCommand(
      ['artifacts', 'hash', name, '--write'],
      'have it read from the server and written into this file',
    ),
    shellHere(
      `sha256sum ${name}`,
      `or add it under \`artifacts.sha256\`, or to ${SUMS_FILE} beside the archive, or give it as --sha256`,
    ),
  ],
});

const whyNone = (cluster: Pick<Cluster, 'artifacts'>, name: string, published: Published | null): string => {
  const url = sumsUrl(cluster);
  switch (published?.type) {
    case 'sums':
      return published.sums.has(name) ? `${url} has two sums of it that differ` : `${url} does not name it`;
    case 'none':
      return `the inventory has none, and there is no ${url}`;
    default:
      return `the inventory has none, and ${url} was not read: ${published?.why ?? 'nobody was asked'}`;
  }
};

/** How many hosts are asked, where one cannot be or has no way to the server. */
const ASKED = 3;

/** Has hosts ask the server for the list, the first of them first, until one knows. */
export const askForSums = async (
  request: Pick<RoleHosts, 'cluster' | 'reveal' | 'digest' | 'redact'>,
  hosts: readonly Host[],
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): Promise<Published> => {
  const { cluster, reveal, redact } = request;
  let last: Published = { type: 'unknown', why: 'there is no host to ask' };
  for (const host of hosts.slice(0, ASKED)) {
    if (deps.signal.aborted) return { type: 'unknown', why: 'stopped, as asked' };
    const session = sessionOf(targetOf(host), request, deps);
    try {
      last = await session.ask(publishedQuery(cluster, host, reveal, redact));
      if (last.type !== 'unknown') return last;
      last = { type: 'unknown', why: `${host.name}: ${last.why}` };
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      const [first] = error.problems;
      last = { type: 'unknown', why: `${host.name}: ${first ? inShort(first) : 'it could not be asked'}` };
    } finally {
      await session.close();
    }
  }
  return last;
};
