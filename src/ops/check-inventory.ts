import { shellHere } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { quote } from '../core/shell.ts';
import { areFit } from '../inventory/check-overrides.ts';
import { checkTogether } from '../inventory/check-together.ts';
import type { Cluster } from '../inventory/cluster.ts';
import { degradedProfile } from '../inventory/degraded.ts';
import { readInventory } from '../inventory/load.ts';
import type { ReadCluster } from '../inventory/read-cluster.ts';
import { hasLayout, layouts as solvers } from '../roles/roles.ts';
import { byFiles } from './by-files.ts';
import { nodeFiles } from './node-files.ts';
import { overProblem } from './overrides.ts';
import { inventorySources, isOneFile, type Sources, secretProblemsIn, theNamed } from './sources.ts';

/** What came of a check. */
export interface CheckedInventory {
  /** Those without any mistake. */
  readonly clusters: readonly Cluster[];
  readonly problems: readonly Problem[];
}

export interface CheckRequest {
  readonly miner?: string | undefined;
  /** Overrides that are over by then are mistakes. */
  readonly now: Date;
  /** Whether secrets and private keys have to be there. */
  readonly secrets: boolean;
}

/**
 * All that is wrong with the cluster files, of one miner or all, and with what they name: profiles and their layouts,
 * saved facts, secrets, private keys. Each check looks at what is right of a file, so that one mistake hides no other.
 * Of one miner, the files of others are read for what both name.
 */
export const checkInventory = async (
  sources: Sources,
  { miner, secrets, now }: CheckRequest,
): Promise<CheckedInventory> => {
  const from = inventorySources(sources);
  const name = theNamed(sources, miner);
  const { files, problems } = readInventory(from, name);
  // One after the other: a vault that both name is asked once.
  const ofSecrets = new Map<ReadCluster, readonly Problem[]>();
  if (secrets) for (const read of files) ofSecrets.set(read, await secretProblemsIn(read, sources));
  const found = files.flatMap((read): readonly Problem[] => [
    ...read.problems,
    ...(ofSecrets.get(read) ?? []),
    ...(secrets ? privateKeys(read, sources) : []),
    ...savedFacts(read),
    ...layouts(read),
    ...over(read, now),
  ]);
  const all = name === undefined || isOneFile(sources) ? files : readInventory(from).files;
  const together = checkTogether(all, name);
  return {
    clusters: files.flatMap(({ cluster }) => cluster ?? []),
    // Two clusters with one broken profile tell of it once.
    problems: [...new Set([...problems, ...found, ...together])].toSorted(
      byFiles(files.map(({ file }) => file)),
    ),
  };
};

/** What is wrong with files of saved facts. */
export const savedFacts = ({ checking, savedFactsOf }: ReadCluster): readonly Problem[] =>
  checking.hosts.flatMap(({ host: { name } }) =>
    name === undefined ? [] : (savedFactsOf(name).savedFactsProblem ?? []),
  );

/** Overrides whose day has passed. */
export const over = ({ checking }: ReadCluster, now: Date): readonly Problem[] =>
  checking.hosts.flatMap(({ index, name, host: { overrides } }) => {
    const overridesAt = checking.valuePlace(['hosts', index, 'overrides', 'until']);
    return (overrides && overProblem({ name, overrides, overridesAt }, now)) ?? [];
  });

/** Layouts that cannot be solved, each profile and role once. */
export const layouts = ({ file, checking }: ReadCluster): readonly Problem[] => {
  const { sectorSize } = checking.cluster;
  if (sectorSize === undefined) return [];
  const seen = new Set<string>();
  // Overrides that are no less than the profile are told already, and what comes of them says nothing more.
  const hosts = checking.hosts.filter((listed) => areFit(listed, checking));
  return hosts.flatMap(({ name, host, roles: own }) =>
    own.flatMap(({ role }): readonly Problem[] => {
      const stated = host.profile === undefined ? undefined : checking.profiles.get(host.profile);
      const profile = stated && degradedProfile(stated, sectorSize, host.overrides);
      const key = `${profile?.name} ${role} ${JSON.stringify(host.overrides)}`;
      // A profile without the role is told already.
      if (!profile || !hasLayout(role) || !solvers[role].isFor(profile) || seen.has(key)) return [];
      seen.add(key);
      try {
        solvers[role].solve(profile, sectorSize);
        return [];
      } catch (error) {
        if (!(error instanceof FcopsError)) throw error;
        return error.problems.map((problem) => ({
          ...problem,
          where: { file, host: name, ...problem.where },
        }));
      }
    }),
  );
};

/** Private keys that the file names and that are not there. Those with tokens of ssh_config (%h) are left to SSH. */
const privateKeys = ({ checking }: ReadCluster, { home }: Sources): readonly Problem[] => {
  const stated = [
    { host: '', path: checking.cluster.ssh?.privateKey, where: checking.valuePlace(['ssh', 'privateKey']) },
    ...checking.hosts.map(({ index, name, host }) => ({
      host: name,
      path: host.ssh?.privateKey,
      where: checking.valuePlace(['hosts', index, 'ssh', 'privateKey']),
    })),
  ];
  // Each once, where it is first named.
  const seen = new Set<string>();
  return stated.flatMap(({ host, path, where }): readonly Problem[] => {
    if (path === undefined || path.includes('%') || seen.has(path)) return [];
    seen.add(path);
    const file = path.replace(/^~(?=\/|$)/, home);
    const why = whyNot(file);
    if (why === undefined) return [];
    const next = [shellHere(`ssh-keygen -t ed25519 -f ${quote(file)}`, 'correct the path, or make a key')];
    const place = host === '' ? where : { ...where, host };
    return [{ kind: 'inventory', what: `the private key ${path} ${why}`, where: place, next }];
  });
};

const whyNot = (file: string): string | undefined => {
  try {
    return nodeFiles.mode(file) === undefined ? 'is missing' : undefined;
  } catch (error) {
    if (error instanceof FcopsError) return `cannot be read: ${error.problems[0]?.why ?? ''}`;
    throw error;
  }
};
